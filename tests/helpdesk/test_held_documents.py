"""Documents that a virus scanner judges: at once, later, or never."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from helpdesk.doctor import complaints
from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db, now, settings
from helpdesk.models.completion import completions_of
from helpdesk.models.document import Document, Scan, documents_of
from helpdesk.models.effect import Effect
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.reading import How
from helpdesk.models.ticket import Ticket
from helpdesk.services import documents, drafts, held_documents, page_images
from helpdesk.services.documents import Withheld, judge_servable
from helpdesk.services.facts import people_of, ticket_facts, today
from helpdesk.services.held_documents import examine_held
from helpdesk.transaction import release, transaction
from tests import factories
from tests.support import worksheets
from tests.support.apps import MakeApp
from tests.support.clamd import EICAR, StandIn
from tests.support.fakes import FakeClock
from tests.support.filled_sheets import Holder, worksheet_of
from tests.support.papers import page
from workflows.common import APPROVED, COMPLETED, IN_REVIEW
from workflows.engine import Refused
from workflows.guards import RECERTIFY
from workflows.papers import NEW_USER_WORKSHEET, OTHER, RECERTIFICATION_WORKSHEET
from workflows.worksheets import NEW_USER

KEY = "a-form-with-a-scanner"
BAD = page("Signed") + EICAR + b"\n%%EOF\n"
Start = Callable[..., factories.Cast]


@pytest.fixture
def desk(make_app: MakeApp, stand_in: StandIn) -> Flask:
    return make_app(CLAMD=stand_in.address, CLAMD_REQUIRED=True)


def silent(_data: bytes) -> None:
    return None


def add(owner_id: int, content: bytes, kind: str = OTHER, name: str = "Signed.pdf") -> Document:
    return drafts.add(owner_id, KEY, kind, name, io.BytesIO(content))


def attached(cast: factories.Cast, content: bytes, kind: str = OTHER) -> tuple[Document, int]:
    ticket, owner = factories.ticket(by=cast), cast.admin.person_id or 0
    add(owner, content, kind)
    with transaction() as session:
        (document,) = documents.attach(session, ticket.id, owner, KEY)
    return document, ticket.id


def anew(document: Document) -> Document:
    release()
    return db.session.get_one(Document, document.id, populate_existing=True)


def files() -> int:
    return sum(path.is_file() for path in settings().DOCUMENTS.rglob("*"))


def test_a_virus_is_refused_at_once_and_nothing_of_it_is_kept(desk: Flask) -> None:
    with desk.app_context():
        ann = factories.person().id
        with pytest.raises(NotAllowed, match=r"“Signed\.pdf” has a virus in it \(Eicar-Test"):
            add(ann, BAD)
        assert files() == 0
        assert add(ann, page("Signed")).scan is Scan.CLEAN


def test_without_a_scanner_documents_are_taken_as_ever(make_app: MakeApp) -> None:
    with make_app().app_context():
        draft = add(factories.person().id, BAD)
        assert (draft.scan, draft.held) == (None, False)


def test_where_nobody_has_to_know_a_silent_scanner_stops_nothing(
    make_app: MakeApp, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b"busy. ERROR\0"
    with make_app(CLAMD=stand_in.address).app_context():
        draft = add(factories.person().id, page("Signed"))
        assert draft.scan is None
        judge_servable(draft)


def test_without_an_answer_a_document_is_held_unread_and_read_once_it_is_known_to_be_clean(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        document, ticket_id = attached(cast, worksheets.filled(NEW_USER), NEW_USER_WORKSHEET)
        assert (document.scan, document.reading) == (Scan.HELD, None)
        with pytest.raises(Withheld):
            judge_servable(document)
        assert examine_held() == 0
        assert anew(document).held
        stand_in.answer = lambda _data: b"stream: OK\0"
        assert examine_held() == 1
        known = anew(document)
        assert known.scan is Scan.CLEAN
        judge_servable(known)
        assert known.reading is not None
        assert known.reading.how is How.FIELDS
        assert examine_held() == 0
        assert len(history(db.session(), ticket_id)) == 1


def test_nobody_approves_what_nobody_could_look_at(desk: Flask, stand_in: StandIn) -> None:
    with desk.app_context():
        cast = factories.cast()
        ticket = factories.ticket(IN_REVIEW, by=cast, type=RECERTIFY)
        with transaction() as session:
            (worksheet,) = documents_of(session, ticket.id)
            worksheet.scan = Scan.HELD
        with pytest.raises(Refused, match="Worksheet is still being checked for viruses"):
            factories.step(ticket, "approve", cast)
        stand_in.answer = lambda _data: b"stream: OK\0"
        assert examine_held() == 1
        assert factories.step(ticket, "approve", cast).state == APPROVED


def test_what_was_held_and_has_a_virus_is_gone_and_everybody_knows(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        document, ticket_id = attached(cast, BAD)
        stand_in.answer = lambda _data: b"stream: Eicar-Test FOUND\0"
        assert examine_held() == 1
        gone = anew(document)
        assert (gone.scan, gone.virus, gone.gone) == (Scan.INFECTED, "Eicar-Test", True)
        with pytest.raises(Withheld):
            judge_servable(gone)
        assert files() == 0
        *_before, told = history(db.session(), ticket_id)
        assert told.data["message"].startswith("There was a virus in “Signed.pdf” (Eicar-Test).")
        assert told.actor_name == "The help desk"
        mails = db.session.query(Effect).filter_by(person_id=cast.admin.person_id).all()
        (mail,) = (each for each in mails if each.payload["folders"] == ["desk/infected"])
        assert mail.payload["says"]["document_name"] == "Signed.pdf"
        assert mail.payload["says"]["ticket_path"] == f"/tickets/{ticket_id}"


def test_a_ticket_whose_paper_had_a_virus_lacks_it(desk: Flask, stand_in: StandIn) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        _document, ticket_id = attached(cast, BAD, NEW_USER_WORKSHEET)
        assert brought(cast, ticket_id) == (NEW_USER_WORKSHEET,)
        stand_in.answer = lambda _data: b"stream: Eicar-Test FOUND\0"
        examine_held()
        assert brought(cast, ticket_id) == ()


def brought(cast: factories.Cast, ticket_id: int) -> tuple[str, ...]:
    release()
    ticket = db.session.get_one(Ticket, ticket_id)
    people = people_of(db.session(), ticket)
    return ticket_facts(db.session(), ticket, people, cast.sam).documents


def test_every_document_with_the_same_bytes_goes(desk: Flask, stand_in: StandIn) -> None:
    """One was taken as clean before the scanner knew better; a draft has it, too."""
    with desk.app_context():
        cast = factories.cast()
        stand_in.answer = lambda _data: b"stream: OK\0"
        known, _ticket_id = attached(cast, BAD)
        page_images.drawings().keep_fault(known.sha256, "damaged")
        stand_in.answer = lambda _data: b""
        draft = add(cast.sam.person_id or 0, BAD)
        stand_in.answer = lambda _data: b"stream: Eicar-Test FOUND\0"
        assert examine_held() == 1
        assert [anew(each).gone for each in (known, draft)] == [True, True]
        assert drafts.on_form(db.session(), cast.sam.person_id or 0, KEY) == []
        assert not list(settings().PAGES.rglob("fault"))


def test_what_is_held_stays_held_in_a_copy_and_what_is_gone_has_none(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        document, first = attached(cast, BAD)
        second = factories.ticket(by=cast).id
        with transaction() as session:
            (copied,) = documents.copy_to_ticket(session, first, second)
        assert copied.held
        stand_in.answer = lambda _data: b"stream: Eicar-Test FOUND\0"
        examine_held()
        assert [each.gone for each in documents_of(db.session(), second)] == [True]
        with transaction() as session:
            assert documents.copy_to_ticket(session, first, second) == []
        assert anew(document).gone


def test_what_was_held_is_taken_once_no_scanner_is_asked_any_more(
    make_app: MakeApp, desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        document, _ticket_id = attached(factories.cast(), page("Signed"))
        desk.extensions["settings"] = desk.extensions["environment"] = type(settings())(
            **{**vars(settings()), "CLAMD": "", "CLAMD_REQUIRED": False}
        )
        assert examine_held() == 1
        assert anew(document).scan is None


def test_a_held_document_whose_file_is_lost_keeps_no_other_waiting(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        lost, _one = attached(cast, page("lost"))
        kept, _two = attached(cast, page("kept"))
        documents.store().remove(lost.sha256)
        stand_in.answer = lambda _data: b"stream: OK\0"
        assert examine_held() == 1
        assert (anew(lost).held, anew(kept).held) == (True, False)


def test_a_lost_file_is_told_of_once_a_day_and_by_the_doctor(
    desk: Flask, stand_in: StandIn, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def said() -> int:
        examine_held()
        examine_held()
        told = [each for each in caplog.records if "is not there" in each.getMessage()]
        caplog.clear()
        return len(told)

    stand_in.answer = lambda _data: b""
    with desk.app_context():
        document = add(factories.person().id, page("Lost for a day"), name="Lost.pdf")
        assert not any("Lost.pdf" in each for each in complaints(db.session()))
        documents.store().remove(document.sha256)
        monkeypatch.setattr(held_documents, "_said_lost", {})
        assert said() == 1
        assert said() == 0
        monkeypatch.setitem(desk.extensions, "clock", FakeClock(now() + timedelta(hours=25)))
        assert said() == 1
        assert any("Lost.pdf" in each for each in complaints(db.session()))


def test_what_is_released_after_its_request_was_completed_tells_of_its_courses(
    desk: Flask, stand_in: StandIn
) -> None:
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        ticket = factories.ticket(COMPLETED, by=cast, type=RECERTIFY)
        person = db.session.get_one(Person, ticket.person_id)
        holder = Holder(person.name, person.username or "", person.email or "", cast.agency.name)
        day, owner = today() - timedelta(days=9), cast.admin.person_id or 0
        add(owner, worksheet_of(holder, "a key", day), RECERTIFICATION_WORKSHEET)
        with transaction() as session:
            documents.attach(session, ticket.id, owner, KEY)
        assert examine_held() == 0
        assert completions_of(db.session(), [ticket.person_id]) == []
        stand_in.answer = lambda _data: b"stream: OK\0"
        release()
        assert examine_held() == 1
        found = completions_of(db.session(), [ticket.person_id])
        assert {each.completed_on for each in found} == {day}
        assert {each.score for each in found} == {92}


def test_a_held_document_that_the_scanner_does_not_take_keeps_no_other_waiting(
    desk: Flask, stand_in: StandIn
) -> None:
    large = page("large")
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        refused, _one = attached(cast, large)
        kept, _two = attached(cast, page("kept"))
        stand_in.answer = lambda data: (
            b"INSTREAM size limit exceeded. ERROR\0" if data == large else b"stream: OK\0"
        )
        assert examine_held() == 1
        assert (anew(refused).held, anew(kept).held) == (True, False)


def test_an_odd_held_document_keeps_no_other_waiting(desk: Flask, stand_in: StandIn) -> None:
    """It is attached to a request of a type that this version does not know."""
    stand_in.answer = lambda _data: b""
    with desk.app_context():
        cast = factories.cast()
        bad, ticket_id = attached(cast, BAD)
        kept, _two = attached(cast, page("kept"))
        with transaction() as session:
            session.execute(update(Ticket).where(Ticket.id == ticket_id).values(type="of_old"))
        stand_in.answer = lambda data: (
            b"stream: Eicar-Test FOUND\0" if data == BAD else b"stream: OK\0"
        )
        assert examine_held() == 1
        assert (anew(bad).held, anew(kept).held) == (True, False)
