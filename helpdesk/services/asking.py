"""Links that anybody may ask for, by any name: what is answered tells nothing of the name.

Whether or not somebody bears it, the same is looked up and as much is written; only the mail, which
goes to the address on file, knows more. It is not hurried: the time of a nudge would tell.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.extensions import settings
from helpdesk.models.account import Account
from helpdesk.models.license import License
from helpdesk.models.person import Person, normal_username
from helpdesk.models.role import Grant, counts
from helpdesk.outbox.owe import Debt, owe
from helpdesk.services import counters
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.letters import personal_letter
from helpdesk.transaction import OWED, transaction
from workflows.effects import Link

ASK_WINDOW = timedelta(minutes=15)
ASKS_PER_NAME = 3
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Known:
    """Whoever bears the name. `license_state` None: there is no license, nor was one asked for.

    Where accounts are kept elsewhere, only a desk role has a password here, and no lock is ours.
    """

    person: Person
    may_have_password: bool
    disabled: bool
    license_state: str | None
    locked: bool
    desk_role: bool

    @property
    def barred(self) -> bool:
        """A lock is lifted by a request alone; a desk role is never locked out."""
        return self.locked and not self.desk_role


def forgot_password(typed: str, source: str) -> None:
    """Forgot Password: mails a link to a new password, or why there is none."""
    _ask("reset", typed, source, _reset_letter)


def ask_for_link(typed: str, source: str) -> None:
    """Mails a link that tells its owner of their license, and lets them file a request."""
    _ask("link", typed, source, _access_letter)


def renew(token: str) -> None:
    """Mails a new link to a password to the owner of an old one that was never used."""
    with transaction() as session:
        link = links.find(session, links.TO_A_PASSWORD, token)
        if link is None or link.used:
            return
        asked = counters.add(session, counters.key_of("renew", str(link.person_id)), ASK_WINDOW)
        known = _known(session, Person.id == link.person_id)
        if known is None or asked > ASKS_PER_NAME:
            return
        forgot = link.purpose is links.Purpose.RESET
        debt = _reset_letter(known) if forgot else _invited_letter(known)
        if debt is not None:
            owe(session, debt)


def _ask(
    what: str, typed: str, source: str, letter: Callable[[Known], Debt | None]
) -> None:
    name = normal_username(typed)
    with transaction() as session:
        if not _may_ask(session, what, name, source):
            return
        known = _known(session, Person.username == name)
        debt = letter(known) if known else None
        if debt is None:
            counters.add(session, counters.key_of("nobody"), ASK_WINDOW)
            return
        owe(session, debt)
        session.info[OWED].clear()


def _may_ask(session: Session, what: str, name: str, source: str) -> bool:
    """Counts the asking for its name, its source, and in all."""
    config = settings()
    by_name = counters.add(session, counters.key_of(f"ask-{what}", name), ASK_WINDOW)
    by_source = counters.add(session, counters.key_of("ask-source", source), ASK_WINDOW)
    in_all = counters.add(session, counters.key_of("ask-all"), MINUTE)
    return (
        by_name <= ASKS_PER_NAME
        and by_source <= config.LINKS_PER_SOURCE
        and in_all <= config.LINKS_PER_MINUTE
    )


def _known(session: Session, which: ColumnElement[bool]) -> Known | None:
    """In one query, so that somebody takes no more of them than nobody."""
    query = (
        select(
            Person,
            Account.id.is_not(None),
            Account.disabled,
            License.state,
            License.locked_at.is_not(None),
            exists().where(Grant.person_id == Person.id, counts()),
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(License, License.person_id == Person.id)
        .where(which)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    person, has_account, disabled, license_state, locked, desk_role = row
    ours = accounts_are_ours()
    return Known(
        person=person,
        may_have_password=has_account and (ours or desk_role),
        disabled=bool(disabled),
        license_state=license_state,
        locked=locked and ours,
        desk_role=desk_role,
    )


def _reset_letter(known: Known) -> Debt | None:
    return _password_letter(known, "account/reset", Link.RESET)


def _invited_letter(known: Known) -> Debt | None:
    return _password_letter(known, "account/set_password", Link.DESK_PASSWORD)


def _password_letter(known: Known, folder: str, link: Link) -> Debt | None:
    if known.disabled:
        return None
    if known.barred:
        return _letter(known, "account/reset_locked", Link.ACCESS)
    if known.may_have_password:
        return _letter(known, folder, link)
    return _access_letter(known)


def _access_letter(known: Known) -> Debt | None:
    if known.license_state is None or known.disabled:
        return None
    return _letter(known, "account/filing_link", Link.ACCESS)


def _letter(known: Known, folder: str, link: Link) -> Debt | None:
    person = known.person
    if person.email is None:
        return None
    says = {
        "username": person.username,
        "license_state": known.license_state,
        "license_locked": known.locked,
    }
    key = f"{link}:{person.id}:{secrets.token_hex(8)}"
    return personal_letter(key, folder, person, link=link, says=says)
