"""What the desk expects of any account directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class DirectoryBusy(Exception):
    """It did not work this time, or nobody knows whether it did: ask again with the same key, after
    `wait` at the earliest where the directory says so."""

    def __init__(self, words: str, wait: timedelta | None = None) -> None:
        self.wait = wait
        super().__init__(words)


class DirectoryRefused(Exception):
    """It will never work as asked. The sentence says why, for staff to mend."""


class HandedOver(Exception):
    """A person does it, by the checklist of this key. Asking again says so again, until they have
    confirmed it: then it succeeds. After a failure that they told, it is handed over anew."""


class CannotLook(Exception):
    """What accounts there are is not to be had by a program."""


@dataclass(frozen=True)
class NewAccount:
    """`email` None: the person has no address on file. `until` None: no end is set. The last four
    are words, as staff and directory know them; None where nothing was asked."""

    username: str
    first_name: str
    last_name: str
    email: str | None
    until: date | None = None
    access_level: str | None = None
    provider: str | None = None
    further_providers: str | None = None
    permissions: str | None = None


@dataclass(frozen=True)
class Owner:
    """Whose account it is, as the desk has them on file. `email` None: there is no address."""

    first_name: str
    last_name: str
    email: str | None


@dataclass(frozen=True)
class KnownAccount:
    """An account as the directory has it now. `until` None: no end is set. `name` and `email` None:
    it does not tell. `tells_end`: whether it keeps ends at all."""

    username: str
    active: bool
    locked: bool
    until: date | None
    name: str | None = None
    email: str | None = None
    tells_end: bool = True


class Directory(Protocol):
    """Every change takes the stable key of the effect that asks for it.

    The same key again changes nothing and succeeds. Unknown user names are `DirectoryRefused`,
    except that one which cannot tell may take them for deleted, and `create` adopts an account
    which already exists. Any change may be `HandedOver`.
    """

    def look_up(self, username: str) -> KnownAccount | None:
        """Raises `CannotLook`."""

    def listing(self) -> Iterable[KnownAccount]:
        """Every account there is. Raises `CannotLook`."""

    def create(self, key: str, account: NewAccount) -> None: ...

    def unlock(self, key: str, username: str) -> None:
        """Also zeroes the count of bad log-in attempts."""

    def set_password_link(self, key: str, username: str) -> str | None:
        """The address at which the person sets a password, once. The newest ends the others.

        None: passwords are not the desk's affair there, and come to the person another way."""

    def reactivate(self, key: str, username: str) -> None: ...

    def extend(self, key: str, username: str, until: date) -> None: ...

    def deactivate(self, key: str, username: str) -> None: ...

    def delete(self, key: str, username: str) -> None: ...

    def correct(self, key: str, username: str, owner: Owner) -> None:
        """The account bears their name and email from then on."""
