"""Setting a password by a one-time link, and asking for a link by mail."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.extensions import db, now, settings
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person, with_username
from helpdesk.models.web_session import Proof
from helpdesk.outbox.owe import owe
from helpdesk.services import counters, passwords, sessions
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import OWED, release, transaction
from workflows.effects import Link

ASK_WINDOW = timedelta(minutes=15)
ASKS_PER_NAME = 3
MINUTE = timedelta(minutes=1)


class LinkEnded(Exception):
    """The link is used up, replaced by a newer one, out of time, or never was."""


class WeakPassword(Exception):
    """The new password breaks rules; `faults` says which."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


@dataclass(frozen=True)
class Bearer:
    """Whose link it is."""

    person_id: int
    name: str
    username: str | None
    agency: str | None


def bearer(purpose: links.Purpose, token: str) -> Bearer:
    """Whom a live link belongs to. Raises `LinkEnded`; reads only."""
    return _bearer(db.session(), purpose, token)


def set_password(token: str, password: str) -> None:
    """Sets the password, ends all sessions and the link, and tells the person by mail.

    Raises `LinkEnded` or `WeakPassword`; nothing is used up then.
    """
    owner = bearer(links.Purpose.SET_PASSWORD, token)
    context = [owner.name, owner.username or "", owner.agency or ""]
    release()
    if found := passwords.faults(password, context):
        raise WeakPassword(found)
    password_hash = passwords.hash_password(password)
    with transaction() as session:
        link = links.find(session, links.Purpose.SET_PASSWORD, token)
        if link is None or not links.use(session, link):
            raise LinkEnded
        _store(session, owner.person_id, password_hash)


def ask_for_link(typed: str, source: str) -> None:
    """Mails an access link to the address on file, if there is one. Says nothing either way."""
    name = typed.strip().casefold()
    with transaction() as session:
        by_source = counters.add(session, counters.key_of("ask-source", source), ASK_WINDOW)
        by_name = counters.add(session, counters.key_of("ask-name", name), ASK_WINDOW)
        in_all = counters.add(session, counters.key_of("ask-all"), MINUTE)
        person = with_username(session, name)
        config = settings()
        if by_source > config.LINKS_PER_SOURCE or by_name > ASKS_PER_NAME:
            return
        if in_all > config.LINKS_PER_MINUTE:
            return
        if person is None or person.email is None or license_of(session, person.id) is None:
            counters.add(session, counters.key_of("nobody"), ASK_WINDOW)  # writes as much as below
            return
        key = f"access:{person.id}:{secrets.token_hex(8)}"
        owe(session, personal_letter(key, "account/filing_link", person, link=Link.ACCESS))
        session.info[OWED] = False  # the pump finds it: the time of a nudge would tell of somebody


def open_session(token: str) -> str:
    """Turns an access link into a session with a licensee's rights. Raises `LinkEnded`."""
    with transaction() as session:
        link = links.find(session, links.Purpose.ACCESS, token)
        if link is None or not links.use(session, link):
            raise LinkEnded
        return sessions.begin(session, link.person_id, Proof.LINK)


def renew(token: str) -> None:
    """Mails a new set-password link to the owner of an old one that was never used."""
    with transaction() as session:
        link = links.find(session, links.Purpose.SET_PASSWORD, token)
        if link is None or link.used:
            return
        person = session.get_one(Person, link.person_id)
        asked = counters.add(session, counters.key_of("renew", str(person.id)), ASK_WINDOW)
        if asked > ASKS_PER_NAME or person.email is None:
            return
        key = f"set-password:{person.id}:{secrets.token_hex(8)}"
        owe(session, personal_letter(key, "account/set_password", person, link=Link.DESK_PASSWORD))


def _bearer(session: Session, purpose: links.Purpose, token: str) -> Bearer:
    link = links.find(session, purpose, token)
    if link is None or not link.alive:
        raise LinkEnded
    person = session.get_one(Person, link.person_id)
    agency = session.scalar(
        select(Agency.name)
        .join(License, License.agency_id == Agency.id)
        .where(License.person_id == person.id)
    )
    return Bearer(person.id, person.name, person.username, agency)


def _store(session: Session, person_id: int, password_hash: str) -> None:
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        raise LinkEnded
    account.password_hash = password_hash
    account.password_changed_at = now()
    sessions.end_all(session, person_id)
    links.end_all(session, person_id)
    person = session.get_one(Person, person_id)
    counters.clear(session, counters.key_of("name", person.username or ""))
    if person.email is not None:
        key = f"password-changed:{person_id}:{secrets.token_hex(8)}"
        says = {"when_words": moment_in_words(now())}
        owe(session, personal_letter(key, "account/password_changed", person, says=says))
