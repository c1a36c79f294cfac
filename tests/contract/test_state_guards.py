"""The database itself refuses a state that no event explains, whoever writes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import IntegrityError

from helpdesk.extensions import db, now
from helpdesk.models.event import Event
from helpdesk.models.license import License, StateIsTheGateways, license_of
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import WriteOutsideTransaction, transaction
from tests import factories

TABLES = ("ticket", "license")
ELSEWHERE = {"ticket": "completed", "license": "active"}
each_table = pytest.mark.parametrize("table", TABLES)


@dataclass(frozen=True)
class Rows:
    """A submitted ticket and a locked license, by the names of their tables."""

    ids: dict[str, int]
    versions: dict[str, int]
    states: dict[str, str]


def made(app: Flask) -> Rows:
    with app.app_context():
        ticket = factories.ticket(by=factories.cast())
        row = license_of(db.session(), ticket.person_id)
        assert row is not None
        return Rows(
            {"ticket": ticket.id, "license": row.id},
            {"ticket": ticket.version, "license": row.version},
            {"ticket": ticket.state, "license": row.state},
        )


@pytest.fixture
def rows(app: Flask) -> Rows:
    return made(app)


@pytest.fixture
def link(app: Flask) -> Iterator[Connection]:
    """A connection past the session and all its guards."""
    with app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
        yield connection


def write(link: Connection, sql: str, **values: Any) -> None:
    link.execute(text(sql), values)
    link.commit()


def refused(link: Connection, words: str, sql: str, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=words):
        write(link, sql, **values)
    link.rollback()


@each_table
@pytest.mark.parametrize("change", ["state = :state", "version = version + 1", "version = 0",
                                    "state = :state, version = version + 1"])  # fmt: skip
def test_an_update_that_no_event_explains_is_refused(
    link: Connection, rows: Rows, table: str, change: str
) -> None:
    refused(
        link, "no event explains", f"UPDATE {table} SET {change} WHERE id = :id",
        state=ELSEWHERE[table], id=rows.ids[table],
    )  # fmt: skip


def explain(link: Connection, rows: Rows, table: str, **changes: Any) -> None:
    """Writes an event of the row's next step; `changes` make it tell of something else."""
    values = {
        "id": rows.ids[table],
        "version": rows.versions[table] + 1,
        "source": rows.states[table],
        "dest": ELSEWHERE[table],
        "at": now(),
    } | changes
    link.execute(
        text(
            f"INSERT INTO event ({table}_id, version, trigger, from_state, to_state, actor_name,"
            " channel, at, data) VALUES (:id, :version, 'x', :source, :dest, 'X', 'web', :at, '{}')"
        ),
        values,
    )


MOVE = "UPDATE {table} SET state = :state, version = version + 1 WHERE id = :id"


@each_table
def test_an_update_that_an_event_explains_goes_through(
    link: Connection, rows: Rows, table: str
) -> None:
    explain(link, rows, table)
    write(link, MOVE.format(table=table), state=ELSEWHERE[table], id=rows.ids[table])
    found = link.execute(text(f"SELECT state FROM {table} WHERE id = :id"), {"id": rows.ids[table]})
    assert found.scalar_one() == ELSEWHERE[table]


@each_table
@pytest.mark.parametrize("wrong", [{"source": "in_review"}, {"dest": "deleted"}, {"version": 99}])
def test_an_event_of_something_else_explains_nothing(
    link: Connection, rows: Rows, table: str, wrong: dict[str, Any]
) -> None:
    explain(link, rows, table, **wrong)
    refused(
        link, "no event explains", MOVE.format(table=table),
        state=ELSEWHERE[table], id=rows.ids[table],
    )  # fmt: skip


@each_table
def test_the_event_of_another_row_explains_nothing(
    app: Flask, link: Connection, rows: Rows, table: str
) -> None:
    explain(link, made(app), table)
    refused(
        link, "no event explains", MOVE.format(table=table),
        state=ELSEWHERE[table], id=rows.ids[table],
    )  # fmt: skip


@each_table
@pytest.mark.parametrize("begin", [{"version": 1}, {"state": True}])
def test_a_row_that_does_not_begin_at_its_beginning_is_refused(
    link: Connection, rows: Rows, table: str, begin: dict[str, Any]
) -> None:
    copied = dict(link.execute(text(f"SELECT * FROM {table}")).mappings().one())
    link.rollback()
    initial = {"ticket": "new", "license": "absent"}[table]
    row = copied | {"id": 4711, "form_key": "another", "state": initial, "version": 0}
    row["state"] = ELSEWHERE[table] if "state" in begin else initial
    row["version"] = begin.get("version", 0)
    row = {name: value for name, value in row.items() if name in copied and name != "fields"}
    row |= {"fields": "{}"} if table == "ticket" else {}
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    refused(link, f"a {table} begins as", f"INSERT INTO {table} ({names}) VALUES ({places})", **row)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET actor_name = 'Somebody else'",
        "UPDATE event SET data = '{}'",
        "UPDATE event SET at = at",
        "DELETE FROM event",
    ],
)
def test_history_is_never_changed(link: Connection, rows: Rows, sql: str) -> None:
    refused(link, "history is never changed", sql)


@each_table
def test_other_columns_may_change_without_an_event(
    link: Connection, rows: Rows, table: str
) -> None:
    write(link, f"UPDATE {table} SET agency_id = NULL, state = state WHERE id = :id",
          id=rows.ids[table])  # fmt: skip


@pytest.mark.parametrize("model", [Ticket, License])
@pytest.mark.parametrize("attribute", ["state", "version"])
def test_no_object_takes_a_state(model: type[Ticket | License], attribute: str) -> None:
    with pytest.raises(StateIsTheGateways):
        model(**{attribute: "completed"})
    with pytest.raises(StateIsTheGateways):
        setattr(model(), attribute, "completed")


@pytest.mark.parametrize("model", [Ticket, License])
def test_no_statement_of_the_sessions_own_gets_around_it(
    app: Flask, rows: Rows, model: type[Ticket | License]
) -> None:
    forged = update(model).values(state=ELSEWHERE[model.__tablename__])
    with app.app_context():
        with pytest.raises(WriteOutsideTransaction):
            db.session.execute(forged)
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(forged)


def test_the_objects_of_history_cannot_be_changed_either(app: Flask, rows: Rows) -> None:
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.query(Event).first().actor_name = "Somebody else"  # type: ignore[union-attr]
