"""Whether an account action that follows from a step of a license is wanted still.

It may have failed and be tried again much later, when the license has moved on.
"""

from sqlalchemy.orm import Session

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
        return "There is no license any more."
    if action == Action.DELETE:
        return _not_deleted(row)
    if action == Action.DEACTIVATE and row.state in OPEN:
        name = session.get_one(Person, person_id).name
        return f"{name} is back and uses the license, so the account stays open."
    return None


def _not_deleted(row: License) -> str | None:
    if row.facts.confirmed:
        return None
    return "It is deleted already." if row.state == DELETED else "The license is kept after all."
