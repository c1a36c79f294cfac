"""Stand-ins for the machines around the desk, and for its clock. Written by hand, honest in shape.

Each can be told what to do next: a plan is a list of outcomes, used up one by one; after it all
goes well.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self

from helpdesk.directory.base import KnownAccount, NewAccount, Owner
from helpdesk.mail import Letter, MailError, MailSettings, MailUncertain, build

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, ten in the morning in Detroit


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


@dataclass(frozen=True)
class Posted:
    """A mail that reached its server, and when."""

    message_id: str
    key: str
    to: str
    subject: str
    text: str
    data: bytes


class FakeMailer:
    """A mailer with a server that keeps what it accepts, `MailUncertain` ones included."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.tried: list[str] = []
        self.plan: list[MailError | Exception | None] = []
        self.refusing: dict[str, MailError] = {}
        self.openings = 0
        self.settings: MailSettings | None = None

    def open(self, settings: MailSettings) -> "FakeMailer":
        """Stands in for `open_mailer`."""
        self.settings = settings
        self.openings += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        return None

    def send(self, letter: Letter) -> str:
        assert self.settings is not None
        message = build(letter, self.settings)
        self.tried.append(letter.key)
        error = self.refusing.get(letter.to_address) or (self.plan.pop(0) if self.plan else None)
        if error is None or isinstance(error, MailUncertain):
            self.posted.append(
                Posted(message.msgId, letter.key, letter.to_address, letter.subject, letter.text,
                       message.as_bytes())
            )  # fmt: skip
        if error is not None:
            raise error
        return message.msgId

    @property
    def keys(self) -> list[str]:
        return [mail.key for mail in self.posted]

    def to(self, address: str | None) -> list[Posted]:
        return [mail for mail in self.posted if mail.to == address]


@dataclass(frozen=True)
class Fails:
    """One planned failure of the directory; `after`: the deed was done, the answer got lost."""

    error: Exception
    after: bool = False


@dataclass
class FakeDirectory:
    """Accounts elsewhere. `applied` counts deeds by key, `asked` every call."""

    asked: list[str] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)
    deeds: list[tuple[str, str]] = field(default_factory=list)
    owners: dict[str, Owner] = field(default_factory=dict)
    plan: list[Fails | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _do(self, key: str, action: str, username: str) -> None:
        with self.lock:
            self.asked.append(key)
            fails = self.plan.pop(0) if self.plan else None
            if fails is not None and not fails.after:
                raise fails.error
            if key not in self.applied:
                self.applied[key] += 1
                self.deeds.append((action, username))
            if fails is not None:
                raise fails.error

    def look_up(self, username: str) -> KnownAccount | None:
        return KnownAccount(username, active=True, locked=False, until=None)

    def listing(self) -> list[KnownAccount]:
        return []

    def create(self, key: str, account: NewAccount) -> None:
        self._do(key, "create", account.username)

    def unlock(self, key: str, username: str) -> None:
        self._do(key, "unlock", username)

    def set_password_link(self, key: str, username: str) -> str:
        return f"https://accounts.example/{username}/{key.replace(':', '-')}"

    def reactivate(self, key: str, username: str) -> None:
        self._do(key, "reactivate", username)

    def extend(self, key: str, username: str, until: date) -> None:
        self._do(key, "extend", username)

    def deactivate(self, key: str, username: str) -> None:
        self._do(key, "deactivate", username)

    def delete(self, key: str, username: str) -> None:
        self._do(key, "delete", username)

    def correct(self, key: str, username: str, owner: Owner) -> None:
        self._do(key, "correct", username)
        self.owners[username] = owner
