"""Leases effects to a worker, the head of each lane only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session, aliased

from helpdesk.extensions import now, settings
from helpdesk.models.effect import Effect, Kind, Status, is_handed_over, is_pending, is_unsettled


@dataclass(frozen=True)
class Claimed:
    """An effect in the hands of one worker until `lease_ends`. Plain values: no row is held."""

    id: int
    key: str
    kind: Kind
    payload: dict[str, Any]
    ticket_id: int | None
    person_id: int
    attempt: int
    allowed_attempts: int
    lease_ends: datetime
    created_at: datetime


def due_ids(kind: Kind, moment: datetime) -> Select[int]:
    """Effects that may be performed now: nothing earlier of their lane is still open."""
    earlier = aliased(Effect)
    waits = exists().where(
        earlier.lane == Effect.lane, earlier.id < Effect.id, is_unsettled(earlier)
    )
    return (
        select(Effect.id)
        .where(Effect.kind == kind, is_pending(Effect), Effect.due_at <= moment, ~waits)
        .order_by(Effect.due_at, Effect.id)
    )


def anything_due(session: Session, kind: Kind) -> bool:
    return session.scalar(due_ids(kind, now()).limit(1)) is not None


def claim(session: Session, kind: Kind, limit: int) -> list[Claimed]:
    """Leases up to `limit` due effects. A lease that has run out is anybody's again."""
    moment = now()
    lease_ends = moment + settings().EFFECT_LEASE
    # Picked in a CTE: PostgreSQL may ask a subquery once for each row, and its limit with it.
    ids = due_ids(kind, moment).limit(limit).with_for_update(skip_locked=True, of=Effect)
    picked = ids.cte("picked")
    leased = session.execute(
        update(Effect)
        .where(Effect.id.in_(select(picked.c.id)))
        .values(status=Status.LEASED, due_at=lease_ends, attempts=Effect.attempts + 1)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    )
    return sorted((Claimed(*row) for row in leased), key=lambda claimed: claimed.id)


def take_back(session: Session, key: str) -> Claimed | None:
    """An effect that a person has dealt with, for whoever settles it in this very transaction.

    None if it is not handed over (any more).
    """
    leased = session.execute(
        update(Effect)
        .where(Effect.key == key, is_handed_over())
        .values(status=Status.LEASED)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claimed(*leased) if leased else None


COLUMNS = (
    Effect.id, Effect.key, Effect.kind, Effect.payload, Effect.ticket_id, Effect.person_id,
    Effect.attempts, Effect.allowed_attempts, Effect.due_at, Effect.created_at,
)  # fmt: skip
"""Those of `Claimed`, in its order."""
