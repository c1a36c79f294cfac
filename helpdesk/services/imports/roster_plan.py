"""What an import of a roster would do: compared with the register, nothing written yet.

What the HMIS says of a license is taken over, with two bounds: a last log-in never goes back in
time, and an expiry that is earlier than the one here is left for a person to decide.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.models.person import email_key, normal_username
from helpdesk.services.imports.known import same_name
from helpdesk.services.imports.lines import Fault, quoted
from helpdesk.services.imports.meanings import Agencies, Unknown, agencies
from helpdesk.services.imports.members import (
    BATCH,
    Gone,
    Member,
    Named,
    Register,
    Unclear,
    gone,
    look_up,
    moved_since,
)
from helpdesk.services.imports.proposal import Entry, Part, Proposal, of_faults
from helpdesk.services.imports.roster_file import RosterFile
from helpdesk.services.imports.roster_license import (
    LicenseChange,
    is_gone_there_too,
    license_change,
)
from helpdesk.services.imports.roster_rows import RosterRow
from helpdesk.services.imports.roster_words import changed_entry, new_entry
from workflows.license import ABSENT, HELD, WORKFLOW


@dataclass(frozen=True, slots=True)
class Change:
    """`who` None: somebody new. `person`: new values by column; `license`: what becomes of the
    license."""

    row: RosterRow
    who: Member | None
    person: dict[str, str]
    license: LicenseChange

    @property
    def is_one(self) -> bool:
        return bool(self.person or self.license)


@dataclass
class RosterPlan(Proposal):
    """`unchanged`: whom the file names as they are here; it may tell of their log-ins all the
    same. `moved`: licenses that the desk has moved since the file was made."""

    unchanged: list[Change] = field(default_factory=list)
    agencies: dict[int, str] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)

    def size(self, part: Part) -> int:
        return len(getattr(self, part))

    def entries(self, part: Part) -> Iterator[Entry]:
        if part is Part.NEW:
            return (new_entry(each.row, each.license, self.agencies) for each in self.new)
        if part is Part.CHANGED:
            return (changed_entry(each.row, each.who, each.person, each.license, self.agencies)
                    for each in self.changed if each.who)  # fmt: skip
        if part is Part.GONE:
            return (Entry(name=left.name, key=f"username {left.username}", person_id=left.person_id)
                    for left in self.gone)  # fmt: skip
        return of_faults(self.look if part is Part.LOOK else self.faulty)


def make_plan(session: Session, file: RosterFile) -> RosterPlan:
    here = agencies(session)
    plan = RosterPlan(faulty=list(file.faults), repeated=file.repeated, unread=file.unread,
                      agencies=here.names, moved=moved_since(session, file.since))  # fmt: skip
    for start in range(0, len(file.rows), BATCH):
        rows = file.rows[start : start + BATCH]
        register = look_up(session, (_named(row) for row in rows))
        for row in rows:
            _compare(plan, row, register, here)
    _one_row_each(plan)
    _one_person_each(plan)
    plan.gone = gone(session, file.keys)
    for faults in (plan.look, plan.faulty):
        faults.sort(key=lambda each: each.lines)
    return plan


def _named(row: RosterRow) -> Named:
    return Named(row.username, row.email, row.name)


def _compare(plan: RosterPlan, row: RosterRow, register: Register, here: Agencies) -> None:
    try:
        who = register.find(_named(row))
        agency_id = here.find(row.agency) if row.agency else None
    except Unclear as unclear:
        plan.look.append(Fault((row.line,), str(unclear)))
        return
    except Unknown as unknown:
        plan.faulty.append(Fault((row.line,), str(unknown)))
        return
    if who is None and not row.name:
        plan.faulty.append(Fault((row.line,), f"{row.called} is not known here, and has no name."))
    elif who is not None and is_gone_there_too(row, who):
        plan.same += 1
    elif who is not None and who.state not in (ABSENT, *HELD):
        plan.look.append(Fault((row.line,), _ended(who)))
    else:
        _add(plan, row, who, agency_id)


def _ended(who: Member) -> str:
    state = WORKFLOW.state(who.state).label.lower()
    return f"{who.name} has an account in the HMIS, and here: {state}."


def _add(plan: RosterPlan, row: RosterRow, who: Member | None, agency_id: int | None) -> None:
    doubt = _moved_back(plan, row, who, agency_id)
    license_, doubts = license_change(row, who, None if doubt else agency_id)
    doubts += [doubt] if doubt else []
    change = Change(row, who, dict(_differing(row, who)), license_)
    plan.look += [Fault((row.line,), doubt) for doubt in doubts]
    if who is None:
        plan.new.append(change)
    elif change.is_one:
        plan.changed.append(change)
    else:
        plan.same += 1
        plan.unchanged.append(change)


def _moved_back(
    plan: RosterPlan, row: RosterRow, who: Member | None, agency_id: int | None
) -> str | None:
    """Why the file's agency is not taken over: it may be the one of before the move."""
    if who is None or agency_id in (None, who.agency_id) or who.license_id not in plan.moved:
        return None
    there, here = (plan.agencies.get(number or 0, "") for number in (agency_id, who.agency_id))
    return (f"{row.called} is at {there} as the file says, and was moved to {here} here since."
            " Whichever is right, move them here or in the HMIS.")  # fmt: skip


