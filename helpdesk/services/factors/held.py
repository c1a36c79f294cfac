"""What somebody holds for the second step: listed, named, removed; each change is told by mail."""

import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.models.role import HAND, Role, grants_of
from helpdesk.models.second_factor import FactorKind, RecoveryCode, SecondFactor
from helpdesk.outbox.owe import owe
from helpdesk.services import sessions, trace
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import hold, rows_changed, transaction

MOST = 10
KINDS = {FactorKind.APP: "authenticator app", FactorKind.PASSKEY: "passkey"}


class TooMany(Exception):
    """Nobody needs more than `MOST`."""


class Needed(Exception):
    """It is the last one of somebody who must have one."""


def required(roles: Collection[Role]) -> bool:
    """Whether whoever holds these roles must have a second step."""
    return settings().SECOND_FACTOR_REQUIRED == "staff" and bool(HAND & set(roles))


def of(session: Session, person_id: int) -> list[SecondFactor]:
    """Oldest first."""
    mine = select(SecondFactor).where(SecondFactor.person_id == person_id)
    return list(session.scalars(mine.order_by(SecondFactor.id)))


def has_any(session: Session, person_id: int) -> bool:
    return bool(session.scalar(select(exists().where(SecondFactor.person_id == person_id))))


def missed(session: Session, person_id: int) -> bool:
    """Whether the password is too short to go without a second step."""
    short = Account.password_is_short
    return bool(session.scalar(select(short).where(Account.person_id == person_id)))


def add(session: Session, factor: SecondFactor, session_id: int) -> None:
    """With the first one, every other session of the person ends: it had no second step.

    Raises `TooMany`.
    """
    hold(session, Person.id, factor.person_id)
    others = len(of(session, factor.person_id))
    if others >= MOST:
        raise TooMany
    if not others:
        sessions.end_others(session, factor.person_id, session_id)
    session.add(factor)
    tell(session, factor.person_id, "factor_added", factor_words=in_words(factor))


def rename(factor_id: int, name: str) -> None:
    with transaction() as session:
        session.get_one(SecondFactor, factor_id).name = name


def remove(factor_id: int, actor: Actor) -> None:
    """The recovery codes go with the last one. Already removed is as good. Raises `Needed`."""
    with transaction() as session:
        factor = session.get(SecondFactor, factor_id)
        if factor is None:
            return
        hold(session, Person.id, factor.person_id)
        before = in_words(factor)
        session.delete(factor)
        session.flush()
        if not has_any(session, factor.person_id):
            _refuse_needed(session, factor.person_id)
            _forget_codes(session, factor.person_id)
        tell(session, factor.person_id, "factor_removed", factor_words=before)
    trace.changed(actor, f"second factors of person {factor.person_id}", str(factor.kind), None)


def clear(session: Session, person_id: int) -> int:
    """Removes all that somebody holds, and says how much it was; they are signed out everywhere."""
    hold(session, Person.id, person_id)
    mine = delete(SecondFactor).where(SecondFactor.person_id == person_id)
    removed = rows_changed(session.execute(mine))
    _forget_codes(session, person_id)
    sessions.end_all(session, person_id)
    return removed


def _refuse_needed(session: Session, person_id: int) -> None:
    if required([grant.role for grant in grants_of(session, person_id)]):
        raise Needed


def _forget_codes(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def tell(session: Session, person_id: int, what: str, **says: Any) -> None:
    """Mails a notice to the address on file, if there is one."""
    person = session.get_one(Person, person_id)
    if person.email is None:
        return
    key = f"{what.replace('_', '-')}:{person_id}:{secrets.token_hex(8)}"
    says["when_words"] = moment_in_words(now())
    owe(session, personal_letter(key, f"account/{what}", person, says=says))


def in_words(factor: SecondFactor) -> str:
    """the passkey “Office laptop”"""
    return f"the {KINDS[factor.kind]} “{factor.name}”"
