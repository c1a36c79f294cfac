"""Documents go when they have been kept long enough; what they were stays on record."""

import io
import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from helpdesk.extensions import db, settings
from helpdesk.models.document import Document, documents_of
from helpdesk.models.document_mark import DocumentMark, Said, marks_of
from helpdesk.models.event import Event, history
from helpdesk.models.ticket import Ticket
from helpdesk.services import documents, drafts, tickets
from helpdesk.services.retention import KINDS, forget_old
from helpdesk.services.tidying import tidy
from helpdesk.transaction import release, transaction
from tests import factories
from tests.support import worksheets
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from tests.support.papers import page
from workflows.papers import KINDS as ALL_KINDS
from workflows.papers import NEW_USER_WORKSHEET, OTHER, USER_AGREEMENT
from workflows.worksheets import NEW_USER

KEY = "a-form-of-long-ago"
DAY = timedelta(days=1)


@pytest.fixture
def desk(make_app: MakeApp) -> Flask:
    return make_app(KEEP_WORKSHEETS_DAYS=100, KEEP_AGREEMENTS_DAYS=0, KEEP_OTHERS_DAYS=30)


@pytest.fixture
def clock(desk: Flask) -> FakeClock:
    fake = desk.extensions["clock"] = FakeClock()
    return fake


def request(cast: factories.Cast, **contents: bytes) -> int:
    """A ticket with a document of each of these kinds."""
    ticket, owner = factories.ticket("in_review", by=cast), cast.admin.person_id or 0
    for kind, content in contents.items():
        drafts.add(owner, KEY, kind, f"{kind}.pdf", io.BytesIO(content))
    with transaction() as session:
        documents.attach(session, ticket.id, owner, KEY)
    return ticket.id


def end(cast: factories.Cast, ticket_id: int) -> None:
    tickets.act(ticket_id, "reject", cast.sam, {"code": "duplicate", "message": "Twice."})


def gone(ticket_id: int) -> dict[str, bool]:
    release()
    return {each.kind: each.gone for each in documents_of(db.session(), ticket_id)}


def test_every_kind_of_document_has_its_setting() -> None:
    assert sorted(kind for kinds in KINDS.values() for kind in kinds) == sorted(ALL_KINDS)


def test_a_document_goes_by_its_kind_after_its_request_has_ended(
    desk: Flask, clock: FakeClock
) -> None:
    with desk.app_context():
        cast = factories.cast()
        ticket_id = request(cast, **{
            NEW_USER_WORKSHEET: worksheets.filled(NEW_USER), USER_AGREEMENT: page("Signed"),
            OTHER: page("Letter")})  # fmt: skip
        clock.pass_by(400 * DAY)
        assert forget_old() == 0, "the request is still open"
        end(cast, ticket_id)
        clock.pass_by(31 * DAY)
        assert forget_old() == 1
        assert gone(ticket_id) == {NEW_USER_WORKSHEET: False, USER_AGREEMENT: False, OTHER: True}
        clock.pass_by(70 * DAY)
        assert forget_old() == 1, "a deletion is no later end of the request"
        clock.pass_by(4000 * DAY)
        assert forget_old() == 0
        assert gone(ticket_id) == {NEW_USER_WORKSHEET: True, USER_AGREEMENT: False, OTHER: True}


def test_that_there_was_one_stays_and_nothing_of_what_was_in_it(
    desk: Flask, clock: FakeClock
) -> None:
    with desk.app_context():
        cast = factories.cast()
        ticket_id = request(cast, **{NEW_USER_WORKSHEET: worksheets.filled(NEW_USER)})
        (document,) = documents_of(db.session(), ticket_id)
        with transaction() as session:
            session.add(DocumentMark(document_id=document.id, about="name", said=Said.NOT_FINE,
                                     note="It is Ann Lee’s.", actor_name="Sam Reed"))  # fmt: skip
        end(cast, ticket_id)
        clock.pass_by(101 * DAY)
        forget_old()
        release()
        (document,) = documents_of(db.session(), ticket_id)
        assert marks_of(db.session(), [document.id]) == {}
        assert (document.deleted_at, document.kept_days) == (clock(), 100)
        assert (document.name, len(document.sha256)) == (f"{NEW_USER_WORKSHEET}.pdf", 64)
        assert document.reading is None
        *_before, told = history(db.session(), ticket_id)
        assert told.data["message"] == (
            f"“{NEW_USER_WORKSHEET}.pdf”: kept for 100 days after the request ended."
        )


def aged() -> int:
    """Every file is old enough to be swept; says how many there are."""
    found = [path for path in settings().DOCUMENTS.rglob("*") if path.is_file()]
    for path in found:
        os.utime(path, (0, 0))
    return len(found)


def test_a_file_that_two_requests_share_goes_with_the_last(desk: Flask, clock: FakeClock) -> None:
    with desk.app_context():
        cast = factories.cast()
        first, second = (request(cast, **{OTHER: page("The same")}) for _ in range(2))
        end(cast, first)
        clock.pass_by(31 * DAY)
        assert aged() == 1
        tidy()
        assert (gone(first)[OTHER], gone(second)[OTHER], aged()) == (True, False, 1)
        end(cast, second)
        clock.pass_by(31 * DAY)
        tidy()
        assert (gone(second)[OTHER], aged()) == (True, 0)


def test_a_great_many_go_at_once(desk: Flask, clock: FakeClock) -> None:
    with desk.app_context():
        cast = factories.cast()
        ticket_id = request(cast, **{OTHER: page("One")})
        (one,) = documents_of(db.session(), ticket_id)
        same = {"owner_id": one.owner_id, "kind": OTHER, "content_type": one.content_type,
                "size": one.size, "sha256": one.sha256, "ticket_id": ticket_id}  # fmt: skip
        with transaction() as session:
            session.add_all(Document(name=f"{n}.pdf", **same) for n in range(249))
        end(cast, ticket_id)
        clock.pass_by(31 * DAY)
        assert forget_old() == 250


def test_what_this_version_does_not_know_is_left_alone_and_keeps_nothing_else(
    desk: Flask, clock: FakeClock
) -> None:
    with desk.app_context():
        cast = factories.cast()
        odd, known = (request(cast, **{OTHER: page(name)}) for name in ("odd", "known"))
        end(cast, odd)
        end(cast, known)
        with transaction() as session:
            ticket = session.get_one(Ticket, odd)
            version = ticket.version + 1
            session.add(Event(
                ticket_id=odd, version=version, trigger="shelve", from_state=ticket.state,
                to_state="shelved", actor_name="Another version", channel="web", data={},
                at=clock(),
            ))  # fmt: skip
            session.flush()
            moved = update(Ticket).where(Ticket.id == odd)
            session.execute(moved.values(state="shelved", version=version))
        clock.pass_by(31 * DAY)
        assert forget_old() == 1
        assert (gone(odd)[OTHER], gone(known)[OTHER]) == (False, True)
