"""The application as servers and the `flask` command find it."""

from helpdesk import create_app
from helpdesk.settings.reading import from_environment

app = create_app(from_environment())
