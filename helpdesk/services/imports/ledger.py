"""Writes down every row that an import touches, as it was and as it is then, so that the import can
be undone exactly.

Snapshots are what JSON can hold: moments and days as ISO text.
"""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import Base
from helpdesk.models.import_run import ImportChange, ImportRun, Subject
from helpdesk.models.license import License
from helpdesk.models.person import Person

Snapshot = dict[str, Any]

COLUMNS: dict[type[Base], tuple[str, ...]] = {
    Person: ("username", "first_name", "last_name", "email", "phone", "hmis_id"),
    License: (
        "agency_id", "state", "version", "access_level", "issued_at", "locked_at", "inactive_at",
        "expired_at", "suspended_at", "deleted_at", "last_login_at", "log_in_by", "expires_on",
    ),
}  # fmt: skip


def snapshot(row: Base) -> Snapshot:
    return {column: _plain(getattr(row, column)) for column in COLUMNS[type(row)]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class Ledger:
    """Of one run. `actor` is in whose name it acts."""

    def __init__(self, session: Session, run: ImportRun, actor: Actor) -> None:
        self.session = session
        self.run = run
        self.actor = actor

    @property
    def said(self) -> dict[str, Any]:
        """What each event of a license tells of the import that took the step."""
        return {"import": self.run.id}

    def made(self, row: Person | License) -> None:
        self._note(row, None)

    def changed(self, row: Person | License, before: Snapshot) -> None:
        self._note(row, before)

    def _note(self, row: Person | License, before: Snapshot | None) -> None:
        self.run.touched += 1
        is_person = isinstance(row, Person)
        self.session.add(
            ImportChange(
                run_id=self.run.id,
                person_id=row.id if isinstance(row, Person) else row.person_id,
                subject=Subject.PERSON if is_person else Subject.LICENSE,
                subject_id=row.id,
                before=before,
                after=snapshot(row),
            )
        )
