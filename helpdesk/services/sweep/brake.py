"""The brake: a sweep that would change many licenses at once waits until a manager has seen it.

What is wrong then is mostly something else: an import, a setting, a clock. Once it is mended, so
that fewer would change, the sweep goes on by itself.
"""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.license import License
from helpdesk.models.role import managers
from helpdesk.models.sweep_hold import SweepHold, waiting_hold
from helpdesk.outbox.owe import owe
from helpdesk.services import trace
from helpdesk.services.absences import REPORTED
from helpdesk.services.letters import personal_letter
from helpdesk.services.sweep.calendar import SWEPT
from helpdesk.services.sweep.report import Load
from helpdesk.transaction import transaction
from workflows.deadlines import Due
from workflows.license import CHANGES

DECIDED = {*REPORTED, "end_leave", "miss_log_in"}


def changes(found: list[Due]) -> bool:
    """Whether a license would be changed by the calendar alone, and not only told of. What people
    have reported for the day, they have decided."""
    return any(due.trigger in CHANGES and due.trigger not in REPORTED for due in found)


def decided(found: list[Due]) -> bool:
    """Whether people have decided all of it: then it waits for no manager."""
    return all(due.trigger in DECIDED for due in found)


def allowance(held: int) -> float:
    """So many may change without anybody being asked."""
    config = settings()
    return max(held * config.SWEEP_BRAKE_PERCENT / 100, config.SWEEP_BRAKE_LEAST)


def load(session: Session, changing: int) -> Load:
    held = session.scalar(select(func.count()).select_from(License).where(*SWEPT))
    return Load(changing, held or 0)


def stops(of: Load) -> bool:
    """Whether the sweep has to wait; managers are asked, once."""
    try:
        with transaction() as session:
            return _stops(session, of)
    except IntegrityError:
        return True  # another sweep has asked by now


def _stops(session: Session, of: Load) -> bool:
    hold = waiting_hold(session, locked=True)
    room = allowance(of.held)
    if hold is not None and hold.released_at is not None:
        if of.changes <= hold.changes + room:
            return False
        _end(hold)
        session.flush()
        hold = None  # that is not what the manager has seen
    if of.changes <= room:
        if hold is not None:
            _end(hold)
        return False
    if hold is None:
        _ask(session, of)
    else:
        hold.changes, hold.held = of.changes, of.held
    return True


def _ask(session: Session, of: Load) -> None:
    hold = SweepHold(changes=of.changes, held=of.held)
    session.add(hold)
    session.flush()
    says = {"changes": of.changes, "held": of.held, "percent": of.percent,
            "path": "/manage/deadlines"}  # fmt: skip
    for person in managers(session):
        if person.email is not None:
            owe(session, personal_letter(f"hold:{hold.id}:{person.id}", "desk/sweep_waits", person,
                                         says=says))  # fmt: skip


def release(hold_id: int, actor: Actor) -> bool:
    """A manager lets it run. False if it waits no more."""
    with transaction() as session:
        hold = waiting_hold(session, locked=True)
        if hold is None or hold.id != hold_id or hold.released_at is not None:
            return False
        hold.released_at, hold.released_by_id = now(), actor.person_id
    trace.changed(actor, f"sweep hold {hold_id}", "waits", "released")
    return True


def gone_on() -> None:
    """The sweep that was let run is through."""
    with transaction() as session:
        hold = waiting_hold(session, locked=True)
        if hold is not None and hold.released_at is not None:
            _end(hold)


def _end(hold: SweepHold) -> None:
    hold.waits, hold.ended_at = None, now()
