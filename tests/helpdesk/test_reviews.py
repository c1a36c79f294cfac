"""What staff say of documents and their checks, and what is asked for after that."""

import pytest
from sqlalchemy.exc import DatabaseError

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.document import Document, documents_of
from helpdesk.models.document_mark import THE_WHOLE, DocumentMark, Said, marks_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import reviews, tickets, worksheets
from helpdesk.services.facts import people_of
from helpdesk.services.reviews import MEND, Needs, Reviewed, needs
from helpdesk.transaction import transaction
from tests import factories
from tests.support.reviews import LEVEL, sent_anew, to_review, unread
from workflows.checking import Verdict
from workflows.engine import Refused
from workflows.guards import NEW_USER
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    CODE_OF_ETHICS,
    NEW_USER_WORKSHEET,
    OTHER,
    RECERTIFICATION_WORKSHEET,
    USER_AGREEMENT,
)
from workflows.registry import ticket_type


def looked_at(ticket: Ticket, by: Actor) -> list[Reviewed]:
    session = db.session()
    people = people_of(session, ticket)
    facts = tickets.attempt_at(session, ticket, people, by).facts
    return reviews.review(session, ticket, people, facts)


def one(ticket: Ticket, by: factories.Cast) -> Reviewed:
    (found,) = looked_at(ticket, by.sam)
    return found


def asked_for(ticket: Ticket, by: factories.Cast) -> Needs:
    return needs(looked_at(ticket, by.sam), ticket_type(ticket.type).papers)


def names(reviewed: Reviewed, verdict: Verdict) -> set[str]:
    return {each.check.name for each in reviewed.having(verdict)}


def test_a_right_worksheet_leaves_nothing_to_ask_for(cast: factories.Cast) -> None:
    ticket, _document_id = to_review(cast)
    found = one(ticket, cast)
    assert names(found, Verdict.FAIL) == set()
    assert names(found, Verdict.LOOK) == {"code"}  # none was read
    assert asked_for(ticket, cast) == Needs("", ())


def test_what_is_wrong_is_asked_for_with_its_paper(cast: factories.Cast) -> None:
    ticket, _document_id = to_review(cast, user__signature="", course1__score="61")
    needed = asked_for(ticket, cast)
    assert needed.papers == (RECERTIFICATION_WORKSHEET,)
    assert needed.message == (
        f"{MEND}\n\nUser License Recertification Worksheet:\n"
        "– Basic Privacy & Security: 61 % is less than 80 %, so it has to be taken again.\n"
        "– The signature of the user is missing."
    )


def test_the_word_of_staff_counts_before_the_programs(cast: factories.Cast) -> None:
    ticket, document_id = to_review(cast, user__signature="")
    reviews.mark(document_id, "user_signed", Said.FINE, "", cast.sam)
    assert "user_signed" in names(one(ticket, cast), Verdict.PASS)
    reviews.mark(document_id, "user_signed", Said.NOT_FINE, "Another name is signed.", cast.joan)
    assert "– Another name is signed." in asked_for(ticket, cast).message
    reviews.mark(document_id, "name", Said.NOT_FINE, "", cast.sam)
    assert "– We could not see that the name is the one on file." in asked_for(ticket, cast).message


def test_what_is_accepted_lacks_nothing_whatever_its_checks(cast: factories.Cast) -> None:
    ticket, document_id = to_review(cast, user__signature="")
    reviews.mark(document_id, THE_WHOLE, Said.FINE, "", cast.sam)
    assert one(ticket, cast).accepted
    assert asked_for(ticket, cast) == Needs("", ())


def test_a_scan_has_the_same_checks_and_a_person_makes_them(cast: factories.Cast) -> None:
    ticket, document_id = to_review(cast)
    read = {each.check.name for each in one(ticket, cast).findings}
    unread(document_id)
    found = one(ticket, cast)
    assert {each.check.name for each in found.findings} == read - {"code"}
    assert names(found, Verdict.LOOK) == read - {"code"}
    assert {each.on_file for each in found.findings} >= {cast.agency.name}
    reviews.mark(document_id, "name", Said.FINE, "", cast.sam)
    assert names(one(ticket, cast), Verdict.PASS) == {"name"}
    assert asked_for(ticket, cast).message == ""


def test_a_mark_says_who_and_the_latest_counts(cast: factories.Cast) -> None:
    _ticket, document_id = to_review(cast)
    reviews.mark(document_id, "name", Said.NOT_FINE, "  It is another’s. ", cast.sam)
    reviews.mark(document_id, "name", Said.FINE, "", cast.joan)
    with transaction() as session:
        marks = session.query(DocumentMark).order_by(DocumentMark.id).all()
        assert [(each.said, each.note, each.actor_name) for each in marks] == [
            (Said.NOT_FINE, "It is another’s.", cast.sam.name),
            (Said.FINE, "", cast.joan.name),
        ]
        assert marks_of(session, [document_id]) == {(document_id, "name"): marks[1]}


