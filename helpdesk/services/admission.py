"""Letting somebody in who has shown who they are, if the license and the roles allow it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.account import Account
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import grants_of
from helpdesk.models.web_session import Proof
from helpdesk.services import counters, sessions
from helpdesk.services.directories import accounts_are_ours
from workflows.license import ABSENT, ACTIVE, EXPIRED, LOCKED

SOURCE_WINDOW = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    token: str


@dataclass(frozen=True)
class Unusable:
    """It is them, and the license is in a state that does not let its holder in.

    `token` is of a session for the request that brings it back, where its holder may file it.
    """

    person_id: int
    state: str
    token: str | None


def too_many(session: Session, source: str) -> timedelta | None:
    """Counts an attempt; how long to wait if there were too many from its source, or in all."""
    config = settings()
    from_there = counters.add(session, counters.key_of("source", source), SOURCE_WINDOW)
    if from_there > config.SIGN_INS_PER_SOURCE:
        return SOURCE_WINDOW
    in_all = counters.add(session, counters.key_of("all"), MINUTE)
    return MINUTE if in_all > config.SIGN_INS_PER_MINUTE else None


def hold_account(session: Session, person_id: int) -> None:
    """Whoever judges an attempt, or changes a password, has the account first and then what is
    counted under its name: in the other order, two of them would wait for each other."""
    mine = Account.person_id == person_id
    session.execute(select(Account.id).where(mine).with_for_update())


def standing(session: Session, person_id: int) -> str:
    """The state of the license now, its strikes forgiven unless the last just fell."""
    hold_account(session, person_id)  # strikes wait, or came first
    row = license_of(session, person_id)
    if row is not None and row.locked_at is not None:
        return LOCKED
    mine = Account.person_id == person_id
    session.execute(update(Account).where(mine).values(bad_attempts=0))
    return row.state if row else ABSENT


def admit(session: Session, person_id: int, proof: Proof, source: str) -> SignedIn | Unusable:
    """Begins a session for whoever may have one."""
    state = standing(session, person_id)
    if state != ACTIVE and not grants_of(session, person_id):
        return turn_back(session, person_id, state, source)
    return begin(session, person_id, proof, source)


def turn_back(session: Session, person_id: int, state: str, source: str) -> Unusable:
    """An expired license is renewed by a request of its holder's; the others take somebody else."""
    forgive(session, person_id, source)
    renews = state == EXPIRED
    token = sessions.begin(session, person_id, Proof.WAY_BACK) if renews else None
    return Unusable(person_id, state, token)


def begin(session: Session, person_id: int, proof: Proof, source: str) -> SignedIn:
    """For whoever has been judged; what was counted against them is forgotten."""
    forgive(session, person_id, source)
    row = license_of(session, person_id)
    if row is not None and row.state == ACTIVE and accounts_are_ours():
        row.last_login_at, row.log_in_by = now(), None
    return SignedIn(sessions.begin(session, person_id, proof))


def forgive(session: Session, person_id: int, source: str) -> None:
    """What was counted against their name, and from there, keeps them waiting no longer."""
    name = session.get_one(Person, person_id).username or ""
    counters.clear(session, *keys_of(name, source))


def keys_of(name: str, source: str) -> tuple[str, str]:
    """What bad passwords are counted under: the name, and the name with where they came from."""
    return counters.key_of("name", name), counters.key_of("pair", name, source)
