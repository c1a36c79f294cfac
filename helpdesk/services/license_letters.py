"""The mails of a license's own steps: whom each goes to, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from helpdesk.extensions import settings
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.outbox.owe import Debt
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import local, moment_in_words
from workflows.dates import in_words
from workflows.effects import Mail, Recipient
from workflows.guards import LABELS, NEW_PASSWORD, REACTIVATE, RECERTIFY
from workflows.license import ACTIVE, EXPIRED, INACTIVE, LOCKED

Readers = Mapping[Recipient, Sequence[Person]]

HELPS = {ACTIVE: RECERTIFY, LOCKED: NEW_PASSWORD, INACTIVE: REACTIVATE, EXPIRED: RECERTIFY}
"""The request that is next, in each state that a mail of the calendar tells of."""


def license_letters(
    event: Event, row: License, licensee: Person, readers: Readers, mails: Sequence[Mail]
) -> Iterator[Debt]:
    """Whoever has no address can't be told; whoever is two things to a license is told once."""
    says = _words(event, row, licensee)
    reached: set[tuple[str, int]] = set()
    for place, mail in enumerate(mails):
        for person in readers[mail.to]:
            if person.email is None or (mail.name, person.id) in reached:
                continue
            reached.add((mail.name, person.id))
            yield personal_letter(
                f"license:{row.id}:{event.version}:{place}:{person.id}",
                f"license/{mail.name}",
                person,
                says=says | {"recipient": mail.to, "path": _path(row, mail.to)},
                event_id=event.id,
            )


def _words(event: Event, row: License, licensee: Person) -> dict[str, Any]:
    ends, day, helps = row.expires_on, local(event.at).date(), HELPS.get(row.state)
    return {
        "when_words": moment_in_words(event.at),
        "bad_log_ins": settings().LOCK_AFTER,
        "log_in_hours": round(settings().LOG_IN_WATCH.total_seconds() / 3600),
        "person_name": licensee.name,
        "state": row.state,
        "request_label": LABELS[helps] if helps else None,
        "until_words": in_words(ends) if ends else None,
        "days_left": max((ends - day).days, 0) if ends else None,
        "courses": event.data.get("courses", []),
        "idle_days": _days_since(event.data.get("since"), day),
        "last_day_words": _day_in_words(event.data.get("last_day")),
    }


def _days_since(text: str | None, day: date) -> int | None:
    return (day - date.fromisoformat(text)).days if text else None


def _day_in_words(text: str | None) -> str | None:
    return in_words(date.fromisoformat(text)) if text else None


def _path(row: License, reader: Recipient) -> str | None:
    """The form that helps, filled in as far as it can be. A licensee gets to it by themselves
    only while the license lets them in."""
    helps = HELPS.get(row.state)
    if helps is None:
        return None
    if reader is Recipient.LICENSEE:
        return f"/requests/new/{helps}" if row.state == ACTIVE else None
    return f"/requests/new/{helps}?person={row.person_id}"
