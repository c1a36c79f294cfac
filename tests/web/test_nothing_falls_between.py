"""What somebody ticked, dated or asked is answered for: nothing of it is dropped in silence."""


import pytest

from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from helpdesk.services import sessions
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows import common
from workflows.guards import NEW_USER, RECERTIFY
from workflows.registry import ticket_type


def fresh(ticket: Ticket) -> Ticket:
    return db.session.get_one(Ticket, ticket.id, populate_existing=True)


def without_courses(ticket: Ticket) -> Ticket:
    """As a request that was converted from a type that asks for none."""
    with transaction() as session:
        row = session.get_one(Ticket, ticket.id)
        row.fields = {**row.fields, "courses": {}}
    return fresh(ticket)


@pytest.mark.parametrize("trigger", ["comment", "note"])
def test_documents_ticked_beside_other_words_are_not_dropped(
    trigger: str, cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=NEW_USER)
    sam = visit(cast.sam)
    page = sam.get(f"/tickets/{ticket.id}")
    typed = {"message": "Please sign it.", "papers": ticket_type(NEW_USER).papers[0]}
    values = page.form_with("message").values()
    answer = sam.post(f"/tickets/{ticket.id}/{trigger}", {**values, **typed})
    assert "with “Ask for more” they are asked for" in answer.words
    assert answer.form_with("message").values()["message"] == "Please sign it."
    assert fresh(ticket).version == ticket.version
    again = {**answer.form_with("message").values(), **typed}
    asked = sam.post(f"/tickets/{ticket.id}/ask_for_more", again)
    assert "You asked for more." in asked.words
    assert fresh(ticket).state == common.WAITING


def test_an_answer_brings_the_dates_that_are_missing_or_says_why_not(
    cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(common.WAITING, by=cast, type=RECERTIFY)
    without_courses(ticket)
    dana = visit(cast.admin)
    refused = dana.fill(f"/tickets/{ticket.id}", "message", message="Here it is.")
    assert "is required: say when it was completed" in refused.words
    assert fresh(ticket).state == common.WAITING
    form = refused.form_with("without")
    assert form.values()["message"] == "Here it is."
    dana.send(refused, form, without="y")
    assert fresh(ticket).state == common.IN_REVIEW


def test_until_when_a_license_will_be_good_is_not_said_before_it_can_be_told(
    cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=RECERTIFY)
    sam = visit(cast.sam)
    assert "It will be good until" in sam.get(f"/tickets/{ticket.id}").words
    without_courses(ticket)
    assert "It will be good until" not in sam.get(f"/tickets/{ticket.id}").words


def test_a_clients_number_is_not_taken(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    typed = "Her SSN is 123-45-6789."
    answer = visit(cast.admin).fill(f"/tickets/{ticket.id}", "message", message=typed)
    assert "looks like a Social Security number" in answer.words
    assert answer.form_with("message").values()["message"] == typed
    assert fresh(ticket).version == ticket.version


def test_the_summary_names_errors_in_the_order_of_the_page(cast: Cast, visit: Visit) -> None:
    page = visit(cast.admin).fill(f"/requests/new/{NEW_USER}", "first_name")
    first, course = page.text.index("Type the first name"), page.text.index("is required: say when")
    assert first < course


def test_an_agency_reads_at_once_why_its_request_was_rejected(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    factories.step(ticket, "reject", cast, code="unsigned", message="Please sign page two.")
    words = visit(cast.admin).get(f"/tickets/{ticket.id}").words
    assert "A document is not signed: “Please sign page two.”" in words


def test_an_action_that_failed_promises_no_day(cast: Cast, visit: Visit) -> None:
    ticket = factories.failed_ticket(cast)
    words = visit(cast.admin).get(f"/tickets/{ticket.id}").words
    assert "HAND met a problem with the account and is on it." in words
    assert "You will hear by" not in words


def test_a_request_without_a_note_shows_no_note(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    assert not fresh(ticket).fields.get("note")
    assert "Note None" not in visit(cast.sam).get(f"/tickets/{ticket.id}").words




def test_an_admins_home_begins_with_what_waits_for_them(cast: Cast, visit: Visit) -> None:
    waits = factories.ticket(common.WAITING, by=cast)
    newer = factories.ticket(common.IN_REVIEW, by=cast)
    words = visit(cast.admin).get("/").words
    assert words.index(waits.number) < words.index(newer.number)


def test_whoever_is_signed_out_reads_so_and_how_much_is_kept(cast: Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{NEW_USER}")
    with transaction() as session:
        sessions.end_all(session, cast.admin.person_id or 0)
    typed = {"first_name": "Nia", "last_name": "Brandt", "note": "Starts on Monday."}
    answer = dana.send(page, page.form_with("first_name"), **typed)
    assert answer.status == 403
    assert "You are signed out" in answer.words
    assert answer.form_with("note").values()["note"] == "Starts on Monday."
    assert "more answers, kept as given" in answer.words
