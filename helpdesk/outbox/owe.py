"""Adds rows to the outbox, in the transaction of the step that owes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.transaction import OWED


@dataclass(frozen=True)
class Debt:
    """`key` is stable for ever: it becomes the Message-ID, and the directory's own key."""

    key: str
    kind: Kind
    lane: str
    person_id: int
    payload: dict[str, Any]
    ticket_id: int | None = None
    event_id: int | None = None


def account_lane(person_id: int) -> str:
    """All that is done to one account, whoever asked for it, is done in order."""
    return f"license:{person_id}"


def owe(session: Session, *debts: Debt) -> None:
    if not debts:
        return
    fresh = {
        "status": Status.DUE,
        "due_at": now(),
        "created_at": now(),
        "allowed_attempts": settings().EFFECT_ATTEMPTS,
    }
    session.execute(insert(Effect), [vars(debt) | fresh for debt in debts])
    session.info[OWED] |= {debt.kind for debt in debts}


def owe_once(session: Session, debts: Sequence[Debt]) -> int:
    """Adds those whose key is new; tells how many. Two at once meet at the unique key, and the
    later one fails as a whole."""
    keys = [debt.key for debt in debts]
    known = set(session.scalars(select(Effect.key).where(Effect.key.in_(keys))))
    fresh = [debt for debt in debts if debt.key not in known]
    owe(session, *fresh)
    return len(fresh)


def recall_actions(session: Session, ticket_id: int, reason: str) -> None:
    """Takes back account actions that have not left: their ticket has ended without them."""
    untouched: ColumnElement[bool] = Effect.status.in_((Status.DUE, Status.DEAD))
    session.execute(
        update(Effect)
        .where(Effect.ticket_id == ticket_id, Effect.kind == Kind.ACCOUNT, untouched)
        .values(status=Status.RECALLED, settled_at=now(), closed_reason=reason)
    )
