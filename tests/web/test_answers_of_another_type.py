"""A ticket whose answers are those of another type, as after a change of type, is shown whole."""

from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.filings import answers
from tests.web.conftest import Visit
from workflows.common import IN_REVIEW, WAITING
from workflows.guards import NEW_PASSWORD, RECERTIFY
from workflows.registry import ticket_types

NOTHING = ""
PAIRS = [
    (kind, other)
    for kind in ticket_types()
    for other in (*ticket_types(), NOTHING)
    if kind != other
]


def told(ticket: Ticket, fields: dict[str, Any]) -> Ticket:
    with transaction():
        db.session.get_one(Ticket, ticket.id).fields = fields
    return ticket


@pytest.mark.parametrize(("kind", "other"), PAIRS)
def test_it_is_shown_wherever_it_is_listed_or_opened(
    kind: str, other: str, cast: Cast, visit: Visit
) -> None:
    sam, dana = visit(cast.sam), visit(cast.admin)
    for state in (IN_REVIEW, WAITING):
        with transaction():
            ticket = told(factories.ticket(state, by=cast, type=kind), answers(other))
        form = f"/requests/new/{kind}?person={ticket.person_id}"
        assert ticket.number in sam.get("/queue").words
        for reader in (sam, dana):
            page = reader.get(f"/tickets/{ticket.id}")
            assert (page.status, ticket.number in page.title) == (200, True)
            exists = reader.get(form)
            assert (exists.status, "There is an open request" in exists.words) == (200, True)
        if state == IN_REVIEW:
            assert sam.get(f"/tickets/{ticket.id}/approve").status == 200


def test_a_second_form_is_held_against_the_answers_that_are_there(
    cast: Cast, visit: Visit
) -> None:
    person = factories.licensee(of=cast.agency)
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{NEW_PASSWORD}?person={person.id}")
    told(factories.ticket(by=cast, about=person), answers(RECERTIFY))
    form = page.form_with("happened")
    second = dana.send(page, form, happened="locked", vouched="y", note="Since Monday.")
    assert second.status == 409
    assert "What you wrote this time is different" in second.words
    assert "Since Monday." in second.words


def test_the_answer_can_tell_what_happened_where_nobody_did(cast: Cast, visit: Visit) -> None:
    with transaction():
        ticket = told(factories.ticket(WAITING, by=cast), answers(RECERTIFY))
    dana = visit(cast.admin)
    dana.fill(f"/tickets/{ticket.id}", "happened", message="Here it is.", happened="locked")
    db.session.refresh(ticket)
    assert ticket.state == IN_REVIEW
    assert ticket.fields == {**answers(RECERTIFY), "happened": "locked"}
    again = dana.get(f"/tickets/{ticket.id}")
    assert "The license is locked" in again.words


def test_the_answer_asks_nothing_that_is_told_already(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(WAITING, by=cast)
    page = visit(cast.admin).get(f"/tickets/{ticket.id}")
    assert "happened" not in page.form_with("message").fields
