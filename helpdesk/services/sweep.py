"""The daily sweep: every license takes the steps that have become due, whenever it is run.

What was told or done is on the license, written in the commit of the step. So a sweep that is
run twice, or by two schedulers at once, finds nothing the second time, and one that was missed
is made up for by the next.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.models.effect import Effect
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person, full_name
from helpdesk.services import courses, licenses
from helpdesk.services.calendar import Calendar, held
from helpdesk.transaction import transaction
from workflows.deadlines import Due
from workflows.license import WORKFLOW

log = logging.getLogger(__name__)

NAMES_COURSES = {"remind", "expire"}


@dataclass
class Report:
    """What came of a sweep: how often each step was taken, by its label, and how many licenses
    could not go on."""

    taken: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def well(self) -> bool:
        return not self.failed


@dataclass(frozen=True)
class Taken:
    """A step of one license, and whom a mail tells of it: name and address."""

    trigger: str
    label: str
    person: str
    told: tuple[tuple[str, str | None], ...]


Tell = Callable[[Taken], None]


class _TakenBack(Exception):
    """Ends a trial: nothing of it is kept."""


def run(tell: Tell | None = None, *, trial: bool = False) -> Report:
    """One commit for each license, so that one that cannot go on keeps no other from it.

    `tell` hears of each step. A `trial` takes every step and takes it back: it tells exactly what
    a sweep would do now.
    """
    calendar, report = Calendar.now(), Report()
    for license_id, _due in calendar.all_due():
        try:
            taken = _take_all(license_id, calendar, trial=trial)
        except OperationalError:
            raise  # the database is away: the next license would fare no better
        except Exception:
            log.exception("the sweep left license %s as it is", license_id)
            report.failed += 1
            continue
        report.taken.update(each.label for each in taken)
        if tell is not None:
            for each in taken:
                tell(each)
    return report


def _take_all(license_id: int, calendar: Calendar, *, trial: bool) -> list[Taken]:
    taken: list[Taken] = []
    with suppress(_TakenBack), transaction() as session:
        while (due := _next(session, license_id, calendar, taken)) is not None:
            row = licenses.act(license_id, due.trigger, THE_DESK, _told(session, license_id, due))
            taken.append(_taken(session, row, due.trigger))
        if trial:
            raise _TakenBack
    return taken


def _next(
    session: Session, license_id: int, calendar: Calendar, taken: list[Taken]
) -> Due | None:
    """What is due now that the license is held and the steps before have been taken."""
    line = held(session, license_id)
    before = {each.trigger for each in taken}
    found = calendar.due(line) if line else []
    return next((due for due in found if due.trigger not in before), None)


def _told(session: Session, license_id: int, due: Due) -> dict[str, Any]:
    """What the step keeps in the history, and its mails say."""
    if due.trigger not in NAMES_COURSES:
        return dict(due.data)
    person_id = session.scalars(select(License.person_id).where(License.id == license_id)).one()
    return {**due.data, "courses": courses.missing(session, [person_id], due.on)[person_id]}


def _taken(session: Session, row: License, trigger: str) -> Taken:
    told = (
        select(Person.first_name, Person.last_name, Person.email)
        .join(Effect, Effect.person_id == Person.id)
        .join(Event, Event.id == Effect.event_id)
        .where(Event.license_id == row.id, Event.version == row.version)
        .order_by(Effect.id)
    )
    names = tuple((full_name(*name), email) for *name, email in session.execute(told))
    label = next(step.label for step in WORKFLOW.steps if step.trigger == trigger)
    return Taken(trigger, label, session.get_one(Person, row.person_id).name, names)
