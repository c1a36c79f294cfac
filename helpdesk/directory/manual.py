"""The directory whose hands are HAND's own: each change becomes a checklist for staff.

Like the others it remembers keys, and each call is a transaction of its own.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.directory.base import (
    CannotLook,
    DirectoryRefused,
    HandedOver,
    KnownAccount,
    NewAccount,
    Owner,
)
from helpdesk.directory.by_hand import steps_of
from helpdesk.extensions import now, settings
from helpdesk.models.checklist import Checklist, Outcome
from helpdesk.models.person import with_username
from helpdesk.transaction import transaction


class ManualDirectory:
    """See `Directory`."""

    def look_up(self, username: str) -> KnownAccount | None:  # noqa: ARG002
        raise _cannot_look()

    def listing(self) -> Iterable[KnownAccount]:
        raise _cannot_look()

    def create(self, key: str, account: NewAccount) -> None:
        self._hand_over(key, "create", account.username, account=account)

    def unlock(self, key: str, username: str) -> None:
        self._hand_over(key, "unlock", username)

    def set_password_link(self, key: str, username: str) -> str | None:  # noqa: ARG002
        """The HMIS itself gives the person a temporary password."""
        return None

    def reactivate(self, key: str, username: str) -> None:
        self._hand_over(key, "reactivate", username)

    def extend(self, key: str, username: str, until: date) -> None:
        self._hand_over(key, "extend", username, until=until)

    def deactivate(self, key: str, username: str) -> None:
        self._hand_over(key, "deactivate", username)

    def delete(self, key: str, username: str) -> None:
        self._hand_over(key, "delete", username)

    def correct(self, key: str, username: str, owner: Owner) -> None:  # noqa: ARG002
        """Whoever carries it out copies what is on file when they begin."""
        self._hand_over(key, "correct", username)

    def _hand_over(
        self,
        key: str,
        action: str,
        username: str,
        *,
        until: date | None = None,
        account: NewAccount | None = None,
    ) -> None:
        with transaction() as session:
            row = _row(session, key) or Checklist(
                key=key, action=action, username=username, steps=[], confirmed=[], round=1,
                created_at=now(),
            )  # fmt: skip
            if row.outcome is Outcome.DONE:
                return
            _begin(row, account or _on_file(session, username, until))
            session.add(row)
        raise HandedOver(f"Staff carry it out in {settings().HMIS_NAME}.")


def _cannot_look() -> CannotLook:
    return CannotLook(f"Only a person can look into {settings().HMIS_NAME}.")


def _row(session: Session, key: str) -> Checklist | None:
    return session.scalar(select(Checklist).where(Checklist.key == key).with_for_update())


def _begin(row: Checklist, about: NewAccount) -> None:
    """Anew after a failure, with the values of now; one that is under way stays as it is."""
    if row.outcome is Outcome.FAILED:
        row.outcome, row.confirmed, row.closed_at = None, [], None
        row.round += 1
    if not row.confirmed:
        row.steps = steps_of(row.action, about, settings().HMIS_NAME)


def _on_file(session: Session, username: str, until: date | None) -> NewAccount:
    person = with_username(session, username)
    if person is None:
        raise DirectoryRefused(f"There is nobody with the user name {username}.")
    return NewAccount(username, person.first_name, person.last_name, person.email, until)
