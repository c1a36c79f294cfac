"""Looks up what the guards want to know of a request that is not filed yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.agency import Agency
from helpdesk.models.document import Document
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of
from helpdesk.services import grids, seats
from helpdesk.services.facts import asked_of, judged_with, rules, today
from workflows.facts import Seats, TicketFacts
from workflows.license import ABSENT
from workflows.ticket_type import TicketType


def _other_admins(session: Session, row: License | None, actor: Actor) -> tuple[str, ...]:
    """Who could file for somebody who would file for themselves."""
    if row is None or row.person_id != actor.person_id:
        return ()
    admins = admins_of(session, row.agency_id)
    return tuple(admin.name for admin in admins if admin.id != actor.person_id)


def _seats_asked(session: Session, person: Person | None, actor: Actor) -> Seats | None:
    """An admin brings somebody whose license is nowhere, or elsewhere, to an agency of theirs. For
    a newcomer they choose it on the form: as long as one has a license left, none is missing."""
    row = license_of(session, person.id) if person else None
    here = row is not None and (not actor.agencies or row.agency_id in actor.agencies)
    own = sorted(actor.agencies)[: 1 if person else None]
    agencies = [session.get(Agency, n or 0) for n in ([row.agency_id] if row and here else own)]
    found = [seats.seen_by(session, each, person.id if person else 0) for each in agencies]
    free = any(each is None or not each.full for each in found)
    return None if free or not found else found[0]


@dataclass(frozen=True)
class Brought:
    """A form as it is filled in: its answers, the documents with it, and the agency's name that
    somebody who is not on file comes to."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[Document] = ()
    agency: str | None = None


def filing_facts(
    session: Session,
    kind: TicketType,
    person: Person | None,
    actor: Actor,
    brought: Brought | None = None,
) -> TicketFacts:
    """`person` None: not on file."""
    brought = brought or Brought()
    row = license_of(session, person.id) if person else None
    facts = _unfiled(session, person, row, actor)
    facts = replace(facts, fields=brought.fields,
                    documents=tuple(document.kind for document in brought.documents))  # fmt: skip
    agency = brought.agency or _agency_name(session, row)
    asked = asked_of(kind, _as_named(facts), person, agency)
    return replace(facts, worksheets=judged_with(kind, brought.documents, asked))


def _agency_name(session: Session, row: License | None) -> str | None:
    agency = session.get(Agency, row.agency_id) if row and row.agency_id else None
    return agency.name if agency else None


def _as_named(facts: TicketFacts) -> TicketFacts:
    """As the form names the person, where it asks for the name."""
    told = facts.fields
    if "first_name" not in told:
        return facts
    name = f"{told['first_name']} {told.get('last_name', '')}".strip()
    return replace(facts, person_name=name, person_email=told.get("email"))


def _unfiled(
    session: Session, person: Person | None, row: License | None, actor: Actor
) -> TicketFacts:
    files = frozenset() if actor.staff or actor.person_id is None else {actor.person_id}
    return TicketFacts(
        license_state=row.state if row else ABSENT,
        person_name=person.name if person else "This person",
        person_id=person.id if person else 0,
        filer_ids=frozenset(files),
        actor_id=actor.person_id,
        today=today(),
        access_level=row.access_level if row else None,
        expires_on=row.expires_on if row else None,
        suspended=row is not None and row.suspended_at is not None,
        being_deleted=row is not None and row.facts.confirmed,
        has_username=person is not None and person.username is not None,
        person_email=person.email if person else None,
        admins=_other_admins(session, row, actor),
        seats=_seats_asked(session, person, actor),
        rules=rules(),
        grid=grids.in_force(session, today()),
    )
