"""Which courses somebody still needs before their license can be renewed, and what the Learning
Center says of those that a request tells of."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.models.completion import Completion, completions_of
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.services import grids
from workflows.common import COMPLETED
from workflows.dates import months_after
from workflows.training import Course, Purpose, completed

Done = Mapping[str, date]
"""When each course was completed last, by the course's name."""


def missing(session: Session, people: Collection[int], today: date) -> dict[int, list[str]]:
    """The courses that each person has to take for the next year, by their labels.

    A course counts if it carries the license on for as long as a renewal should: those of the
    last renewal do not, though they may be in date until the license ends.
    """
    done, grid = last_completed(session, people), grids.in_force(session, today)
    query = select(License.person_id, License.access_level, License.expires_on)
    return {
        person_id: [
            course.label
            for course in grid.required(level, Purpose.YEARLY)
            if not _counts(course, done[person_id].get(course.name), ends, today)
        ]
        for person_id, level, ends in session.execute(query.where(License.person_id.in_(people)))
    }


def _counts(course: Course, day: date | None, ends: date | None, today: date) -> bool:
    if day is None:
        return False
    until = max(ends or today, today) + timedelta(days=settings().LEAST_GAIN_DAYS)
    return months_after(day, course.counts_for(settings().COURSE_MONTHS)) >= until


def last_completed(session: Session, people: Collection[int]) -> dict[int, Done]:
    """As the tickets tell that HAND has accepted, and the Learning Center."""
    found: dict[int, dict[str, date]] = {person_id: {} for person_id in people}
    for person_id, told in (*_told(session, people), *_learned(session, people)):
        for name, day in told.items():
            found[person_id][name] = max(day, found[person_id].get(name, day))
    return {**found}


@dataclass(frozen=True)
class OnFile:
    """A course that is required: when a request says it was `told`, and when the Learning Center
    says it was `passed`, or else taken without passing: the latest day first."""

    course: Course
    told: date | None
    passed: tuple[date, ...] = ()
    failed: tuple[Completion, ...] = ()

    @property
    def agrees(self) -> bool:
        return self.told is not None and self.told in self.passed


def on_file(
    session: Session, person_id: int, needed: Collection[Course], told: Done
) -> list[OnFile]:
    """Each course that is needed; nothing at all of somebody of whom no list has told."""
    found = completions_of(session, [person_id])
    if not found:
        return []
    is_passed = grids.editions(session).is_passed
    return [
        OnFile(
            course,
            told.get(course.name),
            tuple(each.completed_on for each in found if each.course == course.name and
                  is_passed(each)),
            tuple(each for each in found if each.course == course.name and not is_passed(each)),
        )
        for course in needed
    ]  # fmt: skip


def still_counting(session: Session, person_id: int, today: date) -> dict[str, date]:
    """The courses that are on file as passed so lately that they count."""
    editions, months = grids.editions(session), settings().COURSE_MONTHS
    found: dict[str, date] = {}
    for each in completions_of(session, [person_id]):
        course = editions.on(today).named(each.course)
        if course is None or not editions.is_passed(each):
            continue
        if each.completed_on <= today <= months_after(each.completed_on, course.counts_for(months)):
            found.setdefault(each.course, each.completed_on)
    return found


def _told(session: Session, people: Collection[int]) -> Iterator[tuple[int, Done]]:
    query = select(Ticket.person_id, Ticket.fields).where(
        Ticket.person_id.in_(people), Ticket.state == COMPLETED
    )
    for person_id, fields in session.execute(query):
        yield person_id, completed(fields)


def _learned(session: Session, people: Collection[int]) -> Iterator[tuple[int, Done]]:
    is_passed = grids.editions(session).is_passed
    for each in completions_of(session, people):
        if is_passed(each):
            yield each.person_id, {each.course: each.completed_on}
