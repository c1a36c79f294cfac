"""The one way a row with a state gets another: event, guarded UPDATE, effects, all in one commit.

Tickets and licenses share it. The event is written first, because the database refuses a state
that no event explains.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

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
    table = type(row)
    version = row.version
    event = _event(row, change)
    session.add(event)
    session.flush()
    moved = session.scalars(
        update(table)
        .where(table.id == row.id, table.state == change.move.source, table.version == version)
        .values(state=change.move.dest, version=version + 1, **change.columns)
        .returning(table)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if moved.one_or_none() is None:
        raise Stale(row.id, version)
    return event


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
