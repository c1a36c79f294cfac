"""What one may not see or do, what came too late: each answered in words, with the text kept."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof
from helpdesk.services import sessions
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, SUBMITTED, WAITING
from workflows.license import LOCKED

TEXT = "Please look at this again,\nit took me a while to write."


@pytest.mark.parametrize("path", ["", "/answer", "/withdraw", "/approve", "?watch=1"])
def test_another_agencys_ticket_is_not_there(path: str, cast: factories.Cast, visit: Visit) -> None:
    other = visit(factories.admin(factories.agency()))
    ticket = factories.ticket(WAITING, by=cast)
    theirs, nobodys = other.get(f"/tickets/{ticket.id}{path}"), other.get(f"/tickets/999999{path}")
    assert theirs.status == nobodys.status == 404
    assert theirs.text == nobodys.text


def test_another_agencys_ticket_takes_no_step(cast: factories.Cast, visit: Visit) -> None:
    other = visit(factories.admin(factories.agency()))
    ticket = factories.ticket(WAITING, by=cast)
    form = {"version": str(ticket.version), "message": TEXT, "csrf_token": token(other)}
    assert other.post(f"/tickets/{ticket.id}/answer", form).status == 404
    assert visit(cast.admin).get(f"/tickets/{ticket.id}?watch=1").text.count('"version":3') == 1


def token(visitor: Visitor) -> str:
    return visitor.get("/requests/new").form_with("csrf_token").fields["csrf_token"].value


def test_another_agencys_person_is_not_there(cast: factories.Cast, visit: Visit) -> None:
    theirs = factories.licensee(of=factories.agency())
    visitor = visit(cast.admin)
    assert visitor.get(f"/requests/new/request_new_password?person={theirs.id}").status == 404
    assert theirs.name not in visitor.fill("/requests/new", q=theirs.username or "").words


@pytest.mark.parametrize("path", ["/queue", "/effects", "/effects/1/give-up"])
def test_the_desks_own_pages_are_not_for_agencies(
    path: str, cast: factories.Cast, visit: Visit
) -> None:
    page = visit(cast.admin).get(path)
    assert page.status == 403
    assert "This is not yours to do" in page.words


def test_a_step_that_is_not_mine_is_refused_in_words(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(SUBMITTED, by=cast)
    visitor = visit(cast.admin)
    page = visitor.get(f"/tickets/{ticket.id}/take")
    assert page.status == 403
    assert "“Take it” is not possible now" in page.words
    form = {"version": str(ticket.version), "csrf_token": token(visitor)}
    page = visitor.post(f"/tickets/{ticket.id}/take", form)
    assert page.status == 403
    assert "“Take it” is for HAND staff." in page.words


def test_a_stale_page_is_told_who_did_what_and_its_text_can_be_sent_on(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam, joan = visit(cast.sam), visit(cast.joan)
    page = sam.get(f"/tickets/{ticket.id}")
    joan.fill(f"/tickets/{ticket.id}", "version")
    form = page.form_with("message")
    conflict = sam.post(f"/tickets/{ticket.id}/ask_for_more", {**form.values(), "message": TEXT})
    assert conflict.status == 409
    assert f"{cast.joan.name} took the ticket over" in conflict.words
    assert conflict.form_with("message").fields["message"].value == TEXT
    done = sam.send(conflict, conflict.form_with("message"))
    assert done.status == 200
    assert "You asked for more." in done.words
    assert "it took me a while" in done.words


def test_a_text_for_a_step_that_is_gone_can_be_copied(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(WAITING, by=cast)
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{ticket.id}")
    factories.step(ticket, "withdraw", cast)
    conflict = dana.send(page, page.form_with("message"), message=TEXT)
    assert conflict.status == 409
    assert "“Send answer” is not possible any more" in conflict.words
    assert TEXT in conflict.areas


ENDINGS: dict[str, Callable[[Visitor, Actor], object]] = {
    "ended on the server": lambda visitor, actor: end_sessions(actor),
    "signed out elsewhere": lambda visitor, _actor: visitor.client.delete_cookie("helpdesk"),
    "signed in anew": lambda visitor, actor: visitor.sign_in(actor.person_id),
}


def end_sessions(actor: Actor) -> None:
    assert actor.person_id is not None
    with transaction() as session:
        sessions.end_all(session, actor.person_id)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_typed_survives_the_end_of_a_session(
    ending: str, cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(of=cast.agency)
    path = f"/requests/new/request_new_password?person={about.id}"
    visitor = visit(cast.admin)
    page = visitor.get(path)
    typed = {"happened": "forgotten", "note": TEXT, "vouched": "y"}
    ENDINGS[ending](visitor, cast.admin)
    refused = visitor.send(page, page.form_with("note"), **typed)
    assert refused.status in {400, 403}
    assert refused.form_with("note").fields["note"].value == TEXT

    visitor.sign_in(cast.admin.person_id)
    sent = visitor.send(refused, refused.form_with("note"))
    if sent.status == 400:  # the token was the old session's; this page bears a new one
        sent = visitor.send(sent, sent.form_with("note"))
    assert f"for {about.name}" in sent.words
    assert "The password is forgotten" in sent.words
    assert "it took me a while to write." in sent.words


def test_another_sites_words_are_not_given_back_with_our_token(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    visitor = visit(cast.admin)
    for origin in ("https://elsewhere.example", "null", None):
        data = {"note": TEXT, "csrf_token": "guessed"}
        path = "/requests/new/request_new_password"
        refused = visitor.ask("POST", path, data=data, origin=origin)
        assert refused.status == 400
        assert "it took me a while" not in refused.text


def test_a_link_lets_its_owner_act_for_themselves_only(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    """Even an agency admin who came by a link has a licensee's view."""
    admin = db.session.get_one(Person, cast.admin.person_id)
    factories.give_license(admin, LOCKED, cast.agency)
    ticket = factories.ticket(SUBMITTED, by=cast)
    visitor = Visitor(app).sign_in(cast.admin.person_id, Proof.LINK)
    assert visitor.get(f"/tickets/{ticket.id}").status == 404
    assert "My license" in visitor.get("/").words
    assert "What do you need?" in visitor.get("/requests/new").words


def test_a_page_that_is_nowhere_and_a_verb_that_is_wrong_are_no_mistake_of_ours(
    stranger: Visitor,
) -> None:
    for path in ("/nowhere", "/sign-out"):
        page = stranger.get(path)
        assert page.status in {404, 405}
        assert "There is nothing here" in page.words
