"""The second step of signing in: a half session becomes a whole one, by a code or a passkey.

Somebody who gets here knows the password. So wrong codes lock no license, but they are few: the
half session ends after some, and all of them together slow the account's next ones down.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.models.account import Account
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import counters, sessions
from helpdesk.services.admission import SignedIn, Unusable, admit, hold_account, too_many
from helpdesk.services.factors import apps, held, passkeys, recovery
from helpdesk.services.sign_in import Slowed
from helpdesk.transaction import transaction

CODES_PER_SESSION = 5


@dataclass(frozen=True)
class WrongCode:
    """`left`: tries before the half session ends."""

    left: int


class Over:
    """The half session has ended: too many wrong codes, or whatever ends all of them."""


Outcome = SignedIn | WrongCode | Over | Slowed | Unusable


def by_code(half: WebSession, typed: str, source: str) -> Outcome:
    """By what an app shows, or by a recovery code. Counted first, so that none slips past."""
    with transaction() as session:
        if wait := counters.wait(session, _codes_key(half)):
            return Slowed(wait)
        tried = counters.add(session, counters.key_of("half", str(half.id)), sessions.HALF_LIFE)
        if tried > CODES_PER_SESSION:
            return _over(session, half)
        in_all = counters.add(session, _codes_key(half), settings().ATTEMPTS_FORGOTTEN)
    if not proves(half.person_id, typed):
        return _wrong(half, tried, in_all)
    with transaction() as session:
        if not _spent(session, half):
            return Over()
        counters.clear(session, _codes_key(half))
        return admit(session, half.person_id, Proof.TWO_STEPS, source)


def by_passkey(half: WebSession, sealed: str, credential: str, source: str) -> Outcome:
    """By a passkey of theirs; nobody guesses one, so tries are not counted. Raises `NoProof`."""
    passkeys.prove(sealed, credential, half.person_id)
    with transaction() as session:
        if not _spent(session, half):
            return Over()
        return admit(session, half.person_id, Proof.TWO_STEPS, source)


def by_passkey_alone(sealed: str, credential: str, source: str) -> SignedIn | Slowed | Unusable:
    """Without a password: a passkey was unlocked by its owner, so it is both steps in one.

    Raises `NoProof`.
    """
    with transaction() as session:
        if wait := too_many(session, source):
            return Slowed(wait)
    person_id = passkeys.prove(sealed, credential)
    with transaction() as session:
        mine = Account.person_id == person_id
        if session.scalar(select(Account.disabled).where(mine)) is not False:
            raise passkeys.NoProof
        return admit(session, person_id, Proof.PASSKEY, source)


def _spent(session: Session, half: WebSession) -> bool:
    """Ends the half session, if it has not ended meanwhile: a new password, a third strike or a
    disabled account ends them all while a code is judged. They hold the account's row first."""
    hold_account(session, half.person_id)
    return sessions.end_live(session, half.id)


def proves(person_id: int, typed: str) -> bool:
    """Whether this is a code of theirs; uses it up."""
    code = "".join(filter(str.isdecimal, typed))
    with transaction() as session:
        if apps.accept(session, person_id, code):
            return True
    return recovery.use(person_id, code)


def _wrong(half: WebSession, tried: int, in_all: int) -> WrongCode | Over:
    """Once there are too many, the owner is told: whoever typed them knows the password."""
    with transaction() as session:
        if in_all == counters.SLOW_AFTER:
            held.tell(session, half.person_id, "wrong_codes")
        if tried == CODES_PER_SESSION:
            return _over(session, half)
    return WrongCode(CODES_PER_SESSION - tried)


def _over(session: Session, half: WebSession) -> Over:
    sessions.end_one(session, half.id)
    return Over()


def _codes_key(half: WebSession) -> str:
    return counters.key_of("codes", str(half.person_id))
