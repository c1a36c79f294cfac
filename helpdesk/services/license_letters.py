"""The mails of a license's own steps: whom each goes to, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpdesk.extensions import settings
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Kind
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.outbox.owe import Debt, account_lane
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import local, moment_in_words
from workflows.dates import in_words
from workflows.effects import AccountAction, Effect, Mail, Recipient
from workflows.guards import LABELS, NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.license import ACTIVE, DELETED, EXPIRED, INACTIVE, LOCKED

Readers = Mapping[Recipient, Sequence[Person]]

HELPS = {ACTIVE: RECERTIFY, LOCKED: NEW_PASSWORD, INACTIVE: REACTIVATE, EXPIRED: RECERTIFY,
         DELETED: NEW_USER}  # fmt: skip
"""The request that is next, in each state that a mail of the calendar tells of."""


@dataclass(frozen=True)
class About:
    """Whose license it is, and of which agency."""

    licensee: Person
    agency: Agency | None


def license_debts(
    event: Event, row: License, about: About, readers: Readers, effects: Sequence[Effect]
) -> Iterator[Debt]:
    """Whoever has no address can't be told; whoever is two things to a license is told once."""
    says = _words(event, row, about)
    reached: set[tuple[str, int]] = set()
    for place, effect in enumerate(effects):
        key = f"license:{row.id}:{event.version}:{place}"
        if isinstance(effect, AccountAction):
            yield _action(key, event, row, effect)
        if not isinstance(effect, Mail):
            continue
        for person in readers[effect.to]:
            if person.email is None or (effect.name, person.id) in reached:
                continue
            reached.add((effect.name, person.id))
            yield personal_letter(
                f"{key}:{person.id}",
                f"license/{effect.name}",
                person,
                says=says | {"recipient": effect.to, "path": _path(row, effect.to)},
                event_id=event.id,
            )


def _action(key: str, event: Event, row: License, effect: AccountAction) -> Debt:
    return Debt(
        key=key,
        kind=Kind.ACCOUNT,
        lane=account_lane(row.person_id),
        person_id=row.person_id,
        payload={"action": effect.action, "terms": {}},
        event_id=event.id,
    )


def _words(event: Event, row: License, about: About) -> dict[str, Any]:
    ends, day, helps = row.expires_on, local(event.at).date(), HELPS.get(row.state)
    return {
        "when_words": moment_in_words(event.at),
        "bad_log_ins": settings().LOCK_AFTER,
        "log_in_hours": round(settings().LOG_IN_WATCH.total_seconds() / 3600),
        "person_name": about.licensee.name,
        "agency_name": about.agency.name if about.agency else None,
        "former_name": event.data.get("from_name"),
        "new_name": event.data.get("to_name"),
        "actor_name": event.data.get("by") or event.actor_name,
        "message": event.data.get("message"),
        "said": event.data.get("said"),
        "on_words": _day_in_words(event.data.get("on")),
        "back_words": _day_in_words(event.data.get("back_on")),
        "state": row.state,
        "request_label": LABELS[helps] if helps else None,
        "until_words": in_words(ends) if ends else None,
        "days_left": max((ends - day).days, 0) if ends else None,
        "courses": event.data.get("courses", []),
        "idle_days": _days_since(event.data.get("since"), day),
        "from_words": _day_in_words(event.data.get("from")),
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
