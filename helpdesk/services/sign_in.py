"""Signing in: three strikes lock a license, and nothing said tells whether a name exists.

What the page says after a failure depends only on the attempts counted for the typed name. A
license's lock is asked before the password, so that a locked account does not tell whether the
password was right. A desk role is slowed down and warned, never locked out by a stranger.

Where accounts are kept elsewhere, a sign-in here is no log-in there: it locks no license.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, now, settings
from helpdesk.models.account import Account
from helpdesk.models.license import license_of
from helpdesk.models.person import Person, normal_username, with_username
from helpdesk.models.role import grants_of
from helpdesk.models.web_session import Proof
from helpdesk.outbox.owe import owe
from helpdesk.services import counters, licenses, passwords, sessions
from helpdesk.services.admission import (
    SignedIn,
    Unusable,
    begin,
    hold_account,
    keys_of,
    standing,
    too_many,
    turn_back,
)
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.factors import held
from helpdesk.services.letters import personal_letter
from helpdesk.services.password_rules import too_short_alone
from helpdesk.transaction import release, transaction
from workflows.license import ABSENT, ACTIVE, HELD, LOCKED

__all__ = ["Failed", "HalfWay", "Outcome", "SignedIn", "Slowed", "TooShort", "Unusable",
           "sign_in"]  # fmt: skip


@dataclass(frozen=True)
class HalfWay:
    """The password was right, and a second step is owed. `token`: of a session that opens nothing
    but that step."""

    token: str


@dataclass(frozen=True)
class Failed:
    """`attempts` for the typed name, this one included."""

    attempts: int


@dataclass(frozen=True)
class Slowed:
    """Not even looked at: too many attempts came before."""

    wait: timedelta


@dataclass(frozen=True)
class TooShort:
    """The password is right, and too short without the second step that once stood beside it."""


Outcome = SignedIn | HalfWay | Failed | Slowed | Unusable | TooShort


@dataclass(frozen=True)
class _Claimant:
    """Whoever bears the typed name, as plain values: nothing is held while we hash."""

    person_id: int
    password_hash: str | None
    password_is_short: bool
    disabled: bool
    desk_role: bool
    license_state: str
    locked: bool

    @property
    def barred(self) -> bool:
        """Locked, with nothing else to sign in for: the password is not even looked at."""
        return self.locked and not self.desk_role


def sign_in(typed: str, password: str, source: str) -> Outcome:
    """Judges one attempt. `source` is the network address it came from."""
    name = normal_username(typed)
    name_key, pair_key = keys_of(name, source)
    wait = _admit(source, pair_key)
    if wait:
        return Slowed(wait)
    claimant = _find(db.session(), name)
    release()
    right = passwords.matches(_hash_to_try(claimant), password)
    if claimant is None or not right:
        return _failure(claimant, name_key, pair_key)
    return _success(claimant, name, password, source)


def _admit(source: str, pair_key: str) -> timedelta | None:
    """Counts the attempt for its source; how long to wait if there were too many."""
    with transaction() as session:
        return too_many(session, source) or counters.wait(session, pair_key)


def _find(session: Session, name: str) -> _Claimant | None:
    person = with_username(session, name)
    if person is None:
        return None
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    row = license_of(session, person.id)
    return _Claimant(
        person_id=person.id,
        password_hash=account.password_hash if account else None,
        password_is_short=account is not None and account.password_is_short,
        disabled=account.disabled if account else True,
        desk_role=bool(grants_of(session, person.id)),
        license_state=row.state if row else ABSENT,
        locked=row is not None and row.locked_at is not None and accounts_are_ours(),
    )


def _hash_to_try(claimant: _Claimant | None) -> str | None:
    if claimant is None or claimant.barred or claimant.disabled:
        return None
    return claimant.password_hash


def _failure(claimant: _Claimant | None, name_key: str, pair_key: str) -> Failed:
    forget = settings().ATTEMPTS_FORGOTTEN
    with transaction() as session:
        if claimant is not None:
            hold_account(session, claimant.person_id)
        counters.add(session, pair_key, forget)
        attempts = counters.add(session, name_key, forget)
        if claimant is not None:
            _strike(session, claimant)
            if claimant.desk_role and attempts == counters.SLOW_AFTER:
                _warn(session, claimant.person_id)
    return Failed(attempts)


def _strike(session: Session, claimant: _Claimant) -> None:
    """Counts a strike in one statement, so that no two attempts count as one; the last locks."""
    limit = settings().LOCK_AFTER
    if claimant.license_state not in HELD or claimant.locked or not accounts_are_ours():
        return
    strikes = session.scalar(
        update(Account)
        .where(Account.person_id == claimant.person_id, Account.bad_attempts < limit)
        .values(bad_attempts=Account.bad_attempts + 1)
        .returning(Account.bad_attempts)
        .execution_options(synchronize_session=False)
    )
    if (strikes is not None and strikes < limit) or not _has_account(session, claimant):
        return
    row = license_of(session, claimant.person_id)
    assert row is not None, "a license in a state, and no license"
    session.refresh(row, with_for_update=True)
    if row.locked_at is not None:  # whoever struck for the third time did it
        return
    licenses.act(row.id, "lock", THE_DESK)
    if not claimant.desk_role:
        sessions.end_all(session, claimant.person_id)


def _has_account(session: Session, claimant: _Claimant) -> bool:
    """Without one there is no password to guess, and nothing to lock."""
    mine = select(Account.id).where(Account.person_id == claimant.person_id)
    return session.scalar(mine) is not None


def _warn(session: Session, person_id: int) -> None:
    person = session.get_one(Person, person_id)
    if person.email is not None:
        key = f"attempts:{person.id}:{now():%Y%m%dT%H%M%S%f}"
        owe(session, personal_letter(key, "account/attempts", person))


def _success(claimant: _Claimant, name: str, password: str, source: str) -> Outcome:
    with transaction() as session:
        if not _unchanged(session, claimant):
            return _failure(claimant, *keys_of(name, source))
        short = _still_short(session, claimant, password)
        state = standing(session, claimant.person_id)
        struck = state == LOCKED and accounts_are_ours()
        if struck and not claimant.desk_role:  # the third strike fell while we hashed
            forget = settings().ATTEMPTS_FORGOTTEN
            return Failed(counters.add(session, keys_of(name, source)[0], forget))
        if held.has_any(session, claimant.person_id):
            return HalfWay(sessions.begin(session, claimant.person_id, Proof.HALF))
        if short:
            return TooShort()
        if state != ACTIVE and not claimant.desk_role:
            return turn_back(session, claimant.person_id, state, source)
        return begin(session, claimant.person_id, Proof.PASSWORD, source)


def _still_short(session: Session, claimant: _Claimant, password: str) -> bool:
    """It was when it was chosen; by today's rules it may be long enough, and is noted as such."""
    if not claimant.password_is_short or too_short_alone(password):
        return claimant.password_is_short
    mine = update(Account).where(Account.person_id == claimant.person_id)
    session.execute(mine.values(password_is_short=False))
    return False


def _unchanged(session: Session, claimant: _Claimant) -> bool:
    """False if the password was changed or the account disabled while we hashed."""
    mine = select(Account.password_hash, Account.disabled)
    kept = session.execute(
        mine.where(Account.person_id == claimant.person_id).with_for_update()
    ).one()
    return kept.password_hash == claimant.password_hash and not kept.disabled
