"""Licenses and their deadlines in tests: made to measure, swept, and looked at."""

from datetime import date, datetime, timedelta
from typing import Any

from helpdesk.extensions import db, now
from helpdesk.models.event import Event, license_history
from helpdesk.models.import_run import LAST_LOGIN, ImportKind, ImportRun, LogInTold, Phase
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.owed import effects, name_of
from workflows.license import ACTIVE

DAY = timedelta(days=1)


def someone(cast: Cast, state: str = ACTIVE, **about: Any) -> Person:
    """A licensee of the cast's agency. `ends_in` and `idle` are days; `idle` None: no log-in is
    known, and nothing else either."""
    ends_in, idle = about.pop("ends_in", None), about.pop("idle", 0)
    person = factories.licensee(state, of=cast.agency, **about)
    ends = today() + ends_in * DAY if ends_in is not None else None
    seen = now() - idle * DAY if idle is not None else None
    change(person, expires_on=ends, last_login_at=seen, idle_from=seen)
    return person


def change(person: Person, **columns: date | datetime | None) -> None:
    """As an import or a log-in would: the state stays as it is."""
    with transaction():
        for name, value in columns.items():
            setattr(license_row(person), name, value)


def roster_tells_of(people: list[Person]) -> None:
    """A roster of today that told when these people logged in last."""
    columns = {"username": 0, LAST_LOGIN: 1}
    with transaction() as session:
        run = ImportRun(
            kind=ImportKind.ROSTER, file_name="roster.csv", sha256="0" * 64, size=1,
            file_kept=False, as_of=today(), layout={"columns": columns}, phase=Phase.APPLIED,
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add_all(
            LogInTold(run_id=run.id, license_id=license_row(person).id) for person in people
        )


def license_row(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    db.session.refresh(row)
    return row


def steps(person: Person) -> list[str]:
    """What the calendar made of a license, oldest first."""
    born = {"request", "create", "lock", "suspend"}
    return [event.trigger for event in events(person) if event.trigger not in born]


def events(person: Person) -> list[Event]:
    return license_history(db.session(), license_row(person).id)


def letters() -> list[tuple[str, int]]:
    """Name and reader of each mail that is owed, oldest first."""
    return [(name_of(effect), effect.person_id) for effect in effects(status="due")]
