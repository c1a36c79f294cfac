"""Counts of attempts that all processes share."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.counter import Counter

SLOW_AFTER = 5
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Count:
    count: int
    last_at: datetime


def key_of(*parts: str) -> str:
    """A keyed hash: whoever reads the table learns no typed name and no address."""
    message = "\x1f".join(parts).encode()
    return hmac.digest(settings().SECRET_KEY.encode(), message, hashlib.sha256).hex()


def add(session: Session, key: str, forget_after: timedelta) -> int:
    """Counts one more and says how many there are; older counts are forgotten first."""
    moment = now()
    insert = postgresql.insert if settings().on_postgresql else sqlite.insert
    fresh = Counter.first_at > moment - forget_after
    statement = (
        insert(Counter)
        .values(key=key, count=1, first_at=moment, last_at=moment)
        .on_conflict_do_update(
            index_elements=[Counter.key],
            set_={
                "count": case((fresh, Counter.count + 1), else_=1),
                "first_at": case((fresh, Counter.first_at), else_=moment),
                "last_at": moment,
            },
        )
        .returning(Counter.count)
    )
    return int(session.execute(statement).scalar_one())


def read(session: Session, key: str, forget_after: timedelta) -> Count | None:
    row = session.get(Counter, key)
    if row is None or row.first_at <= now() - forget_after:
        return None
    return Count(row.count, row.last_at)


def wait(session: Session, key: str) -> timedelta | None:
    """How long the next attempt must wait: from `SLOW_AFTER` on, twice as long each time."""
    found = read(session, key, settings().ATTEMPTS_FORGOTTEN)
    if found is None or found.count < SLOW_AFTER:
        return None
    span = min(timedelta(seconds=2 ** min(found.count - SLOW_AFTER, 20)), LONGEST_WAIT)
    return max(found.last_at + span - now(), timedelta()) or None


def clear(session: Session, *keys: str) -> None:
    session.execute(delete(Counter).where(Counter.key.in_(keys)))


def forget(session: Session, forget_after: timedelta) -> None:
    """Removes what no longer counts, and waits for nobody who is counting just now."""
    old = select(Counter.key).where(Counter.last_at < now() - forget_after)
    unheld = old.with_for_update(skip_locked=True)
    session.execute(delete(Counter).where(Counter.key.in_(unheld)))


def forget_all(session: Session) -> None:
    """Whatever was counted: the keys are hashes, so nobody's can be told from the others'."""
    session.execute(delete(Counter))
