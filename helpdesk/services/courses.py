"""Which courses somebody still needs before their license can be renewed."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.models.completion import completions_of
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from workflows.common import COMPLETED
from workflows.dates import months_after
from workflows.training import Purpose, completed, required

PASS_MARK = 80  # percent

Done = Mapping[str, date]
"""When each course was completed last, by the course's name."""


def missing(session: Session, people: Collection[int], today: date) -> dict[int, list[str]]:
    """The courses that each person has to take for the next year, by their labels.

    A course counts if it carries the license on for as long as a renewal should: those of the
    last renewal do not, though they may be in date until the license ends.
    """
    done = last_completed(session, people)
    query = select(License.person_id, License.access_level, License.expires_on)
    return {
        person_id: [
            course.label
            for course in required(level, Purpose.YEARLY)
            if not _counts(done[person_id].get(course.name), ends, today)
        ]
        for person_id, level, ends in session.execute(query.where(License.person_id.in_(people)))
    }


def _counts(day: date | None, ends: date | None, today: date) -> bool:
    if day is None:
        return False
    until = max(ends or today, today) + timedelta(days=settings().LEAST_GAIN_DAYS)
    return months_after(day, settings().COURSE_MONTHS) >= until


def last_completed(session: Session, people: Collection[int]) -> dict[int, Done]:
    """As the tickets tell that HAND has accepted, and the Learning Center."""
    found: dict[int, dict[str, date]] = {person_id: {} for person_id in people}
    for person_id, told in (*_told(session, people), *_learned(session, people)):
        for name, day in told.items():
            found[person_id][name] = max(day, found[person_id].get(name, day))
    return {**found}


def _told(session: Session, people: Collection[int]) -> Iterator[tuple[int, Done]]:
    query = select(Ticket.person_id, Ticket.fields).where(
        Ticket.person_id.in_(people), Ticket.state == COMPLETED
    )
    for person_id, fields in session.execute(query):
        yield person_id, completed(fields)


def _learned(session: Session, people: Collection[int]) -> Iterator[tuple[int, Done]]:
    """Who scored less than it takes has not completed the course."""
    for each in completions_of(session, people):
        if each.score is None or each.score >= PASS_MARK:
            yield each.person_id, {each.course: each.completed_on}
