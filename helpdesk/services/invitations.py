"""Sign-in accounts for desk roles: no password until a mailed link sets one."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.outbox.owe import owe
from helpdesk.services.letters import personal_letter
from workflows.effects import Link


def account_of(session: Session, person_id: int) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id))


def invite_if_new(session: Session, person: Person, role_words: str) -> bool:
    """Mails the link to somebody who has no password yet; says whether a mail is owed."""
    account = account_of(session, person.id)
    if account is None:
        account = Account(person_id=person.id)
        session.add(account)
    if account.password_hash is not None or account.disabled or person.email is None:
        return False
    key = f"invited:{person.id}:{secrets.token_hex(8)}"
    says = {"role_words": role_words, "username": person.username}
    link = Link.DESK_PASSWORD
    owe(session, personal_letter(key, "account/invited", person, link=link, says=says))
    return True
