"""Looks up what the guards of a ticket want to know."""

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person, named
from helpdesk.models.role import approvers
from helpdesk.models.ticket import Ticket
from helpdesk.services.letters import Parties
from helpdesk.services.licenses import state_of
from workflows.facts import TicketFacts


def people_of(session: Session, ticket: Ticket) -> Parties:
    """Everybody a ticket names, in one query, and its agency."""
    ids = {ticket.person_id, ticket.filer_id, ticket.assignee_id} - {None}
    people: dict[int, Person] = named(session, {i for i in ids if i is not None})
    return Parties(
        licensee=people[ticket.person_id],
        filer=people[ticket.filer_id],
        assignee=people[ticket.assignee_id] if ticket.assignee_id else None,
        agency=session.get(Agency, ticket.agency_id) if ticket.agency_id else None,
    )


def ticket_facts(session: Session, ticket: Ticket, people: Parties, actor: Actor) -> TicketFacts:
    filers = frozenset(i for i in (ticket.filer_id, ticket.entered_by_id) if i is not None)
    barred = filers | {ticket.person_id, actor.person_id}
    colleagues = approvers(session)
    return TicketFacts(
        license_state=state_of(session, ticket.person_id),
        person_name=people.licensee.name,
        person_id=ticket.person_id,
        filer_ids=filers,
        actor_id=actor.person_id,
        email_on_file=people.licensee.email is not None,
        assignee_id=ticket.assignee_id,
        needs_attention=ticket.needs_attention,
        approvers=tuple(p.name for p in colleagues if p.id not in barred),
        takers=frozenset(p.id for p in colleagues),
        fields=ticket.fields,
    )


def filing_facts(session: Session, person: Person, actor: Actor) -> TicketFacts:
    """The same for a ticket that is not filed yet."""
    return TicketFacts(
        license_state=state_of(session, person.id),
        person_name=person.name,
        person_id=person.id,
        filer_ids=frozenset(),
        actor_id=actor.person_id,
        email_on_file=person.email is not None,
    )
