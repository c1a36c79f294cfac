"""The application as servers and the `flask` command find it."""

import gc

from helpdesk import create_app
from helpdesk.settings.reading import from_environment

app = create_app(from_environment())

# All of it stays to the end. Passed over by the collector, it is not copied into each process that
# the web server forks, and a process ends at once.
gc.freeze()
