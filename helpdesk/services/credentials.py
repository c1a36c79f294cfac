"""What a one-time link is good for: a new password, or a session with a licensee's rights."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.extensions import db, now
from helpdesk.links import TO_A_PASSWORD, Found, Purpose
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import grants_of
from helpdesk.models.web_session import Proof
from helpdesk.outbox.owe import owe
from helpdesk.services import counters, passwords, sessions
from helpdesk.services.admission import forgive
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.factors import held
from helpdesk.services.letters import personal_letter
from helpdesk.services.password_rules import Judgment, Policy, judge, policy, too_short_alone
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import release, transaction

JUDGE_WINDOW = timedelta(minutes=1)
JUDGMENTS_PER_LINK = 120


class TooOften(Exception):
    """Nobody types so fast."""


class LinkEnded(Exception):
    """The link is used up, replaced by a newer one, out of time, or never was."""


class LicenseLocked(Exception):
    """Forgot Password does not open a lock, not even one that fell after the link was mailed."""


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
    two_steps: bool

    def policy(self) -> Policy:
        """What is asked of a password of theirs."""
        names = [self.name, self.username or "", self.agency or ""]
        return policy(names, two_steps=self.two_steps)


def access_bearer(token: str) -> Bearer:
    """Whom a live link to file a request belongs to. Raises `LinkEnded`; reads only."""
    session = db.session()
    return _bearer(session, _live(session, {Purpose.ACCESS}, token))


def password_bearer(token: str) -> Bearer:
    """Who may choose a password with a link. Raises `LinkEnded` or `LicenseLocked`; reads only."""
    session = db.session()
    link = _live(session, TO_A_PASSWORD, token)
    _refuse_locked(session, link)
    return _bearer(session, link)


def set_password(token: str, password: str, source: str = "") -> None:
    """Sets the password, ends all sessions and the link, and tells the person by mail.

    `source` is the network address it came from: who had to wait there need wait no more. Raises
    `LinkEnded`, `LicenseLocked` or `WeakPassword`; nothing is used up then.
    """
    owner = password_bearer(token)
    release()
    judgment = judge(password, owner.policy())
    if judgment.faults:
        raise WeakPassword(judgment.complaints)
    password_hash = passwords.hash_password(password)
    with transaction() as session:
        account = _account(session, owner.person_id)
        link = _live(session, TO_A_PASSWORD, token)
        _refuse_locked(session, link)
        sessions.end_all(session, owner.person_id)  # before links, as whoever else ends both
        if not links.use(session, link):
            raise LinkEnded
        account.password_is_short = too_short_alone(password)
        _store(session, account, password_hash, source)


def judge_password(token: str, password: str) -> Judgment:
    """What would be said to this password; nothing is done with it.

    Raises `LinkEnded`, `LicenseLocked` or `TooOften`.
    """
    owner = password_bearer(token)
    with transaction() as session:
        so_many = counters.add(session, counters.key_of("judge", token), JUDGE_WINDOW)
    if so_many > JUDGMENTS_PER_LINK:
        raise TooOften
    return judge(password, owner.policy())


def open_session(token: str) -> str:
    """Turns an access link into a session with a licensee's rights. Raises `LinkEnded`."""
    with transaction() as session:
        link = links.find(session, {Purpose.ACCESS}, token)
        if link is None or not links.use(session, link):
            raise LinkEnded
        return sessions.begin(session, link.person_id, Proof.LINK)


def _live(session: Session, purposes: Collection[Purpose], token: str) -> Found:
    link = links.find(session, purposes, token)
    if link is None or not link.alive:
        raise LinkEnded
    return link


def _refuse_locked(session: Session, link: Found) -> None:
    """A link that came of a request is as good as before: HAND has unlocked the license for it."""
    if link.purpose is not Purpose.RESET or grants_of(session, link.person_id):
        return
    if _is_locked(session, link.person_id):
        raise LicenseLocked


def _is_locked(session: Session, person_id: int) -> bool:
    row = license_of(session, person_id)
    return row is not None and row.locked_at is not None and accounts_are_ours()


def _bearer(session: Session, link: Found) -> Bearer:
    person = session.get_one(Person, link.person_id)
    agency = session.scalar(
        select(Agency.name)
        .join(License, License.agency_id == Agency.id)
        .where(License.person_id == person.id)
    )
    two_steps = held.has_any(session, person.id)
    return Bearer(person.id, person.name, person.username, agency, two_steps)


def _account(session: Session, person_id: int) -> Account:
    """Held until the end: a strike comes before it, or has to wait."""
    mine = select(Account).where(Account.person_id == person_id).with_for_update()
    account = session.scalar(mine)
    if account is None or account.disabled:
        raise LinkEnded
    return account


def _store(session: Session, account: Account, password_hash: str, source: str) -> None:
    person_id = account.person_id
    account.password_hash = password_hash
    account.password_changed_at = now()
    if not _is_locked(session, person_id):
        account.bad_attempts = 0
    links.end_all(session, person_id)
    person = session.get_one(Person, person_id)
    forgive(session, person_id, source)
    if person.email is not None:
        key = f"password-changed:{person_id}:{secrets.token_hex(8)}"
        says = {"when_words": moment_in_words(now())}
        owe(session, personal_letter(key, "account/password_changed", person, says=says))
