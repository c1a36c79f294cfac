"""Sends a bulk: a request for each person who is ready, each in a commit of its own, and one mail
about all of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import or_, select

from helpdesk.actor import Actor
from helpdesk.extensions import db, now, settings
from helpdesk.models.bulk import Bulk
from helpdesk.models.person import Person, named
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import owe
from helpdesk.services import tickets
from helpdesk.services.bulks.lines import Line, read, sent_of
from helpdesk.services.filing import LeadsElsewhere, Request
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import hold, transaction
from workflows.engine import Refused
from workflows.guards import RECERTIFY


@dataclass(frozen=True)
class Outcome:
    """`refused`: whom a rule stopped in the last moment, with what it says. `left`: how many there
    was no time for."""

    sent: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    left: int = 0


SECONDS = 8.0
"""Then the rest waits for another press of the button: a hundred take about three."""


def send(
    bulk: Bulk, agencies: Collection[int], actor: Actor, within: float = SECONDS
) -> Outcome:
    """Nothing that was sent before is sent again: each request has the key of its person. Whatever
    stops one of them leaves the others alone. `within`: seconds."""
    bulk_id = bulk.id
    whole = read(db.session(), bulk, agencies, actor)
    requests = [(line.person.name, _request(bulk, line)) for line in whole.ready]
    sent, refused, end = 0, dict[str, str](), monotonic() + within
    left = len(requests)
    for name, request in requests:
        if monotonic() > end:
            break
        left -= 1
        try:
            tickets.open_ticket(request, actor)
            sent += 1
        except Refused as why:
            refused[name] = " ".join(reason.sentence for reason in why.reasons)
        except LeadsElsewhere:
            continue  # the page shows which request there is
    tell(bulk_id)
    return Outcome(sent, refused, left)


def _request(bulk: Bulk, line: Line) -> Request:
    return Request(
        type=RECERTIFY,
        person_id=line.person.id,
        filer_id=bulk.filer_id,
        form_key=bulk.key_of(line.person.id),
        fields=line.fields,
        agency_id=line.license.agency_id,
        in_bulk=True,
    )


def tell(bulk_id: int) -> None:
    """Mails the one who files what has been sent since they were told last, if anything was."""
    with transaction() as session:
        hold(session, Bulk.id, bulk_id)
        bulk = session.get_one(Bulk, bulk_id, populate_existing=True)
        news = [each for each in sent_of(session, bulk).values() if each.id not in bulk.told]
        if not news:
            return
        bulk.told = [*bulk.told, *(each.id for each in news)]
        bulk.sent_at = bulk.sent_at or now()
        filer = session.get_one(Person, bulk.filer_id)
        people = named(session, {each.person_id for each in news})
        session.flush()
        if filer.email is not None:
            key = f"bulk:{bulk.id}:{bulk.told[-1]}"
            says = _said(bulk, news, people)
            owe(session, personal_letter(key, "desk/bulk_sent", filer, says=says))


def _said(bulk: Bulk, news: list[Ticket], people: dict[int, Person]) -> dict[str, Any]:
    """The page of the bulk is for whoever filled it in."""
    due = max((each.due_at for each in news if each.due_at), default=None)
    path = f"/recertifications/{bulk.id}" if bulk.owner_id == bulk.filer_id else "/"
    return {
        "sent_lines": [f"{each.number}: {people[each.person_id].name}" for each in news],
        "due_words": moment_in_words(due) if due else None,
        "path": path,
    }


def tell_rest() -> None:
    """What was sent by a process that ended before it could tell."""
    lately = Bulk.created_at > now() - settings().DRAFTS_KEPT - timedelta(days=1)
    query = select(Bulk.id).where(or_(Bulk.sent_at.is_(None), lately))
    for bulk_id in list(db.session.scalars(query)):
        tell(bulk_id)
