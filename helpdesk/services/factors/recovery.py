"""Recovery codes, for when the phone is lost: ten at a time, shown once, each good once.

They are few enough digits to be worth guessing offline, so they are hashed as passwords are.
"""

import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.models.person import Person
from helpdesk.models.second_factor import RecoveryCode
from helpdesk.services import passwords, trace
from helpdesk.services.factors import held
from helpdesk.transaction import release, rows_changed, transaction

CODES = 10
DIGITS = 12


def left(session: Session, person_id: int) -> int:
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def renew(person_id: int, actor: Actor) -> list[str]:
    """A new set, to be shown now and never again; the old codes stop working."""
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(CODES)]
    hashes = [passwords.hash_password(code) for code in codes]
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        before = left(session, person_id)
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        session.add_all(RecoveryCode(person_id=person_id, code_hash=each) for each in hashes)
        held.tell(session, person_id, "recovery_codes")
    trace.changed(actor, f"recovery codes of person {person_id}", before, CODES)
    return [" ".join(code[at : at + 4] for at in range(0, DIGITS, 4)) for code in codes]


def use(person_id: int, code: str) -> bool:
    """Takes some time, since each code is hashed by itself; holds nothing meanwhile."""
    if len(code) != DIGITS:
        return False
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    rows = db.session.execute(select(RecoveryCode.id, RecoveryCode.code_hash).where(*unused)).all()
    release()
    found = next((row_id for row_id, known in rows if passwords.matches(known, code)), None)
    return found is not None and _use_up(person_id, found)


def _use_up(person_id: int, code_id: int) -> bool:
    with transaction() as session:
        this = (RecoveryCode.id == code_id, RecoveryCode.used_at.is_(None))
        result = session.execute(update(RecoveryCode).where(*this).values(used_at=now()))
        if rows_changed(result) != 1:
            return False
        rest = left(session, person_id)
        held.tell(session, person_id, "recovery_code_used", codes_left=rest)
    return True
