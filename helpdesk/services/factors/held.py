"""What somebody holds for the second step: listed, named, removed; each change is told by mail."""

import secrets
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.person import Person
from helpdesk.models.second_factor import FactorKind, RecoveryCode, SecondFactor
from helpdesk.outbox.owe import owe
from helpdesk.services import sessions, trace
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import transaction

MOST = 10
KINDS = {FactorKind.APP: "authenticator app", FactorKind.PASSKEY: "passkey"}


class TooMany(Exception):
    """Nobody needs more than `MOST`."""


def of(session: Session, person_id: int) -> list[SecondFactor]:
    """Oldest first."""
    mine = select(SecondFactor).where(SecondFactor.person_id == person_id)
    return list(session.scalars(mine.order_by(SecondFactor.id)))


def has_any(session: Session, person_id: int) -> bool:
    return bool(session.scalar(select(exists().where(SecondFactor.person_id == person_id))))


def add(session: Session, factor: SecondFactor, session_id: int) -> None:
    """With the first one, every other session of the person ends: it had no second step.

    Raises `TooMany`.
    """
    session.get_one(Person, factor.person_id, with_for_update=True)
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
    """The recovery codes go with the last one. Already removed is as good."""
    with transaction() as session:
        factor = session.get(SecondFactor, factor_id)
        if factor is None:
            return
        session.get_one(Person, factor.person_id, with_for_update=True)
        before = in_words(factor)
        session.delete(factor)
        session.flush()
        if not has_any(session, factor.person_id):
            _forget_codes(session, factor.person_id)
        tell(session, factor.person_id, "factor_removed", factor_words=before)
    trace.changed(actor, f"second factors of person {factor.person_id}", str(factor.kind), None)


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
