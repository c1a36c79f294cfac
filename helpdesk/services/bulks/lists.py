"""A list of people to recertify, as CSV: username or email, and for each course a column with the
day, perhaps one with the score. Headers are compared as those of imports are.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from helpdesk.extensions import settings
from helpdesk.models.person import email_key, normal_username
from helpdesk.services.bulks.people import Held
from helpdesk.services.facts import today
from helpdesk.services.imports.columns import Beginning, bare, beginning, guess, value
from helpdesk.services.imports.completion_rows import FIELDS
from helpdesk.services.imports.days import Order, is_blank, orders
from helpdesk.services.imports.days import read as read_day
from helpdesk.services.imports.lines import Fault, Record, quoted
from helpdesk.services.imports.sources import CannotRead
from helpdesk.services.imports.table import under_header
from workflows.training import Course
from workflows.written import score_of

DAY_ENDINGS = ("", "date", "day", "on", "completed", "completedon", "datecompleted")
SCORE_ENDINGS = ("score", "grade", "percent")
WHO = [each for each in FIELDS if each.name in {"username", "email"}]
MOST_NOTES = 30


@dataclass(frozen=True)
class InHand:
    """A file that has just come."""

    name: str
    data: bytes

    @property
    def most_lines(self) -> int:
        return settings().IMPORT_MAX_LINES

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        yield BytesIO(self.data)


@dataclass
class List:
    """`days`: ISO dates by the person's id and the course's name. `notes`: a sentence for each
    thing that was not taken over."""

    days: dict[int, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, line: int, words: str) -> None:
        self.notes.append(f"Line {line}: {words}")


@dataclass(frozen=True)
class _Columns:
    """The places of the columns of each course."""

    days: Mapping[str, int]
    scores: Mapping[str, int]
    order: Order


def read_list(source: InHand, people: Sequence[Held], courses: Sequence[Course]) -> List:
    """Raises `CannotRead`."""
    found = beginning(source)
    who = guess(WHO, found)
    if not who.columns:
        raise CannotRead(
            f"{source.name} has no column of usernames or emails: call one “Username” or “Email”."
        )
    columns, told = _columns(found, courses), List()
    by_name = {person.username: person.id for person, _ in people if person.username}
    by_email = _unique(people)
    _, records = under_header(source)
    for each in records:
        if isinstance(each, Fault):
            told.note(each.lines[0], each.sentence)
            continue
        name, email = value(each, who, "username"), value(each, who, "email")
        person_id = by_name.get(normal_username(name)) or by_email.get(email_key(email) or "")
        if person_id is None:
            said = quoted(name or email) if name or email else "Nobody"
            told.note(each.line, f"{said} is nobody among these people.")
        else:
            _take(told, person_id, each.line, _days(each, columns, courses, told))
    told.notes = _short(told.notes)
    return told


def _take(told: List, person_id: int, line: int, days: Mapping[str, str]) -> None:
    """Of somebody who is listed twice the last line counts, and that is said where they differ."""
    before = told.days.setdefault(person_id, {})
    if any(before.get(name, day) != day for name, day in days.items()):
        told.note(line, "This person is listed before with other dates. The later ones count.")
    before.update(days)


def _unique(people: Sequence[Held]) -> dict[str, int]:
    """An address that several share names nobody."""
    keys = [person.email_key for person, _ in people]
    return {person.email_key: person.id for person, _ in people
            if person.email_key and keys.count(person.email_key) == 1}  # fmt: skip


def _columns(found: Beginning, courses: Sequence[Course]) -> _Columns:
    names = [bare(name) for name in found.header]
    days = {course.name: _place(names, course, DAY_ENDINGS) for course in courses}
    scores = {course.name: _place(names, course, SCORE_ENDINGS) for course in courses}
    there = {name: place for name, place in days.items() if place is not None}
    order = orders(text for place in there.values() for text in found.values(place))[0]
    graded = {name: place for name, place in scores.items() if place is not None}
    return _Columns(there, graded, order)


def _place(names: Sequence[str], course: Course, endings: Sequence[str]) -> int | None:
    wanted = (f"{bare(start)}{end}" for end in endings for start in (course.label, course.name))
    return next((names.index(name) for name in wanted if name in names), None)


def _days(
    record: Record, columns: _Columns, courses: Sequence[Course], told: List
) -> dict[str, str]:
    days = {}
    for course in courses:
        text = _cell(record, columns.days.get(course.name))
        if is_blank(text):
            continue
        read = read_day(text, columns.order)
        fault = _fault(course, _cell(record, columns.scores.get(course.name)))
        if read is None or read.day > today() or fault:
            unread = f"{quoted(text)} is no day on which it can have been completed"
            told.note(record.line, f"{course.label}: {fault or unread}. It was left out.")
        else:
            days[course.name] = read.day.isoformat()
    return days


def _fault(course: Course, score: str) -> str | None:
    """A course that was not passed is not completed, whenever it was taken."""
    percent = score_of(score) if not is_blank(score) else None
    if course.is_passed_with(percent):
        return None
    return f"{percent:g} % is less than the {course.pass_mark} % it takes"


def _cell(record: Record, place: int | None) -> str:
    return record.cells[place].strip() if place is not None and place < len(record.cells) else ""


def _short(notes: list[str]) -> list[str]:
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else [*notes[:MOST_NOTES], f"And {more} more lines."]
