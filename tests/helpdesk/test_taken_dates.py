"""A wrong reading was typed into the request: staff read it right, and the request follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.models.event import history
from helpdesk.models.reading import How
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets, worksheets
from helpdesk.services.facts import people_of, today
from helpdesk.transaction import transaction
from tests import factories
from tests.support.reviews import LEVEL, to_review
from workflows.dates import months_after
from workflows.engine import Refused
from workflows.registry import ticket_type
from workflows.taken_dates import TAKE_DATES
from workflows.training import STANDARD, Purpose, completed

COURSES = STANDARD.required(LEVEL, Purpose.YEARLY)
PRIVACY = COURSES[0]


def read() -> date:
    return today() - timedelta(days=30)


def meant() -> date:
    return today() - timedelta(days=90)


def misread(cast: factories.Cast) -> tuple[Ticket, int]:
    """All dates were typed as a program had read them."""
    ticket, document_id = to_review(cast)
    with transaction() as session:
        days = {course.name: read().isoformat() for course in COURSES}
        session.get_one(Ticket, ticket.id).fields = {"courses": days}
    return fresh(ticket), document_id


def fresh(ticket: Ticket) -> Ticket:
    return db.session.get_one(Ticket, ticket.id, populate_existing=True)


def until(ticket: Ticket, cast: factories.Cast) -> date:
    kind, people = ticket_type(ticket.type), people_of(db.session(), ticket)
    assert kind.until is not None
    return kind.until(tickets.attempt_at(db.session(), ticket, people, cast.sam).facts)


def correct(document_id: int, cast: factories.Cast) -> None:
    worksheets.correct(document_id, "course1.day", f"{meant():%m/%d/%Y}", cast.sam)


def test_the_request_follows_the_worksheet_and_so_does_its_expiry(cast: factories.Cast) -> None:
    ticket, document_id = misread(cast)
    assert until(ticket, cast) == months_after(read(), 12)
    correct(document_id, cast)
    tickets.act(ticket.id, TAKE_DATES, cast.sam)
    ticket = fresh(ticket)
    assert completed(ticket.fields)[PRIVACY.name] == meant()
    assert completed(ticket.fields)[COURSES[1].name] == read()
    assert until(ticket, cast) == months_after(meant(), 12)
    assert ticket.entered_by_id is None
    last = history(db.session(), ticket.id)[-1]
    assert (last.trigger, last.actor_name) == (TAKE_DATES, cast.sam.name)
    assert last.data["dates"] == [
        {"course": PRIVACY.label, "from": read().isoformat(), "to": meant().isoformat()}
    ]


def test_who_read_it_so_does_not_approve_it_and_a_colleague_does(cast: factories.Cast) -> None:
    ticket, document_id = misread(cast)
    correct(document_id, cast)
    tickets.act(ticket.id, TAKE_DATES, cast.joan)
    with pytest.raises(Refused, match="as you read it on the worksheet"):
        tickets.act(ticket.id, "approve", cast.sam)
    assert tickets.act(ticket.id, "approve", cast.joan).state == "approved"


def test_each_who_read_one_of_the_dates_does_not_approve_it(cast: factories.Cast) -> None:
    ticket, document_id = misread(cast)
    for line, actor in ((1, cast.sam), (2, cast.joan)):
        worksheets.correct(document_id, f"course{line}.day", f"{meant():%m/%d/%Y}", actor)
    tickets.act(ticket.id, TAKE_DATES, cast.sam)
    for actor in (cast.sam, cast.joan):
        with pytest.raises(Refused, match="as you read it on the worksheet"):
            tickets.act(ticket.id, "approve", actor)


def test_what_the_program_read_is_no_word_of_who_takes_it_over(cast: factories.Cast) -> None:
    ticket, _document_id = misread(cast)
    with transaction() as session:
        days = {course.name: read().isoformat() for course in COURSES}
        typed = {"courses": days | {PRIVACY.name: meant().isoformat()}}
        session.get_one(Ticket, ticket.id).fields = typed
    tickets.act(ticket.id, TAKE_DATES, cast.sam, {"course": PRIVACY.name})
    assert tickets.act(ticket.id, "approve", cast.sam).state == "approved"


def test_where_they_agree_nothing_is_taken_over(cast: factories.Cast) -> None:
    ticket, _document_id = misread(cast)
    with pytest.raises(Refused, match="are those on the worksheet"):
        tickets.act(ticket.id, TAKE_DATES, cast.sam)


def test_who_reads_a_date_or_score_otherwise_does_not_approve_while_that_stands(
    cast: factories.Cast,
) -> None:
    ticket, document_id = misread(cast)
    worksheets.correct(document_id, "course1.score", "95", cast.sam)
    with pytest.raises(Refused, match="counts as you read it on the worksheet"):
        tickets.act(ticket.id, "approve", cast.sam)
    worksheets.correct(document_id, "course1.score", "92", cast.sam)
    assert tickets.act(ticket.id, "approve", cast.sam).state == "approved"


def test_a_colleague_approves_what_somebody_read_otherwise(cast: factories.Cast) -> None:
    ticket, document_id = misread(cast)
    worksheets.correct(document_id, "course1.score", "95", cast.sam)
    assert tickets.act(ticket.id, "approve", cast.joan).state == "approved"


def test_a_name_that_was_read_otherwise_bars_nobody(cast: factories.Cast) -> None:
    ticket, document_id = misread(cast)
    worksheets.correct(document_id, "admin.name", "Dana K. Price", cast.sam)
    assert tickets.act(ticket.id, "approve", cast.sam).state == "approved"


def test_nothing_is_read_otherwise_that_was_filled_in_on_a_page(cast: factories.Cast) -> None:
    _ticket, document_id = misread(cast)
    with transaction() as session:
        document = session.get_one(Document, document_id)
        assert document.reading is not None
        document.reading = replace(document.reading, how=How.WEB)
    with pytest.raises(Refused, match="filled in on a page of the desk"):
        correct(document_id, cast)