def _differing(row: RosterRow, who: Member | None) -> Iterator[tuple[str, str]]:
    """A person's columns as the row has them, where they are others."""
    told = {"username": normal_username(row.username), "email": row.email}
    if who is None or not same_name(row.name, who.name):
        told |= {"first_name": row.first_name, "last_name": row.last_name}
    for column, value in told.items():
        if value and not _same(column, value, getattr(who, column, None)):
            yield column, value


def _same(column: str, value: str, present: Any) -> bool:
    return email_key(value) == email_key(present) if column == "email" else value == present


def _one_person_each(plan: RosterPlan) -> None:
    """Somebody new with the email of another row may be that very person, named differently."""
    bearers: dict[str, list[int]] = defaultdict(list)
    for change in (*plan.new, *plan.changed, *plan.unchanged):
        bearers[email_key(change.row.email) or ""].append(change.row.line)
    shared = {key: sorted(lines) for key, lines in bearers.items() if key and len(lines) > 1}
    doubtful: dict[str, list[int]] = defaultdict(list)
    for change in plan.new:
        if (key := email_key(change.row.email) or "") in shared:
            doubtful[key].append(change.row.line)
    plan.faulty += [
        Fault(tuple(lines), _shared_words(key, shared[key])) for key, lines in doubtful.items()
    ]
    plan.new = [each for each in plan.new if email_key(each.row.email) not in shared]


def _shared_words(key: str, lines: list[int]) -> str:
    *most, last = map(str, lines)
    return (f"{quoted(key)} is the email of lines {', '.join(most)} and {last}. Is that one person?"
            " Keep one row, or give each their own email.")  # fmt: skip


def _one_row_each(plan: RosterPlan) -> None:
    """Two rows that would both become the same person: nobody guesses which of them it is."""
    claims: dict[int, list[Change]] = defaultdict(list)
    for change in (*plan.changed, *plan.unchanged):
        if change.who is not None:
            claims[change.who.person_id].append(change)
    torn = {person_id for person_id, changes in claims.items()
            if len(changes) > 1 and any(change.is_one for change in changes)}  # fmt: skip
    for person_id in torn:
        lines = tuple(sorted(change.row.line for change in claims[person_id]))
        name = claims[person_id][0].row.called
        plan.look.append(Fault(lines, f"Each of these rows could be {name}. Which of them is it?"))
    plan.changed = [c for c in plan.changed if c.who is None or c.who.person_id not in torn]
