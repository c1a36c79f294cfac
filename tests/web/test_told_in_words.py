"""Pages tell what a reader needs to know: to whom a ticket went, and what to check."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from workflows.common import IN_REVIEW, WAITING


def test_a_ticket_that_is_handed_over_tells_to_whom(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam, joan = visit(cast.sam), visit(cast.joan)
    stale = joan.get(f"/tickets/{ticket.id}")
    path = f"/tickets/{ticket.id}/hand_over"
    mine = sam.fill(path, "assignee", assignee=str(cast.joan.person_id))
    words = f"handed the ticket over to {cast.joan.name}"
    assert f"You {words}." in mine.words
    assert f"{cast.sam.name} {words}" in mine.words
    assert f"{cast.sam.name} {words}." in joan.get(f"/tickets/{ticket.id}?watch=1").text
    conflict = joan.send(stale, stale.form_with("message"), message="Which site?")
    assert f"{cast.sam.name} {words}" in conflict.words


def test_the_history_names_the_taker_when_somebody_else_has_it_by_now(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam = visit(cast.sam)
    for taker in (cast.joan, factories.staff()):
        sam.fill(f"/tickets/{ticket.id}/hand_over", assignee=str(taker.person_id))
        assert f"over to {cast.joan.name}" in sam.get(f"/tickets/{ticket.id}").words


@pytest.mark.parametrize("address", ["ruth@harbor.example", None])
def test_whoever_approves_sees_the_address_to_check_against(
    address: str | None, cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    with transaction() as session:
        person = session.get_one(Person, ticket.person_id)
        person.email = address
        name = person.name
    sam = visit(cast.sam)
    told = f"The address on file is {address}." if address else f"No email address of {name}"
    assert told in sam.get(f"/tickets/{ticket.id}/approve").words
    assert told not in sam.get(f"/tickets/{ticket.id}/reject").words
    assert told in sam.fill(f"/tickets/{ticket.id}/approve", identity_checked="").words
    assert told not in visit(cast.admin).get(f"/tickets/{ticket.id}/approve").words
    db.session.rollback()


def test_a_waiting_ticket_claims_no_end_that_nothing_brings_about(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(WAITING, by=cast)
    assert "closes" not in visit(cast.admin).get(f"/tickets/{ticket.id}").words
