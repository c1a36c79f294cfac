"""A fresh sign-in before a sensitive act: whoever sits at the session shows again who they are.

The same is asked for as at sign-in: the password, and a code where there is a second step. A wrong
answer locks nothing, but they are few; then the session ends.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.web_session import WebSession
from helpdesk.services import counters, passwords, sessions
from helpdesk.services.factors import held, passkeys
from helpdesk.services.factors.second_step import proves
from helpdesk.transaction import release, transaction

TRIES = 5
WITHIN = timedelta(minutes=15)


class Confirmed:
    """It is them."""


@dataclass(frozen=True)
class Wrong:
    """`left`: tries before the session ends."""

    left: int


class Ended:
    """The session has ended: too many wrong answers."""


Outcome = Confirmed | Wrong | Ended


def by_password(held_session: WebSession, password: str, code: str) -> Outcome:
    """Counted first, so that no try slips past."""
    with transaction() as session:
        tried = counters.add(session, _key(held_session), WITHIN)
        if tried > TRIES:
            return _end(session, held_session)
    if not _right(held_session.person_id, password, code):
        return _wrong(held_session, tried)
    confirm(held_session)
    return Confirmed()


def by_passkey(held_session: WebSession, sealed: str, credential: str) -> None:
    """Raises `NoProof`."""
    passkeys.prove(sealed, credential, held_session.person_id)
    confirm(held_session)


def confirm(held_session: WebSession) -> None:
    with transaction() as session:
        counters.clear(session, _key(held_session))
        sessions.confirm(session, held_session.id)


def _right(person_id: int, password: str, code: str) -> bool:
    mine = Account.person_id == person_id
    known = db.session.scalar(select(Account.password_hash).where(mine))
    two_steps = held.has_any(db.session(), person_id)
    release()
    return passwords.matches(known, password) and (not two_steps or proves(person_id, code))


def _wrong(held_session: WebSession, tried: int) -> Wrong | Ended:
    if tried < TRIES:
        return Wrong(TRIES - tried)
    with transaction() as session:
        return _end(session, held_session)


def _end(session: Session, held_session: WebSession) -> Ended:
    sessions.end_one(session, held_session.id)
    return Ended()


def _key(held_session: WebSession) -> str:
    return counters.key_of("confirm", str(held_session.id))
