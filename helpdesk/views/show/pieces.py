"""Small pieces that several pages share; `macros/ticket.html` says what they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from helpdesk.extensions import now
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.services import clock
from helpdesk.services.words import (
    clock_in_words,
    local,
    short_moment,
    span_in_words,
)
from workflows import license as licenses
from workflows.common import APPROVED
from workflows.engine import State
from workflows.hours import BusinessHours
from workflows.registry import UnknownType, ticket_type
from workflows.ticket_type import TicketType

NEEDS_ATTENTION = "needs_attention"
SOON = 0.75


class Shown(Protocol):
    """A ticket, or a line of the queue."""

    @property
    def type(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def needs_attention(self) -> bool: ...
    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class When:
    words: str
    iso: str
    exact: str = ""


@dataclass(frozen=True)
class StateShown:
    name: str
    label: str


@dataclass(frozen=True)
class TimeLeft:
    """`used` is a percentage of the target."""

    words: str
    used: int
    tone: str
    due_at: datetime | None = None

    @property
    def due(self) -> When | None:
        """In words only where it is read: a line of the queue does without."""
        return when(self.due_at) if self.due_at else None


@dataclass(frozen=True)
class LicenseShown:
    state: str
    label: str
    note: str | None = None
    expires: When | None = None
    last_login: When | None = None
    locked: When | None = None
    words: str = ""


def when(moment: datetime) -> When:
    """Today by the clock, another day by its name."""
    here = local(moment)
    today = here.date() == local(now()).date()
    words = f"Today, {clock_in_words(moment)}" if today else short_moment(moment)
    exact = f"{here:%A}, {here:%B} {here.day}, {here.year}, {clock_in_words(moment)}"
    return When(words, here.isoformat(), exact)


def day(value: date) -> When:
    return When(f"{value:%b} {value.day}, {value.year}", value.isoformat())


def kind_of(ticket: Shown) -> TicketType | None:
    """None for a type that this version does not know: such a ticket is shown all the same."""
    try:
        return ticket_type(ticket.type)
    except UnknownType:
        return None


def type_label(ticket: Shown) -> str:
    kind = kind_of(ticket)
    return kind.label if kind else ticket.type


def state_named(type_name: str, name: str) -> StateShown:
    """A state nobody knows is shown by its bare name, never hidden."""
    state = ticket_type(type_name).workflow.states.get(name)
    return StateShown(name, state.label if state else f"Unknown: {name}")


def state_of(ticket: Shown) -> StateShown:
    if kind_of(ticket) is None:
        return StateShown(ticket.state, f"Unknown: {ticket.state}")
    if ticket.needs_attention and ticket.state == APPROVED:
        return StateShown(NEEDS_ATTENTION, "Needs attention")
    return state_named(ticket.type, ticket.state)


def says(state: State | None, due_at: datetime | None) -> str:
    """What goes on, and by when whoever asked will hear."""
    if state is None:
        return ""
    return f"{state.says} You will hear by {short_moment(due_at)}." if due_at else state.says


def time_left(ticket: Shown, path: Iterable[clock.Stop] | None = None) -> TimeLeft | None:
    """None for an ended ticket. With its `path` a paused one tells what is left, too."""
    kind = kind_of(ticket)
    if kind is None or not ticket.open:
        return None
    hours = clock.business_hours()
    target = hours.day * kind.target_days
    if ticket.due_at is not None:
        return _running(hours, ticket.due_at, target)
    left = clock.time_left(kind, path) if path is not None else None
    rest = f", {span_in_words(left, hours.day)} left" if left and left > timedelta() else ""
    used = _used(target, left) if left is not None else 0
    return TimeLeft(f"Paused{rest}", used, "paused")


def _running(hours: BusinessHours, due_at: datetime, target: timedelta) -> TimeLeft:
    moment = now()
    if due_at <= moment:
        over = span_in_words(hours.between(due_at, moment), hours.day)
        return TimeLeft(f"{over} over", 100, "late", due_at)
    left = hours.between(moment, due_at)
    used = _used(target, left)
    tone = "soon" if used >= SOON * 100 else "ok"
    return TimeLeft(f"{span_in_words(left, hours.day)} left", used, tone, due_at)


def _used(target: timedelta, left: timedelta) -> int:
    return max(0, min(100, round(100 * (1 - left / target))))


LICENSE_NOTES = {
    licenses.ABSENT: "No license of yours is on file.",
    licenses.REQUESTED: "Your license is being made.",
    licenses.NOT_ISSUED: "No license was issued to you.",
    licenses.ACTIVE: "Your license can be used.",
    licenses.LOCKED: "Your license is locked after bad log-in attempts.",
    licenses.INACTIVE: "Your license was inactivated: after a departure, a leave, or a long time"
                       " without log-in.",
    licenses.EXPIRED: "Your license has expired: recertification was not done in time.",
    licenses.SUSPENDED: "HAND has suspended your license.",
    licenses.DELETED: "Your license was deleted.",
}  # fmt: skip


def license_named(state: str) -> LicenseShown:
    found = licenses.WORKFLOW.states.get(state)
    label = found.label if found else f"Unknown: {state}"
    return LicenseShown(state, label, words=LICENSE_NOTES.get(state, label))


def license_shown(row: License | None) -> LicenseShown:
    if row is None:
        return license_named(licenses.ABSENT)
    bare = license_named(row.state)
    return LicenseShown(
        state=bare.state,
        label=bare.label,
        note=f"Locked since {when(row.locked_at).words}" if row.locked_at else None,
        expires=day(row.expires_on) if row.expires_on else None,
        last_login=when(row.last_login_at) if row.last_login_at else None,
        locked=when(row.locked_at) if row.locked_at else None,
        words=bare.words,
    )


def past_states(events: Iterable[Event]) -> list[str]:
    return list(dict.fromkeys(event.to_state for event in events))
