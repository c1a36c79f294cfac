"""What imports there were, and what each has changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.agency import names
from helpdesk.models.import_run import ImportChange, ImportRun, Subject, last_applied
from helpdesk.models.person import Person, named
from helpdesk.services import grids
from helpdesk.services.imports.proposal import COLUMNS, Detail
from helpdesk.services.words import local
from workflows.dates import in_words
from workflows.license import WORKFLOW
from workflows.training import ACCESS_LEVELS

SHOWN = 50
PAGE = 50
WORDS: dict[Subject, dict[str, str]] = {
    Subject.PERSON: COLUMNS,
    Subject.LICENSE: {
        "state": "license", "agency_id": "agency", "access_level": "access level",
        "last_login_at": "last log-in", "expires_on": "expires",
    },
    Subject.ACCOUNT: {},
    Subject.COMPLETION: {"course": "course", "completed_on": "completed", "score": "score"},
}  # fmt: skip
"""What people are told of a row; what goes with that is not said."""


@dataclass(frozen=True)
class Line:
    """An import, with the names of those who had a hand in it; None is the command line."""

    run: ImportRun
    created_by: str | None
    applied_by: str | None
    undone_by: str | None
    can_undo: bool


@dataclass(frozen=True)
class Touched:
    """Somebody of whom an import changed something. `made`: they were not there before."""

    person: Person
    made: bool
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class Page:
    """`following`: after which person the next page begins; None on the last."""

    touched: list[Touched]
    following: int | None


def runs(session: Session) -> list[Line]:
    """The newest ones."""
    query = select(ImportRun).order_by(ImportRun.id.desc()).limit(SHOWN)
    return _lines(session, list(session.scalars(query)))


def line(session: Session, run: ImportRun) -> Line:
    return _lines(session, [run])[0]


def _lines(session: Session, found: list[ImportRun]) -> list[Line]:
    ids = {i for run in found for i in (run.created_by_id, run.applied_by_id, run.undone_by_id)}
    people = named(session, {each for each in ids if each is not None})
    last = last_applied(session)

    def name(person_id: int | None) -> str | None:
        return people[person_id].name if person_id is not None else None

    return [
        Line(run, name(run.created_by_id), name(run.applied_by_id), name(run.undone_by_id),
             can_undo=run is last)
        for run in found
    ]  # fmt: skip


def changes(session: Session, run: ImportRun, after: int = 0) -> Page:
    """At most `PAGE` of the people whom an import touched."""
    theirs = ImportChange.run_id == run.id
    query = select(ImportChange.person_id).where(theirs, ImportChange.person_id > after)
    ids = list(session.scalars(query.distinct().order_by(ImportChange.person_id).limit(PAGE + 1)))
    following = ids[PAGE - 1] if len(ids) > PAGE else None
    found = (
        select(ImportChange)
        .where(theirs, ImportChange.person_id.in_(ids[:PAGE]))
        .order_by(ImportChange.person_id, ImportChange.id)
    )
    people, labels = named(session, set(ids[:PAGE])), _labels(session)
    groups = groupby(session.scalars(found), lambda change: change.person_id)
    touched = [_touched(people[each], list(theirs), labels) for each, theirs in groups]
    return Page(touched, following)


Labels = dict[str, dict[Any, str]]
"""What a value is called, by the column it is in."""


def _labels(session: Session) -> Labels:
    return {"agency_id": names(session), "course": grids.editions(session).labels}


def _touched(person: Person, changes: list[ImportChange], labels: Labels) -> Touched:
    details = tuple(detail for change in changes for detail in _details(change, labels))
    made = any(c.before is None and c.subject is Subject.PERSON for c in changes)
    return Touched(person, made, details)


def _details(change: ImportChange, labels: Labels) -> Iterator[Detail]:
    before, words = change.before or {}, WORDS[change.subject]
    for name, value in change.after.items():
        if name in words and value != before.get(name):
            told = _text(name, value, labels), _text(name, before.get(name), labels)
            yield Detail(words[name], *told)


def _text(name: str, value: Any, labels: Labels) -> str:
    if value is None:
        return ""
    if name in IN_WORDS:
        return IN_WORDS[name](value)
    return labels[name].get(value, "") if name in labels else str(value)


IN_WORDS: dict[str, Callable[[str], str]] = {
    "state": lambda state: WORKFLOW.state(state).label,
    "access_level": lambda level: ACCESS_LEVELS.get(level, level),
    "last_login_at": lambda moment: in_words(local(datetime.fromisoformat(moment)).date()),
    "expires_on": lambda day: in_words(date.fromisoformat(day)),
    "completed_on": lambda day: in_words(date.fromisoformat(day)),
}
