"""The one way a row with a state gets another: event, guarded UPDATE, effects, all in one commit.

Tickets and licenses share it. The event is written first, because the database refuses a state
that no event explains.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from workflows.engine import Move


class Stale(Exception):
    """The row has moved on since the one who acts looked at it. Nothing has changed."""

    def __init__(self, subject_id: int, seen_version: int) -> None:
        self.subject_id = subject_id
        self.seen_version = seen_version
        super().__init__(f"{subject_id} is no longer at version {seen_version}")


@dataclass(frozen=True)
class Change:
    """A move about to be written. `data` goes into the history, `columns` onto the row."""

    move: Move[Any]
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)


def write(session: Session, row: Ticket | License, change: Change) -> Event:
    """Raises `Stale` when another transaction has moved the row first."""
    row_id, version = row.id, row.version
    event = _event(row, change)
    session.add(event)
    session.flush()
    guarded = _guarded(type(row), frozenset(change.columns))
    seen = {"row_id": row_id, "source": change.move.source, "seen": version}
    columns = {"state": change.move.dest, "version": event.version, **change.columns}
    values = {f"new_{name}": value for name, value in columns.items()}
    if session.scalars(guarded, seen | values).one_or_none() is None:
        raise Stale(row_id, version)
    return event


@cache
def _guarded(table: type[Ticket | License], columns: frozenset[str]) -> ReturningUpdate[Any]:
    """Made once for each set of further columns: making it costs more than asking it."""
    return (
        update(table)
        .where(
            table.id == bindparam("row_id"),
            table.state == bindparam("source"),
            table.version == bindparam("seen"),
        )
        .values(
            state=bindparam("new_state"),
            version=bindparam("new_version"),
            **{name: bindparam(f"new_{name}") for name in sorted(columns)},
        )
        .returning(table)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def _event(row: Ticket | License, change: Change) -> Event:
    return Event(
        ticket_id=row.id if isinstance(row, Ticket) else None,
        license_id=row.id if isinstance(row, License) else None,
        version=row.version + 1,
        trigger=change.move.step.trigger,
        from_state=change.move.source,
        to_state=change.move.dest,
        actor_id=change.actor.person_id,
        actor_name=change.actor.name,
        channel=change.actor.channel,
        at=now(),
        data=change.data,
    )
