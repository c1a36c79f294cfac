"""Account actions in tests: a ticket that owes one, and what became of it."""

from helpdesk.extensions import db
from helpdesk.models.event import history, license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.factories import Cast
from workflows import common


def approve(cast: Cast) -> Ticket:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    return factories.step(ticket, "approve", cast)


def license_row(ticket: Ticket) -> License:
    row = license_of(db.session(), ticket.person_id)
    assert row is not None
    db.session.refresh(row)
    return row


def fresh(ticket: Ticket) -> Ticket:
    db.session.refresh(ticket)
    return ticket


def triggers(ticket: Ticket) -> list[str]:
    return [event.trigger for event in history(db.session(), ticket.id)]


def unlocks(ticket: Ticket) -> int:
    events = license_history(db.session(), license_row(ticket).id)
    return sum(event.trigger == "unlock" for event in events)
