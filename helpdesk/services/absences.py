"""Who leaves and who is away: reported for today, for a day that has passed, or for one to come.

A day to come is kept on the license, and can be taken back until it is there. Then the desk has
the license take the very step that a report for today takes.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.services import licenses
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from workflows.license import MOVE


class Absence(StrEnum):
    DEPARTURE = "departure"
    LEAVE = "leave"


STEPS = {Absence.DEPARTURE: "depart", Absence.LEAVE: "take_leave"}
PLANS = {Absence.DEPARTURE: "plan_departure", Absence.LEAVE: "plan_leave"}
REPORTED = {STEPS[kind]: PLANS[kind] for kind in Absence} | {
    MOVE: "plan_move", "miss_move": "plan_move"
}  # fmt: skip
"""What the desk does on a day that was told, and the step by which somebody told it."""
CANCELS = {Absence.DEPARTURE: "cancel_departure", Absence.LEAVE: "cancel_leave"}


@dataclass(frozen=True)
class Report:
    """`on`: the last day before a departure, the first day of a leave. `back_on`: the day of return
    from a leave, where known."""

    kind: Absence
    on: date
    back_on: date | None = None
    words: str = ""

    @property
    def data(self) -> dict[str, str | None]:
        back = self.back_on.isoformat() if self.back_on else None
        return {"on": self.on.isoformat(), "back_on": back, "message": self.words or None}


def report(license_id: int, told: Report, actor: Actor) -> License:
    """Now, or on the day that was told. The same report twice is one. Raises `Refused`."""
    ahead = told.on > today()
    with transaction() as session:
        row = licenses.held(session, license_id)
        if (told.on, told.back_on) == _on_file(row, told.kind, ahead=ahead):
            return row
        steps = PLANS if ahead else STEPS
        return licenses.take(session, row, steps[told.kind], actor, told.data)


def _on_file(
    row: License, kind: Absence, *, ahead: bool
) -> tuple[date | None, date | None]:
    """What was reported before: the day, and the day of return."""
    if kind is Absence.DEPARTURE:
        return row.departs_on if ahead else row.departed_on, None
    return row.leave_from if ahead else row.on_leave_since, row.leave_until


def cancel(license_id: int, kind: Absence, actor: Actor) -> License:
    """Takes a report back whose day is still to come. Raises `Refused`."""
    return licenses.act(license_id, CANCELS[kind], actor)


def reported(session: Session, license_id: int, trigger: str) -> dict[str, Any]:
    """What was told of what is done now, and by whom."""
    query = select(Event).where(
        Event.license_id == license_id, Event.trigger == REPORTED[trigger]
    )
    told = session.scalars(query.order_by(Event.version.desc()).limit(1)).one_or_none()
    return {**told.data, "by": told.actor_name} if told else {}
