"""Licenses in the sweep: each takes what is due for it, one step after the other."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import absences, courses, licenses
from helpdesk.services.sweep.calendar import Calendar, held
from helpdesk.services.sweep.report import Job, Taken, TakenBack, told_of
from helpdesk.transaction import transaction
from workflows.deadlines import Due
from workflows.license import WORKFLOW

NAMES_COURSES = {"remind", "expire"}
LABELS = {step.trigger: step.label for step in WORKFLOW.steps}


def jobs(calendar: Calendar, ids: Iterable[int]) -> Iterator[Job]:
    for license_id in ids:
        yield Job(f"license {license_id}", partial(_take, license_id, calendar))


def _take(license_id: int, calendar: Calendar, trial: bool) -> list[Taken]:
    taken: list[Taken] = []
    with suppress(TakenBack), transaction() as session:
        while (due := _next(session, license_id, calendar, taken)) is not None:
            row = licenses.act(license_id, due.trigger, THE_DESK, _told(session, license_id, due))
            taken.append(_taken(session, row, due.trigger))
        if trial:
            raise TakenBack
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
    if due.trigger in absences.REPORTED:
        return {**absences.reported(session, license_id, due.trigger), **due.data}
    if due.trigger not in NAMES_COURSES:
        return dict(due.data)
    person_id = session.scalars(select(License.person_id).where(License.id == license_id)).one()
    return {**due.data, "courses": courses.missing(session, [person_id], due.on)[person_id]}


def _taken(session: Session, row: License, trigger: str) -> Taken:
    told = told_of(session, and_(Event.license_id == row.id, Event.version == row.version))
    return Taken(trigger, LABELS[trigger], session.get_one(Person, row.person_id).name, told)
