"""Bulk inserts, past the verbs of the desk and never past the database's own guards."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Table, func, select, text, update

from helpdesk.extensions import db
from helpdesk.models.event import Event

Row = dict[str, Any]


def table(model: type[Any]) -> Table:
    return cast(Table, model.__table__)


def insert(link: Connection, model: type[Any], rows: Sequence[Row]) -> None:
    """As the driver does it fastest. Every row has the columns of the first one."""
    if not rows:
        return
    name, columns = table(model).name, list(rows[0])
    naive = link.dialect.name == "sqlite"
    values = _values(rows, columns, naive)
    driver = link.connection.driver_connection
    assert driver is not None, "the connection is open"
    if isinstance(driver, psycopg.Connection):
        _copy(driver, f'COPY "{name}" ({", ".join(columns)}) FROM STDIN', values)
    else:
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES ({marks})'  # noqa: S608
        driver.executemany(statement, values)


def _copy(driver: "psycopg.Connection[Any]", statement: str, rows: Iterable[list[Any]]) -> None:
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _values(rows: Iterable[Row], columns: list[str], naive: bool) -> Iterator[list[Any]]:
    for row in rows:
        yield [_plain(row[name], naive) for name in columns]


def _plain(value: Any, naive: bool) -> Any:
    """As the columns' types would write it."""
    if isinstance(value, datetime) and naive:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, dict):
        return json.dumps(value) if value else "{}"
    return value.value if isinstance(value, StrEnum) else value


def move(link: Connection, model: type[Any]) -> None:
    """Takes every row of `model` along its events, one version after the other."""
    rows, events = table(model), table(Event)
    subject = events.c[f"{rows.name}_id"]
    last = link.scalar(select(func.max(events.c.version)).where(subject.is_not(None))) or 0
    for version in range(1, last + 1):
        link.execute(
            update(rows)
            .where(rows.c.id == subject, events.c.version == version)
            .values(state=events.c.to_state, version=version)
        )


def settle(link: Connection) -> None:
    """Numbers go on after those that were given here."""
    if link.dialect.name != "postgresql":
        return
    for each in db.metadata.sorted_tables:
        if "id" in each.c:
            name = f'"{each.name}"'
            link.execute(text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id))"  # noqa: S608
                f" FROM {name} HAVING max(id) IS NOT NULL"
            ))  # fmt: skip
