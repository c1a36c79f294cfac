"""What a row of a roster makes of a license."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from helpdesk.extensions import now
from helpdesk.services.imports import meanings
from helpdesk.services.imports.lines import quoted
from helpdesk.services.imports.members import Member
from helpdesk.services.imports.roster_rows import RosterRow
from helpdesk.services.words import local
from workflows.dates import in_words
from workflows.license import ABSENT, DELETED, EXPIRED

STEPS = {
    meanings.INACTIVE: "note_inactive",
    meanings.LOCKED: "note_lock",
    meanings.DELETED: "note_deletion",
}
"""What a status of the HMIS is noted by."""


@dataclass(frozen=True, slots=True)
class LicenseChange:
    """`values`: new ones by column. `adopts`: there is no license yet. `steps`: what else
    happens to it, in this order."""

    values: dict[str, Any] = field(default_factory=dict)
    adopts: bool = False
    steps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.adopts or self.steps)


def license_change(
    row: RosterRow, who: Member | None, agency_id: int | None
) -> tuple[LicenseChange, list[str]]:
    """With it, what a person has to decide, in sentences."""
    doubts: list[str] = []
    values = dict(_values(row, who, agency_id, doubts))
    adopts = who is None or who.state == ABSENT
    steps = (*_renewal(who, values), *_status(row, who, doubts))
    return LicenseChange(values, adopts, steps), doubts


def is_gone_there_too(row: RosterRow, who: Member) -> bool:
    """Whether a license that is deleted here needs no second look: the HMIS keeps the user on its
    list, but does not call it active, and nobody has logged in since."""
    if who.state != DELETED or meanings.status_of(row.status) == meanings.ACTIVE:
        return False
    return not _is_later(row.last_login, who.deleted_at)


def _values(
    row: RosterRow, who: Member | None, agency_id: int | None, doubts: list[str]
) -> Iterator[tuple[str, Any]]:
    if agency_id is not None and (who is None or agency_id != who.agency_id):
        yield "agency_id", agency_id
    level = meanings.level_of(row.level) if row.level else None
    if row.level and level is None:
        doubts.append(f"{quoted(row.level)} of {row.called} is no access level here.")
    if level is not None and (who is None or level != who.access_level):
        yield "access_level", level
    if _is_later(row.last_login, who.last_login_at if who else None):
        yield "last_login_at", row.last_login
    if _expires_later(row, who, doubts):
        yield "expires_on", row.expires


def _is_later(told: datetime | None, present: datetime | None) -> bool:
    return told is not None and (present is None or told > present)


def _expires_later(row: RosterRow, who: Member | None, doubts: list[str]) -> bool:
    told, present = row.expires, who.expires_on if who else None
    if told is None or told == present:
        return False
    if present is not None and told < present:
        doubts.append(f"{row.called} expires on {in_words(told)} as the file says, and here on"
                      f" {in_words(present)}.")  # fmt: skip
        return False
    return True


def _renewal(who: Member | None, values: dict[str, Any]) -> tuple[str, ...]:
    """Somebody who counts as expired here has been renewed in the HMIS."""
    until: date | None = values.get("expires_on")
    renewed = until is not None and until >= local(now()).date()
    return ("note_renewal",) if who and who.state == EXPIRED and renewed else ()


def _status(row: RosterRow, who: Member | None, doubts: list[str]) -> tuple[str, ...]:
    status = meanings.status_of(row.status) if row.status else None
    if row.status and status is None:
        doubts.append(f"{quoted(row.status)} of {row.called} is no status here.")
    if status == meanings.ACTIVE and who and (who.inactive_at or who.locked_at):
        here = "inactive" if who.inactive_at else "locked"
        doubts.append(f"{row.called} is active as the file says, and here: {here}.")
    held = {
        meanings.INACTIVE: who is not None and who.inactive_at is not None,
        meanings.LOCKED: who is not None and who.locked_at is not None,
        meanings.DELETED: who is not None and who.state == DELETED,
    }
    return (STEPS[status],) if status in held and not held[status] else ()
