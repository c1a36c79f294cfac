"""What a sweep has done, or would do."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.models.effect import Effect, Kind
from helpdesk.models.event import Event
from helpdesk.models.person import Person, full_name


@dataclass(frozen=True)
class Load:
    """How many of the licenses that are held a sweep would change."""

    changes: int
    held: int

    @property
    def percent(self) -> int:
        return round(100 * self.changes / self.held) if self.held else 0


@dataclass(frozen=True)
class Taken:
    """A step of one license or ticket, and whom a mail tells of it: name and address."""

    trigger: str
    label: str
    subject: str
    told: tuple[tuple[str, str | None], ...]


Tell = Callable[[Taken], None]


@dataclass
class Report:
    """How often each step was taken, by its label, and how many rows could not go on. `waits`:
    so many licenses would change that a manager has to let it run. `log_ins_old`: nobody could be
    judged by their log-ins, since the newest that are known are of long ago."""

    taken: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    waits: Load | None = None
    log_ins_old: bool = False

    @property
    def well(self) -> bool:
        return not (self.failed or self.waits or self.log_ins_old)


@dataclass(frozen=True)
class Job:
    """What is due for one row. `take` takes it all in one commit; a trial takes it back."""

    name: str
    take: Callable[[bool], list[Taken]]


class TakenBack(Exception):
    """Ends a trial: nothing of it is kept."""


def told_of(session: Session, event: ColumnElement[bool]) -> tuple[tuple[str, str | None], ...]:
    """Whom mails tell of an event."""
    query = (
        select(Person.first_name, Person.last_name, Person.email, Effect.payload)
        .join(Effect, Effect.person_id == Person.id)
        .join(Event, Event.id == Effect.event_id)
        .where(event, Effect.kind == Kind.MAIL)
        .order_by(Effect.id)
    )
    return tuple(_reader(full_name(first, last), email, payload.get("to"))
                 for first, last, email, payload in session.execute(query))  # fmt: skip


def _reader(
    name: str, email: str | None, to: Mapping[str, str] | None
) -> tuple[str, str | None]:
    """`to`: somebody else who is written to, wherever they are on file."""
    return (to["name"], to["address"]) if to else (name, email)
