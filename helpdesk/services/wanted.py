"""Whether an account action that follows from a step of a license is wanted still.

It may have failed and be tried again much later, when the license has moved on; or it has waited
for staff's hands so long.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import now
from helpdesk.models.effect import Effect, Kind, Status, is_handed_over
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from workflows.effects import Action
from workflows.license import ACTIVE, DELETED, LOCKED

OPEN = {ACTIVE, LOCKED}
"""The states of a license whose account is to be there, and open."""


def unwanted(session: Session, person_id: int, action: str) -> str | None:
    """Why it is not done any more, as a sentence; None: it is to be done."""
    row = license_of(session, person_id)
    if row is None:
        return None
    if action == Action.DELETE:
        return _not_deleted(row)
    name, opens = session.get_one(Person, person_id).name, row.state in OPEN
    if action == Action.DEACTIVATE and opens:
        return f"{name}’s license is in use again, so the account stays open."
    if action == Action.REACTIVATE and not opens:
        return f"{name}’s license is {row.state.replace('_', ' ')} by now: the account stays shut."
    return None


def recall_unwanted(session: Session, person_id: int) -> None:
    """Takes back what waits for staff's hands for nothing. What somebody has in hand at this very
    moment is left to them: they hold it, and may be waiting for the license."""
    waiting = (
        select(Effect)
        .where(is_handed_over(), Effect.person_id == person_id, Effect.kind == Kind.ACCOUNT)
        .where(Effect.ticket_id.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for effect in session.scalars(waiting):
        why_not = unwanted(session, person_id, effect.payload["action"])
        if why_not is not None:
            effect.status, effect.settled_at = Status.RECALLED, now()
            effect.closed_reason = why_not


def _not_deleted(row: License) -> str | None:
    if row.facts.confirmed:
        return None
    return "It is deleted already." if row.state == DELETED else "The license is kept after all."
