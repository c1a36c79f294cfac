"""A document that is being checked, or is deleted, is served to nobody; its ticket says so."""

import io
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.services import documents, drafts
from helpdesk.services.held_documents import examine_held
from helpdesk.services.retention import forget_old
from helpdesk.transaction import transaction
from tests import factories
from tests.support.apps import MakeApp
from tests.support.clamd import EICAR, StandIn
from tests.support.fakes import FakeClock
from tests.support.papers import page
from tests.web.test_documents import fetch
from tests.web.visitor import Visitor
from workflows.papers import OTHER

KEY = "a-form-with-a-scanner"


@pytest.fixture
def desk(make_app: MakeApp, stand_in: StandIn) -> Flask:
    return make_app(CLAMD=stand_in.address, CLAMD_REQUIRED=True)


def attached(cast: factories.Cast) -> tuple[int, int]:
    ticket, owner = factories.ticket(by=cast), cast.admin.person_id or 0
    drafts.add(owner, KEY, OTHER, "Signed.pdf", io.BytesIO(page("Signed")))
    with transaction() as session:
        (document,) = documents.attach(session, ticket.id, owner, KEY)
    return document.id, ticket.id


def refused(visitor: Visitor, document_id: int, status: int) -> None:
    for path in ("", "/view", "/pages/1.png"):
        answer = fetch(visitor, f"/documents/{document_id}{path}")
        assert (path, answer.status_code) == (path, status)
        assert b"%PDF" not in answer.data
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_held_document_is_served_to_nobody(desk: Flask, stand_in: StandIn) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        document_id, ticket_id = attached(cast)
        for actor in (cast.admin, cast.sam):
            visitor = Visitor(desk).sign_in(actor.person_id)
            refused(visitor, document_id, 409)
            assert "is being checked for viruses" in visitor.get(f"/documents/{document_id}").words
            shown = visitor.get(f"/tickets/{ticket_id}")
            assert "Signed.pdf Something else" in shown.words
            assert "Being checked for viruses." in shown.words
            assert f"/documents/{document_id}" not in shown.text
        stand_in.answer = lambda _data: b"stream: OK\0"
        examine_held()
        sam = Visitor(desk).sign_in(cast.sam.person_id)
        assert fetch(sam, f"/documents/{document_id}").data == page("Signed")


def test_a_virus_that_is_found_later_is_told_on_the_ticket(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        document_id, ticket_id = attached(cast)
        stand_in.answer = lambda _data: b"stream: Eicar-Test FOUND\0"
        examine_held()
        for actor in (cast.admin, cast.sam):
            visitor = Visitor(desk).sign_in(actor.person_id)
            refused(visitor, document_id, 410)
            shown = visitor.get(f"/tickets/{ticket_id}")
            assert "there was a virus in it (Eicar-Test)." in shown.words
            assert "The help desk deleted documents" in shown.words


def test_what_was_kept_long_enough_is_told_with_its_day(make_app: MakeApp) -> None:
    app = make_app(KEEP_OTHERS_DAYS=30)
    clock = app.extensions["clock"] = FakeClock()
    with app.app_context():
        cast = factories.cast()
        ticket = factories.ticket("rejected", by=cast)
        owner = cast.admin.person_id or 0
        drafts.add(owner, KEY, OTHER, "Signed.pdf", io.BytesIO(page("Signed")))
        with transaction() as session:
            (document,) = documents.attach(session, ticket.id, owner, KEY)
        clock.pass_by(timedelta(days=31))
        assert forget_old() == 1
        visitor = Visitor(app).sign_in(cast.sam.person_id)
        refused(visitor, document.id, 410)
        assert "as it is kept for 30 days." in visitor.get(f"/tickets/{ticket.id}").words


def test_a_form_says_that_a_file_has_a_virus_and_which_is_still_checked(
    desk: Flask, stand_in: StandIn
) -> None:
    with desk.app_context():
        dana = Visitor(desk).sign_in(factories.cast().admin.person_id)
        token = dana.get("/requests/new").form_with("csrf_token").fields["csrf_token"].value

        def send(content: bytes) -> tuple[int, dict[str, str]]:
            data = {"key": KEY, "kind": OTHER, "csrf_token": token,
                    "file": (io.BytesIO(content), "Signed.pdf")}  # fmt: skip
            answer = fetch(dana, "/documents/drafts", method="POST", data=data)
            return answer.status_code, answer.get_json()

        status, told = send(page("Signed") + EICAR + b"%%EOF")
        assert status == 422
        assert "has a virus in it (Eicar-Test.UNOFFICIAL)" in told["sentence"]
        stand_in.answer = lambda _data: b""
        status, told = send(page("Signed"))
        assert (status, told["url"], told["view"]) == (201, "", "")
        assert "Being checked for viruses" in told["note"]


def test_readiness_tells_of_a_scanner_that_is_silent(
    desk: Flask, app: Flask, stand_in: StandIn
) -> None:
    assert desk.test_client().get("/readyz").get_json()["scanner"] is True
    stand_in.stop()
    assert desk.test_client().get("/readyz").get_json()["scanner"] is False
    assert "scanner" not in app.test_client().get("/readyz").get_json()
