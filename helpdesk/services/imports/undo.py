"""Takes back the last import: everybody whose rows are still as it left them becomes as before.
Who has changed since is left as they are, and named with the reason; so is who stays without roles.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.account import Account
from helpdesk.models.completion import Completion
from helpdesk.models.event import Event
from helpdesk.models.import_run import (
    ImportChange,
    ImportRun,
    LogInTold,
    Phase,
    Subject,
    last_applied,
)
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses
from helpdesk.services.imports.known import BATCH
from helpdesk.services.imports.ledger import ROLES_ENDED, TABLES, Row, snapshot
from helpdesk.services.imports.proposal import COLUMNS
from helpdesk.services.imports.runs import NAME
from helpdesk.services.imports.upkeep import set_person
from helpdesk.transaction import transaction
from workflows.license import MOVE

NOBODYS = {"username": None, "email": None, "phone": None, "hmis_id": None}
"""Somebody whom an import had brought keeps the name, for the history, and nothing to be found
by: the next import makes them anew."""

UNDONE = "The import was undone."
ACCOUNT = "They have a sign-in account."
SINCE: tuple[tuple[type[Any], str], ...] = (
    (Ticket, "There is a request about them."),
    (Grant, "They have a role here."),
    (Account, ACCOUNT),
)
"""What keeps somebody here whom the import had brought; the first reason counts. The account comes
last: the import itself may have made it."""


WHOLE = {Subject.LICENSE: "license", Subject.ACCOUNT: "sign-in account",
         Subject.COMPLETION: "course"}  # fmt: skip


class NotTheLast(Exception):
    """Only the last import can be undone, and once."""


@dataclass
class Outcome:
    """`left`: whom it had to leave, or could not give back everything."""

    undone: int = 0
    left: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Group:
    """All changes of one person, newest first, with their rows. `bound`: why somebody whom the
    import had brought has to stay."""

    person: Person
    changes: list[tuple[ImportChange, Row]]
    bound: str | None

    @property
    def made(self) -> bool:
        """The import brought them in the first place."""
        return self._made(Subject.PERSON)

    @property
    def stays(self) -> str | None:
        """Why they have to stay here; an account that the import made is no reason."""
        mine = self.bound == ACCOUNT and self._made(Subject.ACCOUNT)
        return self.bound if self.made and not mine else None

    def _made(self, subject: Subject) -> bool:
        return any(c.before is None and c.subject is subject for c, _row in self.changes)


def undo(run_id: int, actor: Actor) -> Outcome:
    """In one commit. Raises `NotTheLast`."""
    outcome = Outcome()
    with transaction() as session:
        run = session.get_one(ImportRun, run_id, with_for_update=True, populate_existing=True)
        if last_applied(session) is not run:
            raise NotTheLast
        the_undo = Actor(None, NAME, actor.channel)
        for group in _groups(session, run.id):
            why = _why_not(group)
            if why:
                outcome.left.append({"name": group.person.name, "why": why})
            else:
                outcome.left += _lost(session, group, run.id)
                _take_back(session, group, the_undo, run.id)
                outcome.undone += 1
        session.execute(delete(LogInTold).where(LogInTold.run_id == run.id))
        run.left_alone = outcome.left
        run.phase, run.undone_at, run.undone_by_id = Phase.UNDONE, now(), actor.person_id
    return outcome


def _groups(session: Session, run_id: int) -> Iterator[_Group]:
    query = select(ImportChange).where(ImportChange.run_id == run_id)
    newest_first = query.order_by(ImportChange.person_id, ImportChange.id.desc())
    found = session.scalars(newest_first).all()
    by_person = [(key, list(each)) for key, each in groupby(found, lambda c: c.person_id)]
    for start in range(0, len(by_person), BATCH):
        yield from _read(session, dict(by_person[start : start + BATCH]))


def _read(session: Session, by_person: dict[int, list[ImportChange]]) -> Iterator[_Group]:
    people = {person.id: person for person in _locked(session, Person, list(by_person))}
    rows = _rows(session, [change for changes in by_person.values() for change in changes])
    bound = _bound(session, list(by_person))
    for person_id, changes in by_person.items():
        pairs = [(change, row) for change in changes
                 if (row := rows.get((change.subject, change.subject_id))) is not None]  # fmt: skip
        if pairs:  # a completion may have been taken back
            yield _Group(people[person_id], pairs, bound.get(person_id))


def _rows(
    session: Session, changes: list[ImportChange]
) -> dict[tuple[Subject, int], Row]:
    found: dict[tuple[Subject, int], Row] = {}
    for subject, table in TABLES.items():
        ids = [change.subject_id for change in changes if change.subject is subject]
        found |= {(subject, row.id): row for row in _locked(session, table, ids)}
    return found


def _locked(session: Session, table: Any, ids: list[int]) -> list[Any]:
    query = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _bound(session: Session, people: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for table, why in SINCE:
        query = select(table.person_id).where(table.person_id.in_(people)).distinct()
        found = dict.fromkeys(session.scalars(query), why) | found
    return found


def _why_not(group: _Group) -> str | None:
    for change, row in group.changes:
        differing = _differing(change, row)
        if differing:
            return f"Changed since: {', '.join(differing)}."
    return group.stays


def _differing(change: ImportChange, row: Row) -> list[str]:
    present = snapshot(row)
    names = [name for name, value in change.after.items() if present.get(name) != value]
    if change.subject is Subject.PERSON:
        return [COLUMNS[name] for name in names]
    return [WHOLE[change.subject]] if names else []


def _take_back(session: Session, group: _Group, actor: Actor, run_id: int) -> None:
    for change, row in group.changes:
        if isinstance(row, Person):
            _restore(session, row, change.before, actor)
        elif isinstance(row, Account):
            _restore_account(session, row, change.before)
        elif isinstance(row, Completion):
            _restore_completion(session, row, change.before)
        else:
            licenses.take_back(row.id, change.before or {}, actor, {"undo_of_import": run_id})


def _lost(session: Session, group: _Group, run_id: int) -> list[dict[str, str]]:
    """The roles that ended with a move: whether somebody is to have them again, a person says."""
    ids = [row.id for _change, row in group.changes if isinstance(row, License)]
    moves = select(Event.data).where(Event.license_id.in_(ids), Event.trigger == MOVE)
    return [
        {"name": group.person.name, "why": f"Their roles at {data['from_name']} stay ended."}
        for data in (session.scalars(moves) if ids else ())
        if data.get("import") == run_id and data.get(ROLES_ENDED)
    ]


def _restore_completion(
    session: Session, row: Completion, before: dict[str, Any] | None
) -> None:
    if before is None:
        session.delete(row)
    else:
        row.score = before["score"]


def _restore_account(session: Session, account: Account, before: dict[str, Any] | None) -> None:
    if before is None:
        session.delete(account)
        return
    until = before["hmis_until"]
    account.hmis_access = before["hmis_access"]
    account.hmis_until = date.fromisoformat(until) if until else None


def _restore(
    session: Session, person: Person, before: dict[str, Any] | None, actor: Actor
) -> None:
    """What the import corrected is corrected once more. Whom it had brought was never told so, and
    is not told that they are gone."""
    if before is not None:
        set_person(session, person, before, actor, UNDONE)
        return
    links.end_all(session, person.id)  # they were mailed to the address that goes
    for column, value in NOBODYS.items():
        setattr(person, column, value)
    session.flush()
