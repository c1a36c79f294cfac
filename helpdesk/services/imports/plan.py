"""What an import of users would do: compared with the register, nothing written yet.

Whoever is here under the same `hmis_id` is compared. Somebody without one who has the row's email
address is the same person if there is exactly one and the name agrees; else a person must look.
Everybody else is new. Blank fields say nothing: they never take away what is on file.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from helpdesk.models.person import Person, email_key
from helpdesk.services.imports.known import (
    BATCH,
    Gone,
    Known,
    gone,
    known,
    same_name,
    same_phone,
)
from helpdesk.services.imports.lines import Fault
from helpdesk.services.imports.proposal import COLUMNS, Detail, Entry, Part, Proposal, of_faults
from helpdesk.services.imports.user_file import UserFile
from helpdesk.services.imports.user_rows import UserRow
from workflows.license import HELD, REQUESTED, WORKFLOW


@dataclass(frozen=True, slots=True)
class Change:
    """`values` are the new ones of the person, by column. `deletes`: the license ends."""

    row: UserRow
    who: Known
    values: dict[str, str]
    deletes: bool

    @property
    def adopts(self) -> bool:
        return "hmis_id" in self.values


@dataclass
class Plan(Proposal):
    new: list[UserRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)

    def size(self, part: Part) -> int:
        return len(getattr(self, part))

    def entries(self, part: Part) -> Iterator[Entry]:
        if part is Part.NEW:
            return map(_new_entry, self.new)
        if part is Part.CHANGED:
            return map(_changed_entry, self.changed)
        if part is Part.GONE:
            return (Entry(name=left.name, key=f"UserID {left.hmis_id}", person_id=left.person_id)
                    for left in self.gone)  # fmt: skip
        return of_faults(self.look if part is Part.LOOK else self.faulty)


def _new_entry(row: UserRow) -> Entry:
    told = {"email": row.email, "phone": row.phone}
    return Entry(
        lines=(row.line,),
        name=row.name,
        key=f"UserID {row.hmis_id}",
        details=tuple(Detail(label, value) for label, value in told.items() if value),
        notes=_deletion(row) if row.deleted_on else (),
    )


def _changed_entry(change: Change) -> Entry:
    return Entry(
        lines=(change.row.line,),
        name=change.who.name,
        key=f"UserID {change.row.hmis_id}",
        person_id=change.who.person_id,
        details=tuple(
            Detail(COLUMNS[column], value, getattr(change.who, column) or "")
            for column, value in change.values.items()
        ),
        notes=_deletion(change.row) if change.deletes else (),
    )


def _deletion(row: UserRow) -> tuple[str, ...]:
    return (f"deleted on {row.deleted_on}",)


def make_plan(session: Session, file: UserFile) -> Plan:
    plan = Plan(faulty=file.faults, repeated=file.repeated, unread=file.unread)
    plan.gone = list(gone(session, file.ids))
    for start in range(0, len(file.rows), BATCH):
        _compare(session, file.rows[start : start + BATCH], plan)
    _one_row_each(plan)
    plan.look.sort(key=lambda each: each.lines)
    return plan


def _compare(session: Session, rows: list[UserRow], plan: Plan) -> None:
    ids = [row.hmis_id for row in rows]
    by_id = {who.hmis_id: who for who in known(session, Person.hmis_id.in_(ids))}
    by_email = _by_email(session, [row for row in rows if row.hmis_id not in by_id])
    for row in rows:
        who = by_id.get(row.hmis_id)
        candidates = by_email.get(email_key(row.email) or "", [])
        if who is not None:
            _add_change(plan, row, who, {})
        elif not candidates:
            plan.new.append(row)
        elif len(candidates) == 1 and same_name(row.name, candidates[0].name):
            _add_change(plan, row, candidates[0], {"hmis_id": row.hmis_id})
        else:
            plan.look.append(Fault((row.line,), _unclear(row, candidates)))


def _by_email(session: Session, rows: list[UserRow]) -> dict[str, list[Known]]:
    keys = {key for row in rows if (key := email_key(row.email))}
    found: dict[str, list[Known]] = defaultdict(list)
    for who in known(session, Person.hmis_id.is_(None), Person.email_key.in_(keys)):
        found[who.email_key or ""].append(who)
    return found


def _add_change(plan: Plan, row: UserRow, who: Known, values: dict[str, str]) -> None:
    values = values | dict(_differing(row, who))
    deletes = row.deleted_on is not None and who.license_state in HELD
    if values or deletes:
        plan.changed.append(Change(row, who, values, deletes))
    else:
        plan.same += 1
    if row.deleted_on is None and who.license_state not in (*HELD, REQUESTED):
        state = WORKFLOW.state(who.license_state).label.lower()
        plan.look.append(
            Fault((row.line,), f"{who.name} has an account in the HMIS, and here: {state}.")
        )


def _differing(row: UserRow, who: Known) -> Iterator[tuple[str, str]]:
    if row.name and row.first_name != who.first_name:
        yield "first_name", row.first_name
    if row.name and row.last_name != who.last_name:
        yield "last_name", row.last_name
    if row.email and email_key(row.email) != who.email_key:
        yield "email", row.email
    if row.phone and not same_phone(row.phone, who.phone):
        yield "phone", row.phone


def _unclear(row: UserRow, candidates: list[Known]) -> str:
    names = ", ".join(f"{who.name} ({who.person_id})" for who in candidates)
    about = f"{row.name or 'Somebody without a name'} (UserID {row.hmis_id})"
    return f"{about} has the email address of {names}. Are they the same?"


def _one_row_each(plan: Plan) -> None:
    """Two rows that would both become the same person: nobody guesses which of them it is."""
    claims: dict[int, list[Change]] = defaultdict(list)
    for change in plan.changed:
        claims[change.who.person_id].append(change)
    torn = {person_id for person_id, changes in claims.items() if len(changes) > 1}
    for person_id in torn:
        lines = tuple(change.row.line for change in claims[person_id])
        name = claims[person_id][0].who.name
        sentence = f"Each of these rows could be {name} ({person_id}). Which of them is it?"
        plan.look.append(Fault(lines, sentence))
    plan.changed = [change for change in plan.changed if change.who.person_id not in torn]
