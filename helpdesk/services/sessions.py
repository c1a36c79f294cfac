"""Sessions on the server: begun, found again, ended."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.transaction import transaction

SEEN_EVERY = timedelta(minutes=1)


def begin(session: Session, person_id: int, proof: Proof) -> str:
    """The token for the cookie; only its hash is kept here."""
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=_hash(token),
            person_id=person_id,
            proof=proof,
            created_at=now(),
            seen_at=now(),
            ends_at=now() + settings().SESSION_MAX,
        )
    )
    return token


def live(session: Session, token: str) -> WebSession | None:
    """The session of a cookie, unless it was ended, idle too long, or has reached its age."""
    query = select(WebSession).where(
        WebSession.token_hash == _hash(token),
        WebSession.ended_at.is_(None),
        WebSession.ends_at > now(),
        WebSession.seen_at > now() - settings().SESSION_IDLE,
    )
    return session.scalar(query)


def seen(web_session: WebSession) -> None:
    """Notes that the session is in use: a short transaction of its own, once a minute at most."""
    if now() - web_session.seen_at < SEEN_EVERY:
        return
    session_id = web_session.id
    with transaction() as session:
        session.execute(
            update(WebSession).where(WebSession.id == session_id).values(seen_at=now())
        )


def sign_out(token: str) -> None:
    """Ends one session, at its owner's wish."""
    with transaction() as session:
        _end(session, WebSession.token_hash == _hash(token))


def end_all(session: Session, person_id: int) -> None:
    _end(session, WebSession.person_id == person_id)


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(WebSession).where(which, WebSession.ended_at.is_(None)).values(ended_at=now())
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
