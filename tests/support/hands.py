"""Somebody at HAND who carries checklists out, in an HMIS that a program cannot look into."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select

from helpdesk.directory.base import DirectoryRefused, HandedOver, KnownAccount, NewAccount, Owner
from helpdesk.directory.manual import ManualDirectory
from helpdesk.extensions import now
from helpdesk.models.checklist import Checklist, Outcome
from helpdesk.models.person import normal_username
from helpdesk.transaction import transaction

Values = dict[str, str]


@dataclass
class Hmis:
    """Users by name. Whatever is done there is done by what a checklist gives to copy."""

    users: dict[str, KnownAccount] = field(default_factory=dict)

    def look_up(self, username: str) -> KnownAccount | None:
        return self.users.get(normal_username(username))

    def lock(self, username: str) -> None:
        self.change(username, locked=True)

    def carry_out(self, action: str, values: Values) -> str | None:
        """Why it can't be done; None once it is."""
        name = values["Username"]
        if action == "create":
            self.users.setdefault(name, KnownAccount(name, active=True, locked=False, until=None))
        elif name not in self.users:
            return f"There is no user {name}."
        self.change(name, **DOES[action](values))
        return None

    def change(self, username: str, **changes: object) -> None:
        self.users[username] = replace(self.users[username], **changes)  # type: ignore[arg-type]


def _ends(values: Values) -> dict[str, object]:
    if "Expires" not in values:
        return {}
    return {"until": datetime.strptime(values["Expires"], "%m/%d/%Y").date()}  # noqa: DTZ007


DOES: dict[str, Callable[[Values], dict[str, object]]] = {
    "create": lambda values: {"active": True, "locked": False, **_ends(values)},
    "unlock": lambda values: {"locked": values["Consecutive Bad Logins"] != "0"},
    "reactivate": lambda values: {"active": True},
    "extend": lambda values: {"active": True, **_ends(values)},
    "deactivate": lambda values: {"active": False},
    "delete": lambda values: {"active": False},
    "correct": lambda values: {"name": f"{values['First name']} {values['Last name']}",
                               "email": values.get("Email")},
}


@dataclass
class WithHands:
    """The manual directory, with hands that do at once what it hands over."""

    manual: ManualDirectory
    hmis: Hmis = field(default_factory=Hmis)

    def _ask(self, key: str, ask: Callable[[], None]) -> None:
        try:
            ask()
        except HandedOver:
            refusal = self._carry_out(key)
            if refusal:
                raise DirectoryRefused(refusal) from None
            ask()

    def _carry_out(self, key: str) -> str | None:
        with transaction() as session:
            row = session.scalars(select(Checklist).where(Checklist.key == key)).one()
            values = {label: value for step in row.steps for label, value in step["copy"]}
            refusal = self.hmis.carry_out(row.action, values)
            row.outcome = Outcome.FAILED if refusal else Outcome.DONE
            row.reason, row.closed_at = refusal, now()
        return refusal

    def look_up(self, username: str) -> KnownAccount | None:
        return self.manual.look_up(username)

    def listing(self) -> Iterable[KnownAccount]:
        return self.manual.listing()

    def create(self, key: str, account: NewAccount) -> None:
        self._ask(key, lambda: self.manual.create(key, account))

    def unlock(self, key: str, username: str) -> None:
        self._ask(key, lambda: self.manual.unlock(key, username))

    def set_password_link(self, key: str, username: str) -> str | None:
        return self.manual.set_password_link(key, username)

    def reactivate(self, key: str, username: str) -> None:
        self._ask(key, lambda: self.manual.reactivate(key, username))

    def extend(self, key: str, username: str, until: date) -> None:
        self._ask(key, lambda: self.manual.extend(key, username, until))

    def deactivate(self, key: str, username: str) -> None:
        self._ask(key, lambda: self.manual.deactivate(key, username))

    def delete(self, key: str, username: str) -> None:
        self._ask(key, lambda: self.manual.delete(key, username))

    def correct(self, key: str, username: str, owner: Owner) -> None:
        self._ask(key, lambda: self.manual.correct(key, username, owner))
