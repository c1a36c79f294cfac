"""The brake is for what the calendar does by itself, not for what people have reported."""

from datetime import date

from helpdesk.services.sweep import brake
from workflows.deadlines import Due

DAY = date(2026, 11, 26)


def test_a_departure_that_was_reported_waits_for_no_manager() -> None:
    assert not brake.changes([Due("depart", DAY), Due("take_leave", DAY), Due("remind", DAY)])
    assert brake.changes([Due("depart", DAY), Due("expire", DAY)])
