"""Before a page is made: settings that were changed elsewhere are looked for, now and then."""

from flask import Flask, request

from helpdesk.services import overlay
from helpdesk.views.guard import NO_SESSION


def register(app: Flask) -> None:
    app.before_request(_look)


def _look() -> None:
    """Never for a file, nor for the probes, which must answer without a database."""
    if request.endpoint not in NO_SESSION:
        overlay.refresh_if_due()
