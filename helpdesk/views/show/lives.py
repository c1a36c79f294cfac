"""The history of a license in words, for HAND's staff."""

from datetime import date
from typing import Any

from helpdesk.models.event import Event
from helpdesk.views.show import pieces
from helpdesk.views.show.event_lines import EventShown
from workflows.dates import in_words
from workflows.license import WORKFLOW

DAYS = {"on": "Day", "back_on": "Back on", "until": "Good until"}


def life_event(event: Event) -> EventShown:
    step = next((s for s in WORKFLOW.steps if s.trigger == event.trigger), None)
    moved = event.from_state != event.to_state
    state = pieces.license_named(event.to_state)
    text = _said(event.data)
    return EventShown(
        who=event.actor_name,
        what=step.done if step else event.trigger,
        text=text,
        when=pieces.when(event.at),
        kind="system" if event.actor_id is None else "message" if text else "step",
        state=pieces.StateShown(state.state, state.label) if moved else None,
    )


def _said(data: dict[str, Any]) -> str | None:
    days = [f"{label}: {in_words(date.fromisoformat(data[name]))}."
            for name, label in DAYS.items() if data.get(name)]  # fmt: skip
    parts = [" ".join(days), _between(data), data.get("message") or ""]
    if data.get("said"):
        parts.append(f"They were told: {data['said']}")
    if data.get("ticket"):
        parts.append(f"Request {data['ticket']}.")
    return "\n".join(filter(None, parts)) or None


def _between(data: dict[str, Any]) -> str:
    """The agencies of a move, as they were called then."""
    if not data.get("to_name"):
        return ""
    return f"From {data.get('from_name') or 'no agency'} to {data['to_name']}."
