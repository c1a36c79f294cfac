"""The changes of a roster in words."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from helpdesk.services.imports.members import Member
from helpdesk.services.imports.proposal import COLUMNS, Detail, Entry
from helpdesk.services.imports.roster_license import LicenseChange
from helpdesk.services.imports.roster_rows import RosterRow
from helpdesk.services.words import clock_in_words, local
from workflows.dates import in_words
from workflows.training import ACCESS_LEVELS

LICENSE = {"agency_id": "agency", "access_level": "access level", "last_login_at": "last log-in",
           "expires_on": "expires"}  # fmt: skip
NOTES = {
    "note_renewal": "no longer expired",
    "note_inactive": "inactive from now on",
    "note_lock": "locked from now on",
    "note_deletion": "deleted",
}


MOVES = "all sides are told of the move, and roles at the former agency end"


def new_entry(row: RosterRow, change: LicenseChange, agencies: dict[int, str]) -> Entry:
    told = {"email": row.email} if row.username else {}
    details = (
        *(Detail(label, value) for label, value in told.items() if value),
        *_license(change, None, agencies),
    )
    notes = () if "agency_id" in change.values else ("without an agency: HAND alone sees them",)
    return Entry((row.line,), row.name, _key(row), None, details, (*notes, *_notes(change)))


def changed_entry(
    row: RosterRow,
    who: Member,
    person: dict[str, str],
    change: LicenseChange,
    agencies: dict[int, str],
) -> Entry:
    details = (
        *(Detail(COLUMNS[column], value, getattr(who, column) or "")
          for column, value in person.items()),
        *_license(change, who, agencies),
    )  # fmt: skip
    adopted = ("gets a license, as the HMIS lists one",) if change.adopts else ()
    moves = (MOVES,) if who.agency_id and "agency_id" in change.values else ()
    notes = (*adopted, *moves, *_notes(change))
    return Entry((row.line,), who.name, _key(row), who.person_id, details, notes)


def _key(row: RosterRow) -> str:
    return f"username {row.username}" if row.username else f"email {row.email}"


def _notes(change: LicenseChange) -> tuple[str, ...]:
    return tuple(NOTES[step] for step in change.steps)


def _license(
    change: LicenseChange, who: Member | None, agencies: dict[int, str]
) -> Iterator[Detail]:
    for column, value in change.values.items():
        before = getattr(who, column, None)
        yield Detail(
            LICENSE[column], _text(column, value, agencies), _text(column, before, agencies)
        )


def _text(column: str, value: Any, agencies: dict[int, str]) -> str:
    if value is None:
        return ""
    if column == "agency_id":
        return agencies[value]
    if isinstance(value, datetime):
        here = local(value)
        day = in_words(here.date())
        return f"{day}, {clock_in_words(value)}" if here.time() != time() else day
    return ACCESS_LEVELS.get(value, value) if column == "access_level" else in_words(value)
