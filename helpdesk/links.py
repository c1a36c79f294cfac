"""One-time links: made from the key of the mail that carries them, kept as a hash, used up once.

A mail that has to be sent again carries the very same link, because the token is computed from
the mail's key. Its life begins when a mail with it may have reached the reader.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.effect import Effect, is_dead, is_pending
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.transaction import rows_changed

TOKEN_BYTES = 24
KEPT = timedelta(days=180)
"""How long a link is known: whoever opens it later than it works is still offered a new one."""

LONG = 72
"""Hours; what is longer is told in days."""


class Purpose(StrEnum):
    SET_PASSWORD = "set-password"
    RESET = "reset-password"
    ACCESS = "link"
    SIGN = "sign"


TO_A_PASSWORD = frozenset({Purpose.SET_PASSWORD, Purpose.RESET})
"""Both end at a new password: of all of them, only the newest works."""


@dataclass(frozen=True)
class Found:
    """A link somebody followed. `alive` False: it is used up, replaced or out of time."""

    id: int
    person_id: int
    purpose: Purpose
    alive: bool
    used: bool


def url(purpose: Purpose, key: str) -> str:
    return f"{settings().BASE_URL.rstrip('/')}/{purpose}/{_token(purpose, key)}"


def life(purpose: Purpose) -> timedelta:
    config = settings()
    spans = {
        Purpose.SET_PASSWORD: config.SET_PASSWORD_LINK,
        Purpose.RESET: config.RESET_LINK,
        Purpose.ACCESS: config.ACCESS_LINK,
        Purpose.SIGN: config.SIGN_LINK,
    }
    return spans[purpose]


def life_in_words(purpose: Purpose) -> str:
    """15 minutes, 72 hours."""
    minutes = max(1, round(life(purpose).total_seconds() / 60))
    number, unit = (round(minutes / 60), "hour") if minutes >= 90 else (minutes, "minute")
    if number > LONG and unit == "hour":
        number, unit = round(number / 24), "day"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def key_hash(purpose: Purpose, key: str) -> str:
    """What is kept of a link, to find again what it is for."""
    return token_hash(_token(purpose, key))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mint(session: Session, purpose: Purpose, person_id: int, key: str) -> str:
    """The link's address. Its life starts now unless it already has; older ones end.

    A link that a newer one has ended stays ended, whatever mail is sent again.
    """
    kept = key_hash(purpose, key)
    link = session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == kept))
    if link is None:
        _end_others(session, purpose, person_id)
        link = OneTimeLink(
            token_hash=kept, purpose=purpose, person_id=person_id, created_at=now()
        )
        session.add(link)
    if link.expires_at is None:
        link.expires_at = now() + life(purpose)
    session.flush()
    return url(purpose, key)


def rest(session: Session, purpose: Purpose, key: str) -> None:
    """The mail was clearly refused, nobody has the link: its life has not begun after all."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == key_hash(purpose, key))
        .values(expires_at=None)
    )


def find(session: Session, purposes: Collection[Purpose], token: str) -> Found | None:
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose.in_(purposes)
    )
    link = session.scalar(query)
    return _found(link) if link else None


def _found(link: OneTimeLink) -> Found:
    purpose, used = Purpose(link.purpose), link.used_at is not None
    return Found(link.id, link.person_id, purpose, _alive(link, now()), used)


def use(session: Session, found: Found) -> bool:
    """Uses the link up; False if somebody else just did, or it has ended meanwhile."""
    result = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.id == found.id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.ended_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .values(used_at=now())
    )
    return rows_changed(result) == 1


def end_all(session: Session, person_id: int) -> None:
    """Ends every link of a person that is still open."""
    _end(session, OneTimeLink.person_id == person_id)


def forget(session: Session) -> None:
    """Removes links that ended long ago, but of nobody to whom a mail is still owed: a mail that is
    sent again would find its link gone, and make it anew."""
    owed = select(Effect.person_id).where(or_(is_pending(Effect), is_dead()))
    session.execute(
        delete(OneTimeLink)
        .where(OneTimeLink.created_at < now() - KEPT, OneTimeLink.person_id.not_in(owed))
        .execution_options(synchronize_session=False)
    )


def _end_others(session: Session, purpose: Purpose, person_id: int) -> None:
    rivals = TO_A_PASSWORD if purpose in TO_A_PASSWORD else {purpose}
    _end(session, OneTimeLink.person_id == person_id, OneTimeLink.purpose.in_(rivals))


def _end(session: Session, *conditions: ColumnElement[bool]) -> None:
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.ended_at.is_(None), *conditions)
        .values(ended_at=now())
    )


def _alive(link: OneTimeLink, moment: datetime) -> bool:
    running = link.expires_at is not None and link.created_at <= moment < link.expires_at
    return link.used_at is None and link.ended_at is None and running


def _token(purpose: Purpose, key: str) -> str:
    secret = settings().SECRET_KEY.encode()
    digest = hmac.digest(secret, f"{purpose}:{key}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()
