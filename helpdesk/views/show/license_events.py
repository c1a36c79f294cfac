"""What happened to a license and to what is on file of its holder, in words for HAND: who did
what, and when."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.models.correction import Correction
from helpdesk.models.event import Event, license_history
from helpdesk.models.license import License
from helpdesk.views.show import pieces
from helpdesk.views.show.corrections import corrected, newest_first
from helpdesk.views.show.event_lines import EventShown
from workflows.license import MOVE, WORKFLOW

SHOWN = 20


def license_events(
    session: Session, row: License | None, corrections: Iterable[Correction]
) -> list[EventShown]:
    """The latest, newest first; with the corrections of its holder."""
    return events_shown(session, license_history(session, row.id) if row else [], corrections)


def events_shown(
    session: Session, history: list[Event], corrections: Iterable[Correction]
) -> list[EventShown]:
    """The same of a license whose history is read already."""
    events = history[-SHOWN:]
    agencies = _agencies(session, events)
    lived = [(event.at, _shown(event, agencies)) for event in events]
    return newest_first([*lived, *corrected(corrections)])[:SHOWN]


def _agencies(session: Session, events: list[Event]) -> dict[int | None, str]:
    """The names of those that a license came from and went to."""
    moves = [event.data for event in events if event.trigger == MOVE]
    ids = {number for data in moves for number in _ends(data) if number}
    query = select(Agency).where(Agency.id.in_(ids))
    return {agency.id: agency.name for agency in session.scalars(query)} if ids else {}


def _ends(data: dict[str, Any]) -> tuple[int | None, int | None]:
    """Where a move began and ended; the first moves that were kept say “from”."""
    return data.get("from_id", data.get("from")), data.get("agency_id")


def _shown(event: Event, agencies: dict[int | None, str]) -> EventShown:
    step = WORKFLOW.step_from(event.from_state, event.trigger)
    what = step.done if step else event.trigger
    if event.trigger == MOVE:
        before, after = _ends(event.data)
        what = f"moved it from {agencies.get(before, 'no agency')} to {agencies.get(after, '?')}"
    if number := event.data.get("ticket"):
        what = f"{what} ({number})"
    kind = "step" if event.actor_id else "system"
    return EventShown(who=event.actor_name, what=what, text=None, when=pieces.when(event.at),
                      kind=kind, state=None)  # fmt: skip
