"""Corrections in words, and in one line with what else happened."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk.extensions import now
from helpdesk.models.correction import Correction, moves_since
from helpdesk.models.person import full_name
from helpdesk.services.facts import LATELY
from helpdesk.services.words import short_moment
from helpdesk.views.show import pieces
from helpdesk.views.show.event_lines import EventShown

Dated = tuple[datetime, EventShown]


def corrected(corrections: Iterable[Correction]) -> list[Dated]:
    return [(each.at, correction_event(each)) for each in corrections]


def newest_first(events: Iterable[Dated]) -> list[EventShown]:
    """What came later of two at the same moment is later in `events`."""
    ordered = sorted(events, key=lambda dated: dated[0])
    return [event for _at, event in reversed(ordered)]


def correction_event(row: Correction) -> EventShown:
    return EventShown(
        who=row.actor_name,
        what=what_was_done(row),
        text=row.reason,
        when=pieces.when(row.at),
        kind="system" if row.actor_id is None else "message" if row.reason else "step",
        state=None,
    )


def moved_lately(corrections: Iterable[Correction]) -> str | None:
    """Whoever is about to have a link sent to the address on file should know that it is new."""
    moved = moves_since(corrections, now() - LATELY)
    if not moved:
        return None
    return f"The email was changed by {moved[-1].actor_name}, {short_moment(moved[-1].at)}."


def what_was_done(row: Correction) -> str:
    """Corrected the name from Ann Lea to Ann Lee and the email from … to …."""
    parts = []
    if row.renames:
        parts.append(f"the name from {_name(row.before)} to {_name(row.after)}")
    old, new = row.before["email"], row.after["email"]
    if old != new:
        parts.append(f"the email from {old or 'none'} to {new or 'none'}")
    return f"corrected {' and '.join(parts)}"


def _name(side: dict[str, str]) -> str:
    return full_name(side["first_name"], side["last_name"])
