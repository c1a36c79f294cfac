"""Sessions on the server: begun, found again, ended."""

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.transaction import transaction

SEEN_EVERY = timedelta(minutes=1)
HALF_LIFE = timedelta(minutes=10)
"""How long somebody may take for the second step."""
KEPT = timedelta(days=30)
"""How long an ended session is kept: a page that was open all the while can still be sent."""

log = logging.getLogger(__name__)


def begin(session: Session, person_id: int, proof: Proof) -> str:
    """The token for the cookie; only its hash is kept here."""
    token, half = secrets.token_urlsafe(32), proof is Proof.HALF
    session.add(
        WebSession(
            token_hash=_hash(token),
            person_id=person_id,
            proof=proof,
            created_at=now(),
            seen_at=now(),
            ends_at=now() + (HALF_LIFE if half else settings().SESSION_MAX),
            confirmed_at=None if half else now(),
        )
    )
    return token


LIVE = select(WebSession).where(
    WebSession.token_hash == bindparam("token_hash"),
    WebSession.ended_at.is_(None),
    WebSession.ends_at > bindparam("now"),
    WebSession.seen_at > bindparam("idle_since"),
)
"""The session of a cookie, unless it was ended, idle too long, or has reached its age; `asked`
gives the values."""


def asked(token: str) -> dict[str, Any]:
    moment = now()
    idle_since = moment - settings().SESSION_IDLE
    return {"token_hash": _hash(token), "now": moment, "idle_since": idle_since}


def all_live(session: Session, person_id: int) -> list[WebSession]:
    """Everywhere that somebody is signed in, the latest used first."""
    query = select(WebSession).where(
        WebSession.person_id == person_id,
        WebSession.proof != Proof.HALF,
        WebSession.ended_at.is_(None),
        WebSession.ends_at > now(),
        WebSession.seen_at > now() - settings().SESSION_IDLE,
    )
    return list(session.scalars(query.order_by(WebSession.seen_at.desc(), WebSession.id.desc())))


def seen(web_session: WebSession) -> None:
    """Notes that the session is in use: a short transaction of its own, once a minute at most.

    The page matters more than the note: where the database can't take it, the next page tries.
    """
    if now() - web_session.seen_at < SEEN_EVERY:
        return
    mine = WebSession.id == web_session.id
    try:
        with transaction() as session:
            session.execute(update(WebSession).where(mine).values(seen_at=now()))
    except SQLAlchemyError:
        log.warning("that a session is in use could not be noted", exc_info=True)


def is_fresh(web_session: WebSession) -> bool:
    """Whether its owner has shown not long ago who they are."""
    shown = web_session.confirmed_at
    return shown is not None and now() - shown < settings().FRESH_SIGN_IN


def confirm(session: Session, session_id: int) -> None:
    """Its owner has just shown who they are."""
    mine = WebSession.id == session_id
    session.execute(update(WebSession).where(mine).values(confirmed_at=now()))


def succeed(old: str | None, new: str) -> bool:
    """Ends the session whose place a new one takes in its browser.

    True if both are the same person's, and nobody but time had ended the old one.
    """
    if old is None:
        return False
    with transaction() as session:
        before, after = _kept(session, old), _kept(session, new)
        if before is None or after is None:
            return False
        unended = before.ended_at is None
        _end(session, WebSession.id == before.id)
        return unended and before.person_id == after.person_id


def forget(session: Session) -> None:
    """Removes sessions that ended long ago, by themselves or otherwise."""
    session.execute(delete(WebSession).where(WebSession.ends_at < now() - KEPT))


def _kept(session: Session, token: str) -> WebSession | None:
    return session.scalar(select(WebSession).where(WebSession.token_hash == _hash(token)))


def sign_out(token: str) -> None:
    """Ends one session, at its owner's wish."""
    with transaction() as session:
        _end(session, WebSession.token_hash == _hash(token))


def end_all(session: Session, person_id: int) -> None:
    _end(session, WebSession.person_id == person_id)


def end_by_link(session: Session, person_id: int) -> None:
    """Those that prove an address, which is on file no more."""
    _end(session, (WebSession.person_id == person_id) & (WebSession.proof == Proof.LINK))


def end_others(session: Session, person_id: int, session_id: int) -> None:
    """All but this one."""
    _end(session, (WebSession.person_id == person_id) & (WebSession.id != session_id))


def sign_out_others(person_id: int, session_id: int) -> None:
    """Ends all but one, at their owner's wish."""
    with transaction() as session:
        end_others(session, person_id, session_id)


def end_one(session: Session, session_id: int) -> None:
    _end(session, WebSession.id == session_id)


def end_live(session: Session, session_id: int) -> bool:
    """Ends one; False where it has ended before, whatever ended it."""
    live = (WebSession.id == session_id, WebSession.ended_at.is_(None), WebSession.ends_at > now())
    ended = update(WebSession).where(*live).values(ended_at=now()).returning(WebSession.id)
    return session.scalar(ended) is not None


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(WebSession).where(which, WebSession.ended_at.is_(None)).values(ended_at=now())
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