def test_marks_are_never_changed(cast: factories.Cast) -> None:
    _ticket, document_id = to_review(cast)
    reviews.mark(document_id, "name", Said.FINE, "", cast.sam)
    with pytest.raises(DatabaseError), transaction() as session:
        session.query(DocumentMark).update({"said": Said.NOT_FINE})


def test_the_newest_of_a_kind_counts_then_all_of_other_kinds(cast: factories.Cast) -> None:
    kinds = (RECERTIFICATION_WORKSHEET, OTHER, RECERTIFICATION_WORKSHEET, OTHER)
    rows = [Document(id=number, kind=kind) for number, kind in enumerate(kinds, 1)]
    assert [each.id for each in reviews.newest(rows)] == [3, 2, 4]


def test_each_document_of_a_newcomer_is_looked_at(cast: factories.Cast) -> None:
    ticket = factories.ticket("in_review", by=cast, type=NEW_USER)
    found = looked_at(ticket, cast.sam)
    assert [each.document.kind for each in found] == [
        NEW_USER_WORKSHEET, USER_AGREEMENT, CODE_OF_ETHICS]  # fmt: skip
    assert [bool(each.findings) for each in found] == [True, False, False]
    reviews.mark(found[2].document.id, THE_WHOLE, Said.NOT_FINE, "", cast.sam)
    needed = asked_for(ticket, cast)
    assert needed.papers == (CODE_OF_ETHICS,)
    assert needed.message == f"{MEND}\n\nCode of Ethics:\n– We could not accept it as it is."


def test_something_else_that_is_not_right_is_asked_for_by_a_tick(cast: factories.Cast) -> None:
    ticket, document_id = to_review(cast)
    with transaction() as session:
        session.get_one(Document, sent_anew(document_id)).kind = OTHER
    (photo,) = (each for each in looked_at(ticket, cast.sam) if each.document.kind == OTHER)
    reviews.mark(photo.document.id, THE_WHOLE, Said.NOT_FINE, "It is too dark.", cast.sam)
    needed = asked_for(ticket, cast)
    assert needed.papers == (OTHER,)
    assert "– It is too dark." in needed.message
    asked = {"message": needed.message, "papers": [OTHER]}
    tickets.act(ticket.id, "ask_for_more", cast.sam, asked)
    with pytest.raises(Refused, match="HAND asked for another document, and it is not attached"):
        tickets.act(ticket.id, "answer", cast.admin, {"message": "Here it is."})
    brought = {"message": "Here it is.", "kinds": [OTHER]}
    assert tickets.act(ticket.id, "answer", cast.admin, brought).state == "in_review"


def test_one_file_that_brings_two_papers_asks_for_both(cast: factories.Cast) -> None:
    ticket = factories.ticket("in_review", by=cast, type=NEW_USER)
    with transaction() as session:
        worksheet, both, gone = documents_of(session, ticket.id)
        both.kind = AGREEMENT_AND_ETHICS
        session.delete(gone)
    reviews.mark(worksheet.id, THE_WHOLE, Said.FINE, "", cast.sam)
    reviews.mark(both.id, THE_WHOLE, Said.NOT_FINE, "Page 2 is missing.", cast.sam)
    needed = asked_for(ticket, cast)
    assert needed.papers == (USER_AGREEMENT, CODE_OF_ETHICS)
    assert "in one:\n– Page 2 is missing." in needed.message


def test_another_access_level_is_read_as_one(cast: factories.Cast) -> None:
    _ticket, document_id = to_review(cast)
    for level in ("agency_staff", LEVEL):
        reviews.correct_level(document_id, level, cast.sam)
    with transaction() as session:
        reading = session.get_one(Document, document_id).reading
    assert reading is not None
    ticked = {name: text for name, text in reading.texts.items() if name.startswith("level.")}
    assert ticked == {f"level.{LEVEL}": "x", "level.agency_staff": ""}


def test_a_corrected_reading_is_judged_anew(cast: factories.Cast) -> None:
    ticket, document_id = to_review(cast, name="Somebody Else")
    assert "name" in names(one(ticket, cast), Verdict.FAIL)
    person = people_of(db.session(), ticket).licensee.name
    worksheets.correct(document_id, "name", person, cast.sam)
    assert "name" in names(one(ticket, cast), Verdict.PASS)
