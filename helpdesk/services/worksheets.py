"""Worksheets that people send: read when they arrive, kept with the document, judged when asked.

A reading takes some tenths of a second in a process of its own, so it is made outside of every
transaction. Judging is quick, and done afresh: the day and the register may have changed since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import db, now, settings
from helpdesk.models.document import Document, held_for_change
from helpdesk.models.reading import (
    How,
    Reading,
    ReadingCorrection,
    Value,
    corrections_of_reading,
)
from helpdesk.services.field_names import field_names
from helpdesk.services.grids import editions
from helpdesk.transaction import release, transaction
from helpdesk.worksheets import read as reader
from helpdesk.worksheets.code import Made, is_right
from helpdesk.worksheets.layout import lay_out
from workflows.checking import Check, Judged, Known
from workflows.engine import Reason, Refused
from workflows.papers import WORKSHEETS
from workflows.training import Course, completed
from workflows.worksheet_checks import judge
from workflows.worksheet_rules import completed_on, days_counting
from workflows.worksheets import Sheet

PDF = "application/pdf"
NOT_READ = "It was filled in on a page of the desk: there is nothing to read otherwise."
UNREAD, MISSED = "unread", "missed"
"""Why nothing was read: no program reads a picture or a text; or none could when it came."""


@dataclass(frozen=True)
class Asked:
    """What a worksheet is held against: the person on file, and the request as it stands.
    `courses`: those that are required. `level`: the name of an access level. `own`: nobody but the
    person has sent it. `sent`: it is on no form any more. `declined`: as whom somebody was asked to
    sign it who can’t."""

    name: str
    today: date
    username: str | None = None
    email: str | None = None
    agency: str | None = None
    level: str | None = None
    courses: tuple[Course, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    person_id: int | None = None
    own: bool = False
    sent: bool = True


def is_worksheet(kind: str) -> bool:
    return kind in WORKSHEETS


def can_be_read(kind: str, content_type: str) -> bool:
    return is_worksheet(kind) and content_type == PDF


def read_by_program(data: bytes) -> reader.Reading:
    """What is filled into a PDF that just came. Slow: never within a transaction."""
    names = field_names()
    courses = editions(db.session()).labels if names else {}
    release()
    return reader.read(data, names, courses)


def unread() -> Reading:
    """Of a worksheet that no program reads."""
    return Reading(How.NOT, fault=UNREAD, read_at=now().isoformat())


def reading_of(found: reader.Reading) -> Reading:
    """As it is kept with its document."""
    sheet = found.sheet
    return Reading(
        how=_how(found),
        form=sheet.number if sheet else "",
        version=sheet.version if sheet else 0,
        code=found.code,
        fault=found.fault,
        values={name: _value(value) for name, value in found.values.items()},
        read_at=now().isoformat(),
    )


def cannot_read() -> str | None:
    """Why no program can read anything here; None where one can."""
    return reader.trouble()


def _how(found: reader.Reading) -> How:
    if found.fault is not None:
        return How.NOT
    if found.sheet is None:
        return How.NAMES
    filled_in = any(not value.printed for value in found.values.values())
    return How.FIELDS if filled_in else How.PRINTED


def _value(value: reader.Value) -> Value:
    box = value.box
    return Value(value.text, value.page, (box.x, box.y, box.width, box.height), value.printed)


def web_reading(sheet: Sheet, texts: Mapping[str, str], code: str) -> Reading:
    """Of a worksheet that was filled in on a page: nothing has to be read, and what was filled in
    stands on the paper made of it where the sheet has its place. What the sheet has no place for
    is how somebody signed."""
    values = {name: Value(text) for name, text in texts.items()}
    for place in lay_out(sheet).places:
        box = (place.box.x, place.box.y, place.box.width, place.box.height)
        if place.blank.name in texts:
            values[place.blank.name] = Value(texts[place.blank.name], place.page, box)
    return Reading(How.WEB, sheet.number, sheet.version, code, None, values, now().isoformat())


def correct(document_id: int, blank: str, text: str, actor: Actor) -> None:
    """Staff read it otherwise. What the program read stays in the history of corrections. Raises
    `Refused` for what was filled in on a page of the desk: there nobody had to read anything."""
    with transaction() as session:
        document = held_for_change(session, document_id)
        reading = document.reading
        if reading is not None and reading.how is How.WEB:
            raise Refused([Reason(NOT_READ)])
        before = reading.values.get(blank, Value("")) if reading else None
        if reading is None or before is None or before.text == text:
            return
        by = None if text == _as_read(session, document_id, blank) else actor.person_id
        kept = replace(before, text=text, read_by=by)
        document.reading = replace(reading, values={**reading.values, blank: kept})
        session.add(ReadingCorrection(
            document_id=document_id, blank=blank, before=before.text,
            after=text, actor_id=actor.person_id, actor_name=actor.name,
        ))  # fmt: skip


def _as_read(session: Session, document_id: int, blank: str) -> str | None:
    """What the program read, where somebody has read it otherwise before."""
    first = (each.before for each in corrections_of_reading(session, document_id)
             if each.blank == blank)  # fmt: skip
    return next(first, None)


def readers(documents: Iterable[Document]) -> frozenset[int]:
    """Who at HAND reads a date or a score of the newest worksheets otherwise than the program."""
    there = (each for each in documents if is_worksheet(each.kind) and not each.gone)
    found = (each.reading.readers for each in newest(there) if each.reading is not None)
    return frozenset().union(*found)


def judged(document: Document, asked: Asked) -> Judged | None:
    """None for what is no worksheet."""
    if not is_worksheet(document.kind):
        return None
    reading = document.reading
    if reading is None or reading.fault is not None:
        fault = reading.fault if reading and reading.fault else MISSED
        return Judged(document.kind, document.id, fault=fault)
    own = asked.person_id is not None and document.owner_id == asked.person_id
    whose = replace(asked, own=own, sent=document.ticket_id is not None)
    found = tuple(checks(document.kind, reading, whose))
    learned = passed(reading, asked) if is_right_form(document) else {}
    return Judged(document.kind, document.id, found, learned=learned)


def is_right_form(document: Document) -> bool:
    """Whether what was read is the paper that it was sent as: of another one nothing counts."""
    sheet = document.reading.sheet if document.reading else None
    return sheet is None or sheet.paper == document.kind


def all_judged(documents: Iterable[Document], asked: Asked) -> tuple[Judged, ...]:
    """The newest of each paper: whoever sends one anew means it in place of the other."""
    found = (judged(document, asked) for document in newest(documents))
    return tuple(each for each in found if each is not None)


def newest(documents: Iterable[Document]) -> list[Document]:
    """Of each paper."""
    return list({each.kind: each for each in sorted(documents, key=_age)}.values())


def replaced(documents: Iterable[Document]) -> frozenset[int]:
    """Worksheets that count no more, as another one has come instead."""
    there = [each for each in documents if is_worksheet(each.kind) and not each.gone]
    return frozenset(each.id for each in there) - {each.id for each in newest(there)}


def _age(document: Document) -> int:
    return document.id


def checks(paper: str, reading: Reading, asked: Asked) -> list[Check]:
    """Every check of what was read, in the order of the sheet."""
    return judge(paper, reading.sheet, reading.texts, known(reading, asked))


def passed(reading: Reading, asked: Asked) -> dict[str, tuple[date, float | None]]:
    """The courses on it that are sure to count: day and score by the course's name."""
    return completed_on(reading.texts, known(reading, asked))


def days(reading: Reading, asked: Asked) -> dict[str, date]:
    """When those were completed that may count."""
    return days_counting(reading.texts, known(reading, asked))


def known(reading: Reading, asked: Asked) -> Known:
    return Known(
        name=asked.name,
        today=asked.today,
        username=asked.username,
        email=asked.email,
        agency=asked.agency,
        level=asked.level,
        courses=asked.courses,
        told=completed(asked.fields),
        code_right=_code_right(reading, asked),
        own=asked.own,
        sent=asked.sent,
        course_months=settings().COURSE_MONTHS,
        called=editions(db.session()).called,
        declined=asked.declined,
    )


def _code_right(reading: Reading, asked: Asked) -> bool | None:
    """It may have been made for the person, or blank for anybody who gets that access level."""
    if not reading.code:
        return None
    key, level = settings().SECRET_KEY, asked.level or ""
    made = (Made(reading.form, reading.version, who, level) for who in {asked.username or "", ""})
    return any(is_right(key, each, reading.code) for each in made)
