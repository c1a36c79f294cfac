"""Completions of the Learning Center into the register: a course that somebody completed on a day
counts once, whoever told of it first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from helpdesk.extensions import db, now
from helpdesk.models.completion import Completion, Source, completions_of
from helpdesk.models.import_run import ImportRun
from helpdesk.services.grids import editions
from helpdesk.services.imports import sources
from helpdesk.services.imports.columns import Layout
from helpdesk.services.imports.completion_file import TORN, CompletionFile, read_completions
from helpdesk.services.imports.completion_rows import Catalog, CompletionRow
from helpdesk.services.imports.ledger import Ledger, snapshot
from helpdesk.services.imports.lines import Fault, quoted
from helpdesk.services.imports.members import BATCH, Member, Named, Register, Unclear, look_up
from helpdesk.services.imports.proposal import Detail, Entry, Part, Proposal, of_faults
from helpdesk.services.imports.repeats import Repeats
from helpdesk.services.imports.table import with_torn
from helpdesk.services.words import local
from workflows.dates import in_words

T = TypeVar("T")
Known = dict[tuple[int, str, date], Completion]
Found = tuple[CompletionRow, Member]
"""A row, and whom it is about."""


@dataclass(frozen=True, slots=True)
class Told:
    """`known_id` None: nobody has told of it yet. `score`: the one there was."""

    row: CompletionRow
    who: Member
    known_id: int | None = None
    score: int | None = None


@dataclass
class CompletionPlan(Proposal):
    new: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)

    def size(self, part: Part) -> int:
        return len(getattr(self, part, ()))

    def entries(self, part: Part) -> Iterator[Entry]:
        if part in {Part.NEW, Part.CHANGED}:
            return map(_entry, self.new if part is Part.NEW else self.changed)
        return of_faults(self.faulty if part is Part.FAULTY else self.look)


def _entry(told: Told) -> Entry:
    row, was = told.row, told.score
    score = Detail("score", f"{row.score} %", f"{was} %" if was is not None else "")
    details = (Detail(row.label, in_words(row.completed_on)), score)
    return Entry(
        lines=(row.line,),
        name=told.who.name,
        key=f"username {row.username}" if row.username else f"email {row.email}",
        person_id=told.who.person_id,
        details=details if row.score is not None else details[:1],
    )


def read(source: sources.Source, run: ImportRun) -> CompletionFile:
    """Raises `CannotRead`."""
    layout, today = Layout.from_json(run.layout or {}), local(now()).date()
    return read_completions(source, layout, today, Catalog(editions(db.session())))


def plan(session: Session, file: CompletionFile) -> CompletionPlan:
    plan = CompletionPlan(faulty=list(file.faults), repeated=file.repeated)
    found = _once_each(plan, [each for rows in _batches(file.rows)
                              for each in _found(session, rows, plan)])  # fmt: skip
    for told in _batches(found):
        _compare(session, told, plan)
    return plan


def _batches(rows: list[T]) -> Iterator[list[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _found(session: Session, rows: list[CompletionRow], plan: CompletionPlan) -> list[Found]:
    register = look_up(session, (Named(row.username, row.email, "") for row in rows))
    return [(row, who) for row in rows if (who := _find(register, row, plan)) is not None]


def _once_each(plan: CompletionPlan, found: list[Found]) -> list[Found]:
    """Rows that name one person by username and by email are about the same, too: said twice they
    count once, and rows that contradict each other are all left out."""
    repeats = Repeats()
    once = [each for each in found
            if repeats.is_first(_key(each), [str(each[0].score)], each[0].line)]  # fmt: skip
    torn = repeats.torn()
    plan.repeated += repeats.repeated()
    plan.faulty = with_torn(plan.faulty, repeats, lambda _key: TORN)
    return [each for each in once if _key(each) not in torn]


def _key(each: Found) -> str:
    row, who = each
    return f"{who.person_id}\0{row.course}\0{row.completed_on}"


def _compare(session: Session, found: list[Found], plan: CompletionPlan) -> None:
    told = completions_of(session, {who.person_id for _row, who in found})
    known = {(each.person_id, each.course, each.completed_on): each for each in told}
    for row, who in found:
        _add(plan, row, who, known)


def _find(register: Register, row: CompletionRow, plan: CompletionPlan) -> Member | None:
    try:
        who = register.find(Named(row.username, row.email, ""))
        why = f"{quoted(row.who)} is not known here."
    except Unclear as unclear:
        who, why = None, str(unclear)
    if who is None:
        plan.faulty.append(Fault((row.line,), why))
    return who


def _add(plan: CompletionPlan, row: CompletionRow, who: Member, known: Known) -> None:
    earlier = known.get((who.person_id, row.course, row.completed_on))
    if earlier is None:
        plan.new.append(Told(row, who))
    elif row.score is not None and row.score != earlier.score:
        plan.changed.append(Told(row, who, earlier.id, earlier.score))
    else:
        plan.same += 1


def carry_out(ledger: Ledger, plan: CompletionPlan) -> None:
    for start in range(0, len(plan.new), BATCH):
        made = [_completion(told, ledger.run.id) for told in plan.new[start : start + BATCH]]
        ledger.session.add_all(made)
        ledger.session.flush()
        for row in made:
            ledger.note(row)
    for told in plan.changed:
        row = ledger.session.get_one(Completion, told.known_id)
        before = snapshot(row)
        row.score = told.row.score
        ledger.note(row, before)


def _completion(told: Told, run_id: int) -> Completion:
    return Completion(
        person_id=told.who.person_id, course=told.row.course, score=told.row.score,
        completed_on=told.row.completed_on, source=Source.IMPORT, run_id=run_id,
    )  # fmt: skip
