"""The demo data: there is something to see of everything that the desk does."""

import re

import pytest
from flask import Flask

from helpdesk import demo
from helpdesk.demo.cast import CAST
from helpdesk.extensions import settings
from helpdesk.services.sweep.of_licenses import LABELS

pytestmark = pytest.mark.usefixtures("app_context")


def test_the_first_dry_run_tells_something_of_each_kind(app: Flask) -> None:
    demo.fill()
    told = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
    assert told.exit_code == 0
    steps = {label for label in LABELS.values()
             if re.search(rf"^{label}: \d+$", told.output, re.MULTILINE)}  # fmt: skip
    assert steps == {
        "Remind of the expiry", "Expire", "Notice of no log-in", "Inactivate", "Report a leave",
        "Note the end of the leave", "Report a departure", "Note the missing log-in",
        "Warn of the deletion", "Propose to delete", "Move to another agency",
    }  # fmt: skip


def test_there_is_somebody_for_each_reminder(app: Flask) -> None:
    assert {someone.days for someone in CAST} >= set(settings().EXPIRY_REMINDERS)
