"""Worksheets that come with a request: read once, kept with the document, judged, corrected."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from helpdesk.models.document import Document
from helpdesk.models.reading import How, ReadingCorrection, corrections_of_reading
from helpdesk.services import documents, drafts, worksheets
from helpdesk.services.drafts import Upload
from helpdesk.transaction import transaction
from helpdesk.views.show.worksheets import worksheet_shown
from tests import factories
from tests.filings import PDF
from tests.support import worksheets as sheets
from tests.support.papers import jpeg
from workflows.checking import Verdict
from workflows.guards import RECERTIFY
from workflows.papers import NEW_USER_WORKSHEET, OTHER, RECERTIFICATION_WORKSHEET
from workflows.worksheets import RECERTIFICATION

KEY = "a-form-with-a-worksheet"


def arrived(
    by: factories.Cast,
    data: bytes,
    kind: str = RECERTIFICATION_WORKSHEET,
    name: str = "worksheet.pdf",
) -> Document:
    return drafts.add(by.admin.person_id or 0, KEY, kind, name, io.BytesIO(data))


def test_a_worksheet_is_read_when_it_arrives(cast: factories.Cast) -> None:
    reading = arrived(cast, sheets.filled(RECERTIFICATION)).reading
    assert reading is not None
    assert (reading.how, reading.sheet, reading.fault) == (How.FIELDS, RECERTIFICATION, None)
    assert reading.texts["admin.name"] == "Dana Price"
    assert len(reading.values["user.signature"].box) == 4


def test_a_printed_one_says_so(cast: factories.Cast) -> None:
    reading = arrived(cast, sheets.flattened(sheets.filled(RECERTIFICATION))).reading
    assert reading is not None
    assert reading.how is How.PRINTED


@pytest.mark.parametrize(("name", "data", "fault"), [
    ("photo.jpg", jpeg(), "unread"),
    ("scan.pdf", sheets.scanned(sheets.filled(RECERTIFICATION)), "unknown"),
], ids=["photo", "scan"])  # fmt: skip
def test_what_no_program_can_read_is_kept_for_a_person(
    cast: factories.Cast, name: str, data: bytes, fault: str
) -> None:
    reading = arrived(cast, data, name=name).reading
    assert reading is not None
    assert (reading.how, reading.fault) == (How.NOT, fault)


def test_other_documents_are_not_looked_into(cast: factories.Cast) -> None:
    assert arrived(cast, sheets.filled(RECERTIFICATION), OTHER).reading is None


def test_whoever_reads_a_worksheet_looks_for_what_is_private_too(cast: factories.Cast) -> None:
    document = arrived(cast, sheets.filled(RECERTIFICATION, {"admin.name": "123-45-6789"}))
    assert document.reading is not None
    assert (document.looks_private, document.reading.how) == (True, How.FIELDS)
    assert arrived(cast, sheets.filled(RECERTIFICATION)).looks_private is False


def test_what_is_known_already_is_not_read_again(cast: factories.Cast) -> None:
    known = worksheets.web_reading(RECERTIFICATION, {"name": "Ann Lee"}, "ABCD-EFGH")
    upload = Upload(RECERTIFICATION_WORKSHEET, "web.pdf", io.BytesIO(PDF), known)
    (kept,) = drafts.add_all(cast.admin.person_id or 0, KEY, [upload])
    assert isinstance(kept, Document)
    assert kept.reading == known
    assert known.values["name"].box


def test_a_reading_goes_with_its_document_to_another_ticket(cast: factories.Cast) -> None:
    ticket = factories.ticket(by=cast, type=RECERTIFY)
    with transaction() as session:
        (document,) = session.query(Document).filter_by(ticket_id=ticket.id)
        document.reading = worksheets.web_reading(RECERTIFICATION, {"name": "Ann Lee"}, "")
        session.flush()
        other = factories.ticket(by=cast)
        (copied,) = documents.copy_to_ticket(session, ticket.id, other.id)
    assert copied.reading == document.reading


@pytest.fixture
def filed(cast: factories.Cast) -> Document:
    """A worksheet that was read and sent."""
    ticket = factories.ticket(by=cast, type=RECERTIFY)
    with transaction() as session:
        (document,) = session.query(Document).filter_by(ticket_id=ticket.id)
        read = worksheets.web_reading(RECERTIFICATION, {"name": "An Lee"}, "")
        document.reading = replace(read, how=How.FIELDS)
    return document


def test_a_correction_counts_and_is_recorded(cast: factories.Cast, filed: Document) -> None:
    worksheets.correct(filed.id, "name", "Ann Lee", cast.sam)
    worksheets.correct(filed.id, "course1.day", "10/1/2026", cast.sam)
    with transaction() as session:
        document = session.get_one(Document, filed.id)
        told = corrections_of_reading(session, filed.id)
    assert document.reading is not None
    assert document.reading.texts == {"name": "Ann Lee", "course1.day": "10/1/2026"}
    assert document.reading.values["name"].box
    assert [(c.blank, c.before, c.after, c.actor_name) for c in told] == [
        ("name", "An Lee", "Ann Lee", cast.sam.name),
        ("course1.day", "", "10/1/2026", cast.sam.name),
    ]


def test_a_correction_that_changes_nothing_is_none(cast: factories.Cast, filed: Document) -> None:
    worksheets.correct(filed.id, "name", "An Lee", cast.sam)
    with transaction() as session:
        assert corrections_of_reading(session, filed.id) == []


def test_corrections_are_never_changed(cast: factories.Cast, filed: Document) -> None:
    worksheets.correct(filed.id, "name", "Ann Lee", cast.sam)
    with pytest.raises(DatabaseError), transaction() as session:
        session.query(ReadingCorrection).update({"after": "Bea Lee"})


def asked(**changed: object) -> worksheets.Asked:
    facts = sheets.known(RECERTIFICATION.purpose)
    found = worksheets.Asked(facts.name, facts.today, facts.username, facts.email, facts.agency,
                             facts.level, facts.courses)  # fmt: skip
    return replace(found, **changed)  # type: ignore[arg-type]


def wrong(document: Document, about: worksheets.Asked) -> set[str]:
    judged = worksheets.judged(document, about)
    assert judged is not None
    return {check.name for check in judged.checks if check.verdict is not Verdict.PASS}


@pytest.mark.usefixtures("cast")
def test_days_that_were_typed_otherwise_are_told_of_each() -> None:
    texts = sheets.PRINTED[RECERTIFICATION.number] | sheets.ANSWERS[RECERTIFICATION.number]
    courses = asked().courses
    texts |= {f"course{line}.name": course.label for line, course in enumerate(courses, 1)}
    reading = worksheets.web_reading(RECERTIFICATION, texts, "")
    document = Document(id=1, kind=RECERTIFICATION_WORKSHEET, reading=reading)
    days = {course.name: f"2026-10-0{line}" for line, course in enumerate(courses, 1)}
    assert wrong(document, asked(fields={"courses": days})) == {"code"}
    first = courses[0].name
    fields = {"courses": days | {first: "2026-10-09"}}
    assert wrong(document, asked(fields=fields)) == {"code", f"typed_{first}"}


@pytest.mark.usefixtures("cast")
def test_what_the_licensee_sends_is_no_admins_word() -> None:
    texts = sheets.PRINTED[RECERTIFICATION.number] | sheets.ANSWERS[RECERTIFICATION.number]
    reading = worksheets.web_reading(RECERTIFICATION, texts, "")
    document = Document(id=1, kind=RECERTIFICATION_WORKSHEET, reading=reading, owner_id=7)
    assert "verified" not in wrong(document, asked(person_id=8))
    assert "verified" not in wrong(document, asked())
    assert "verified" in wrong(document, asked(person_id=7))


@pytest.mark.usefixtures("cast")
def test_of_another_form_nothing_is_learned_and_nothing_is_to_be_mended() -> None:
    texts = sheets.PRINTED[RECERTIFICATION.number] | sheets.ANSWERS[RECERTIFICATION.number]
    texts |= {f"course{line}.name": each.label for line, each in enumerate(asked().courses, 1)}
    reading = worksheets.web_reading(RECERTIFICATION, texts, "")
    right = Document(id=1, kind=RECERTIFICATION_WORKSHEET, reading=reading)
    other = Document(id=2, kind=NEW_USER_WORKSHEET, reading=reading)
    found, judged = worksheets.judged(right, asked()), worksheets.judged(other, asked())
    assert found is not None
    assert judged is not None
    assert found.learned
    assert not judged.learned
    shown = worksheet_shown(judged)
    assert (shown.tone, shown.mend) == ("bad", False)
    assert not worksheets.is_right_form(other)


def test_a_form_of_another_maker_is_read_as_a_site_has_written_it_down(
    cast: factories.Cast, app: Flask, tmp_path: Path
) -> None:
    names = {"admin.name": "name", "course2.day": "basic_privacy.day",
             "course2.score": "basic_privacy.score", "not there": "email"}  # fmt: skip
    file = tmp_path / "fields.json"
    file.write_text(json.dumps(names))
    app.extensions["settings"] = replace(
        app.extensions["settings"], WORKSHEET_FIELDS=str(file)
    )
    theirs = sheets.without_our_name(sheets.filled(RECERTIFICATION))
    reading = arrived(cast, theirs).reading
    assert reading is not None
    assert (reading.how, reading.sheet) == (How.NAMES, None)
    assert reading.texts == {
        "name": "Dana Price",
        "course1.name": "Basic Privacy & Security",
        "course1.day": "Oct 2, 2026",
        "course1.score": "100",
    }
    found = worksheets.checks(RECERTIFICATION_WORKSHEET, reading, asked())
    by_name = {check.name: check.verdict for check in found}
    assert by_name["version"] is Verdict.LOOK
    assert by_name["course_basic_privacy"] is Verdict.PASS
    assert by_name["course_policy_procedure"] is Verdict.FAIL
