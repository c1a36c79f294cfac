"""Writes down every row that an import touches, as it was and as it is then, so that the import can
be undone exactly.

Snapshots are what JSON can hold: moments and days as ISO text. No password is among it.
"""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.account import Account
from helpdesk.models.completion import Completion
from helpdesk.models.import_run import ImportChange, ImportRun, Subject
from helpdesk.models.license import License
from helpdesk.models.person import Person

Snapshot = dict[str, Any]
Row = Person | License | Account | Completion

TABLES: dict[Subject, type[Row]] = {
    Subject.PERSON: Person,
    Subject.LICENSE: License,
    Subject.ACCOUNT: Account,
    Subject.COMPLETION: Completion,
}
SUBJECTS = {table: subject for subject, table in TABLES.items()}
LICENSE = [c.name for c in License.__table__.columns if c.name not in {"id", "person_id"}]
COLUMNS: dict[Subject, list[str]] = {
    Subject.PERSON: ["username", "first_name", "last_name", "email", "phone", "hmis_id"],
    Subject.LICENSE: LICENSE,
    Subject.ACCOUNT: ["disabled", "password_changed_at", "hmis_access", "hmis_until",
                      "bad_attempts"],
    Subject.COMPLETION: ["course", "completed_on", "score", "source"],
}  # fmt: skip

ROLES_ENDED = "roles_ended"
"""What the event of a move says if somebody lost roles at the agency they left by it."""


def snapshot(row: Row) -> Snapshot:
    return {column: _plain(getattr(row, column)) for column in COLUMNS[SUBJECTS[type(row)]]}


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

    def note(self, row: Row, before: Snapshot | None = None) -> None:
        """`before` None: the import made it."""
        self.run.touched += 1
        self.session.add(
            ImportChange(
                run_id=self.run.id,
                person_id=row.id if isinstance(row, Person) else row.person_id,
                subject=SUBJECTS[type(row)],
                subject_id=row.id,
                before=before,
                after=snapshot(row),
            )
        )
