"""HAND’s internal notes reach nobody else: on no page, in no conflict, watch or mail."""

import pytest

from tests import factories
from tests.helpdesk.owed import effects, mails_of
from tests.web.conftest import Visit
from workflows.common import COMPLETED, IN_REVIEW, WAITING

SECRET = "Sounded unsure; call the director first."


@pytest.fixture(params=[IN_REVIEW, WAITING, COMPLETED])
def noted(request: pytest.FixtureRequest, cast: factories.Cast, visit: Visit) -> int:
    """A ticket on which a note was written on its page, by Sam."""
    ticket = factories.ticket(request.param, by=cast)
    sam = visit(cast.sam)
    page = sam.get(f"/tickets/{ticket.id}")
    form = page.form_with("message")
    written = sam.post(f"/tickets/{ticket.id}/note", {**form.values(), "message": SECRET})
    assert SECRET in written.words
    return ticket.id


def test_colleagues_read_a_note_and_the_agency_does_not(
    noted: int, cast: factories.Cast, visit: Visit
) -> None:
    assert SECRET in visit(cast.joan).get(f"/tickets/{noted}").words
    dana = visit(cast.admin)
    for path in ("", "?watch=1", "/note", "/withdraw", "/answer", "/write", "?done=2", "?done=9"):
        page = dana.get(f"/tickets/{noted}{path}")
        assert "director" not in page.text, path
        assert "noted" not in page.words, path
    assert "director" not in dana.get("/").text


def test_no_mail_is_owed_for_a_note(noted: int) -> None:
    assert not [effect for effect in effects(ticket_id=noted) if "director" in str(vars(effect))]


def test_a_note_does_not_stand_in_the_way_of_an_answer(cast: factories.Cast, visit: Visit) -> None:
    """To the agency nothing has changed since it opened the page."""
    ticket = factories.ticket(WAITING, by=cast)
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{ticket.id}")
    before = dana.get(f"/tickets/{ticket.id}?watch=1").text
    factories.step(ticket, "note", cast, message=SECRET)
    assert dana.get(f"/tickets/{ticket.id}?watch=1").text == before
    done = dana.send(page, page.form_with("message"), message="The one on Woodward.")
    assert done.status == 200, done.words
    assert "The one on Woodward." in done.words
    assert SECRET not in done.words


def test_a_conflict_tells_the_agency_of_everything_but_the_note(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(WAITING, by=cast)
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{ticket.id}")
    factories.step(ticket, "note", cast, message=SECRET)
    factories.step(ticket, "comment", cast, message="We are on it.")
    refused = dana.send(page, page.form_with("message"), message="The one on Woodward.")
    assert refused.status == 409
    assert "We are on it." in refused.words
    assert "director" not in refused.text
    assert refused.form_with("message").fields["message"].value == "The one on Woodward."
    sent = dana.send(refused, refused.form_with("message"))
    assert "The one on Woodward." in sent.words


def test_a_message_is_read_by_both_and_goes_to_both(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam, dana = visit(cast.sam), visit(cast.admin)
    form = sam.get(f"/tickets/{ticket.id}").form_with("message")
    sam.post(f"/tickets/{ticket.id}/comment", {**form.values(), "message": "We are on it."})
    page = dana.get(f"/tickets/{ticket.id}")
    assert "We are on it." in page.words
    replied = dana.send(page, page.form_with("message"), message="Thank you, no hurry.")
    assert "Thank you, no hurry." in replied.words
    assert "Thank you, no hurry." in sam.get(f"/tickets/{ticket.id}").words
    people = {ticket.person_id, cast.admin.person_id}
    told = {("message", person) for person in people} | {("written", cast.sam.person_id)}
    assert set(mails_of(ticket)) == told
