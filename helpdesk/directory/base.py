"""What the desk expects of any account directory."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class DirectoryBusy(Exception):
    """It did not work this time, or nobody knows whether it did: ask again with the same key."""


class DirectoryRefused(Exception):
    """It will never work as asked. The sentence says why, for staff to mend."""


@dataclass(frozen=True)
class NewAccount:
    """`email` None: the person has no address on file. `until` None: no end is set."""

    username: str
    first_name: str
    last_name: str
    email: str | None
    until: date | None = None


@dataclass(frozen=True)
class KnownAccount:
    """An account as the directory has it now. `until` None: no end is set."""

    username: str
    active: bool
    locked: bool
    until: date | None


class Directory(Protocol):
    """Every change takes the stable key of the effect that asks for it.

    The same key again changes nothing and succeeds. Unknown user names are `DirectoryRefused`,
    except that `create` adopts an account which already exists.
    """

    def look_up(self, username: str) -> KnownAccount | None: ...

    def create(self, key: str, account: NewAccount) -> None: ...

    def unlock(self, key: str, username: str) -> None:
        """Also zeroes the count of bad log-in attempts."""

    def set_password_link(self, key: str, username: str) -> str:
        """The address at which the person sets a password, once. The newest ends the others."""

    def reactivate(self, key: str, username: str) -> None: ...

    def extend(self, key: str, username: str, until: date) -> None: ...

    def deactivate(self, key: str, username: str) -> None: ...

    def delete(self, key: str, username: str) -> None: ...
