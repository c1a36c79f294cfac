"""The embedded directory: this program's own accounts.

It behaves as an outside system would: each call is a transaction of its own, remembers its key,
and is over before the desk writes down what came of it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.directory.base import DirectoryRefused, KnownAccount, NewAccount, Owner
from helpdesk.extensions import db, now, settings
from helpdesk.models.account import Account, DirectoryAction
from helpdesk.models.license import License
from helpdesk.models.person import Person, normal_username
from helpdesk.models.role import all_grants_of
from helpdesk.transaction import transaction
from workflows.license import DELETED, EXPIRED, INACTIVE, SUSPENDED

Change = Callable[[Account], None]


class LocalDirectory:
    """See `Directory`."""

    def look_up(self, username: str) -> KnownAccount | None:
        found = list(_known(Person.username == normal_username(username)))
        return found[0] if found else None

    def listing(self) -> Iterable[KnownAccount]:
        """Less the accounts of those who never had a license: these open the desk alone."""
        return _known(Account.hmis_access | License.id.is_not(None))

    def create(self, key: str, account: NewAccount) -> None:
        with transaction() as session:
            if not _is_new(session, key, "create", account.username):
                return
            person = _person(session, account.username)
            row = _account(session, account.username) or Account(person_id=person.id)
            _forget_password(session, row)
            row.hmis_access, row.bad_attempts, row.hmis_until = True, 0, account.until
            session.add(row)

    def unlock(self, key: str, username: str) -> None:
        def change(account: Account) -> None:
            account.bad_attempts = 0

        self._once(key, "unlock", username, change)

    def set_password_link(self, key: str, username: str) -> str:
        with transaction() as session:
            person = _person(session, username)
            return links.mint(session, links.Purpose.SET_PASSWORD, person.id, key)

    def reactivate(self, key: str, username: str) -> None:
        def change(account: Account) -> None:
            account.hmis_access = True

        self._once(key, "reactivate", username, change)

    def extend(self, key: str, username: str, until: date) -> None:
        def change(account: Account) -> None:
            account.hmis_until, account.hmis_access = until, True

        self._once(key, "extend", username, change)

    def deactivate(self, key: str, username: str) -> None:
        self._once(key, "deactivate", username, _close)

    def delete(self, key: str, username: str) -> None:
        """The row stays: a desk role may hang on it, and the name may be hired again."""
        def change(account: Account) -> None:
            _close(account)
            _forget_password(db.session(), account)

        self._once(key, "delete", username, change)

    def correct(self, key: str, username: str, owner: Owner) -> None:  # noqa: ARG002
        """An account has no name or email of its own: the register's are those of its owner."""
        self._once(key, "correct", username, lambda _account: None)

    def _once(self, key: str, action: str, username: str, change: Change) -> None:
        with transaction() as session:
            if not _is_new(session, key, action, username):
                return
            account = _account(session, username)
            if account is None:
                raise DirectoryRefused(f"There is no account named {username}.")
            change(account)


CLOSED = {INACTIVE, EXPIRED, SUSPENDED, DELETED}


def _known(which: ColumnElement[bool]) -> Iterator[KnownAccount]:
    """An account is as open as the license that gives it: that is asked at each log-in."""
    query = (
        select(Account, Person, License.state)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(License, License.person_id == Person.id)
        .where(which, Person.username.is_not(None))
        .order_by(Person.username)
    )
    for account, person, state in db.session.execute(query):
        yield KnownAccount(
            username=person.username or "",
            active=account.hmis_access and state not in CLOSED,
            locked=account.bad_attempts >= settings().LOCK_AFTER,
            until=account.hmis_until,
            name=person.name,
            email=person.email,
        )


def _close(account: Account) -> None:
    account.hmis_access = False


def _forget_password(session: Session, account: Account) -> None:
    """Who comes back chooses a new one. A password that a desk role signs in with stays."""
    if not all_grants_of(session, account.person_id):
        account.password_hash = None


def _is_new(session: Session, key: str, action: str, username: str) -> bool:
    if session.get(DirectoryAction, key) is not None:
        return False
    session.add(DirectoryAction(key=key, action=action, username=username, done_at=now()))
    return True


def _person(session: Session, username: str) -> Person:
    query = select(Person).where(Person.username == normal_username(username))
    person = session.scalar(query)
    if person is None:
        raise DirectoryRefused(f"There is nobody with the user name {username}.")
    return person


def _account(session: Session, username: str) -> Account | None:
    query = select(Account).join(Person, Person.id == Account.person_id)
    return session.scalar(query.where(Person.username == normal_username(username)))
