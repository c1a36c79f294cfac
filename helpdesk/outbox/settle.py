"""Writes how an attempt ended, if the lease is still ours."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import Result, bindparam, update
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.effect import Effect, Status
from helpdesk.outbox.claim import Claimed
from helpdesk.transaction import rows_changed


class LeaseLost(Exception):
    """Another worker has the effect by now: nothing of this attempt may be written."""


def backoff(attempt: int, chance: float) -> timedelta:
    """The wait after the given attempt (1 is the first): doubling, capped, spread by `chance`.

    `chance` is from 0 to 1 and moves the wait between half and one and a half of itself.
    """
    config = settings()
    doubled: timedelta = config.EFFECT_BACKOFF * 2 ** min(attempt - 1, 20)
    return min(doubled, config.EFFECT_BACKOFF_MAX) * (0.5 + chance)


def is_last(claimed: Claimed) -> bool:
    return claimed.attempt >= claimed.allowed_attempts


def done(session: Session, claimed: Claimed) -> None:
    """Raises `LeaseLost`, as all of these do."""
    _ours(session.execute(DONE, {**_fence(claimed), "at": now()}), claimed)


def dead(session: Session, claimed: Claimed, error: str) -> None:
    _write(session, claimed, status=Status.DEAD, settled_at=now(), error=error)


def recalled(session: Session, claimed: Claimed, reason: str) -> None:
    """It has not left, and is not wanted any more."""
    _write(session, claimed, status=Status.RECALLED, settled_at=now(), closed_reason=reason)


def later(
    session: Session, claimed: Claimed, error: str, at_least: timedelta | None = None
) -> None:
    """`at_least`: how long the other side asked us to wait."""
    wait = backoff(_tries(claimed), random.random())  # noqa: S311  spreads load, guards nothing
    wait = max(wait, at_least or wait)
    _write(session, claimed, status=Status.DUE, due_at=now() + wait, error=error)


def _tries(claimed: Claimed) -> int:
    """Attempts since it was owed, or since a person had it retried; what was put back is no try.

    The allowance grew by all the others. If the setting has changed since, it is about so many.
    """
    others = claimed.allowed_attempts - settings().EFFECT_ATTEMPTS
    return max(claimed.attempt - others, 1)


def put_back(session: Session, claimed: Claimed) -> None:
    """Returns an effect that was leased and not tried; the attempt does not count."""
    allowed = Effect.allowed_attempts + 1
    _write(session, claimed, status=Status.DUE, due_at=now(), allowed_attempts=allowed)


def hand_over(session: Session, claimed: Claimed) -> None:
    """A person does it, however long that takes; `claim.take_back` is the way back."""
    _write(session, claimed, status=Status.HANDED_OVER, error=None)


def hold(session: Session, claimed: Claimed) -> None:
    """Makes sure the lease is ours and stays so until this transaction ends."""
    _write(session, claimed, status=Status.LEASED)


def _write(session: Session, claimed: Claimed, **values: object) -> None:
    _ours(session.execute(MINE.values(**values), _fence(claimed)), claimed)


def _fence(claimed: Claimed) -> dict[str, object]:
    """The attempt's number is the fence: a worker that outlived its lease matches no row."""
    return {"effect": claimed.id, "leased": Status.LEASED, "attempt": claimed.attempt}


def _ours(result: Result[Any], claimed: Claimed) -> None:
    if rows_changed(result) != 1:
        raise LeaseLost(claimed.key)


MINE = (
    update(Effect)
    .where(
        Effect.id == bindparam("effect"),
        Effect.status == bindparam("leased"),
        Effect.attempts == bindparam("attempt"),
    )
    .execution_options(synchronize_session=False)
)
DONE = MINE.values(status=Status.DONE, settled_at=bindparam("at"), error=None)
"""Made once: so end nearly all effects there ever are."""
