"""Remembers, for a directory that has no memory for keys, what has been done under each.

Doing again what may have been done is harmless right away: the outcome is the same. But a late
repetition must not undo what happened since.
"""

from collections.abc import Callable, Iterable
from datetime import date

from helpdesk.directory.base import Directory, KnownAccount, NewAccount, Owner
from helpdesk.extensions import db, now
from helpdesk.models.account import DirectoryAction
from helpdesk.transaction import release, transaction


class Once:
    """See `Directory`. Nothing of ours is held while the directory is asked."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def look_up(self, username: str) -> KnownAccount | None:
        return self.directory.look_up(username)

    def listing(self) -> Iterable[KnownAccount]:
        return self.directory.listing()

    def create(self, key: str, account: NewAccount) -> None:
        self._once(key, "create", account.username, lambda: self.directory.create(key, account))

    def unlock(self, key: str, username: str) -> None:
        self._once(key, "unlock", username, lambda: self.directory.unlock(key, username))

    def set_password_link(self, key: str, username: str) -> str | None:
        return self.directory.set_password_link(key, username)

    def reactivate(self, key: str, username: str) -> None:
        self._once(key, "reactivate", username, lambda: self.directory.reactivate(key, username))

    def extend(self, key: str, username: str, until: date) -> None:
        self._once(key, "extend", username, lambda: self.directory.extend(key, username, until))

    def deactivate(self, key: str, username: str) -> None:
        self._once(key, "deactivate", username, lambda: self.directory.deactivate(key, username))

    def delete(self, key: str, username: str) -> None:
        self._once(key, "delete", username, lambda: self.directory.delete(key, username))

    def correct(self, key: str, username: str, owner: Owner) -> None:
        self._once(key, "correct", username, lambda: self.directory.correct(key, username, owner))

    def _once(self, key: str, action: str, username: str, act: Callable[[], None]) -> None:
        done = db.session.get(DirectoryAction, key) is not None
        release()
        if done:
            return
        act()
        with transaction() as session:
            session.merge(
                DirectoryAction(key=key, action=action, username=username, done_at=now())
            )
