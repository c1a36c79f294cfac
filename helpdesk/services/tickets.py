"""The gateway of tickets: whatever the channel, a ticket is opened and moved here only."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.event import path
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import owe, recall_actions
from helpdesk.services import gateway
from helpdesk.services.clock import due_at
from helpdesk.services.facts import filing_facts, people_of, ticket_facts
from helpdesk.services.filing import Request, first_of
from helpdesk.services.letters import Parties, ticket_debts
from helpdesk.transaction import transaction
from workflows.engine import Attempt, Mark, Move, Needs, Option, Reason
from workflows.facts import TicketFacts
from workflows.registry import ticket_type
from workflows.ticket_type import TicketType


def open_ticket(request: Request, actor: Actor) -> Ticket:
    """Files a request: the ticket is made and submitted in one commit.

    Raises `Refused`; `SentBefore` when this very form has arrived already, `AlreadyOpen` when
    another request of the type is open for the person. Both carry the first ticket.
    """
    try:
        with transaction() as session:
            first_of(session, request)
            ticket = _blank(session, request, actor)
            _move(session, ticket, "submit", actor, {})
            return ticket
    except IntegrityError:
        # Somebody was faster by a hair. If it was the same request, say so; if not, it is a bug.
        with transaction() as session:
            first_of(session, request)
        raise


def act(
    ticket_id: int,
    trigger: str,
    actor: Actor,
    data: dict[str, Any] | None = None,
    *,
    version: int | None = None,
) -> Ticket:
    """Takes one step: state, event and effects in one commit, or nothing.

    `version` is the one the actor saw. Raises `Refused`, and `Stale` if the ticket moved on.
    """
    with transaction() as session:
        query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
        ticket = session.scalars(query.execution_options(populate_existing=True)).one()
        if version is not None and version != ticket.version:
            raise gateway.Stale(ticket.id, version)
        _move(session, ticket, trigger, actor, data or {})
        return ticket


def options(session: Session, ticket: Ticket, actor: Actor) -> tuple[Option[TicketFacts], ...]:
    """The steps from here with what speaks against each; reads only."""
    people = people_of(session, ticket)
    return options_at(ticket, attempt_at(session, ticket, people, actor))


def attempt_at(
    session: Session, ticket: Ticket, people: Parties, actor: Actor
) -> Attempt[TicketFacts]:
    """What guards are asked about, for a page that asks several times and reads it once."""
    parties = actor.parties(ticket.agency_id, ticket.person_id)
    facts = ticket_facts(session, ticket, people, actor)
    return Attempt(parties=parties, now=now(), facts=facts)


def options_at(ticket: Ticket, attempt: Attempt[TicketFacts]) -> tuple[Option[TicketFacts], ...]:
    return ticket_type(ticket.type).workflow.options(ticket.state, attempt)


def why_not_file(
    session: Session, kind: TicketType, person: Person, actor: Actor
) -> tuple[Reason, ...]:
    """What speaks against filing, as far as it can be known before the form is filled in."""
    license_row = license_of(session, person.id)
    attempt = Attempt(
        parties=actor.parties(license_row.agency_id if license_row else None, person.id),
        now=now(),
        facts=filing_facts(session, person, actor),
    )
    (submit,) = kind.workflow.options(kind.workflow.initial, attempt)
    return submit.reasons


def _blank(session: Session, request: Request, actor: Actor) -> Ticket:
    license_row = license_of(session, request.person_id)
    ticket = Ticket(
        type=request.type,
        workflow_version=ticket_type(request.type).workflow.version,
        person_id=request.person_id,
        agency_id=license_row.agency_id if license_row else request.agency_id,
        filer_id=request.filer_id,
        entered_by_id=actor.person_id if actor.person_id != request.filer_id else None,
        channel=actor.channel,
        fields=request.fields,
        form_key=request.stored_key,
    )
    session.add(ticket)
    session.flush()
    return ticket


def _move(
    session: Session, ticket: Ticket, trigger: str, actor: Actor, data: dict[str, Any]
) -> None:
    kind = ticket_type(ticket.type)
    people = people_of(session, ticket)
    attempt = Attempt(
        parties=actor.parties(ticket.agency_id, ticket.person_id),
        now=now(),
        facts=ticket_facts(session, ticket, people, actor),
        data=data,
    )
    move = kind.workflow.fire(ticket.state, trigger, attempt)
    columns = _columns(ticket, move, actor, data)
    before = path(session, ticket.id) if ticket.version else []
    columns["due_at"] = due_at(kind, [*before, (attempt.now, move.dest)])
    assignee = ticket.assignee_id
    event = gateway.write(session, ticket, gateway.Change(move, actor, data, columns))
    if ticket.assignee_id != assignee:
        people = people_of(session, ticket)
    for debt in ticket_debts(event, ticket, people, move.step.effects):
        owe(session, debt)
    if not ticket.open:
        recall_actions(session, ticket.id, f"{ticket.number} has ended.")


def _columns(
    ticket: Ticket, move: Move[TicketFacts], actor: Actor, data: dict[str, Any]
) -> dict[str, Any]:
    marks = move.step.marks
    state = ticket_type(ticket.type).workflow.states[move.dest]
    columns: dict[str, Any] = {"updated_at": now(), "open": not state.final}
    attention = ticket.needs_attention
    if Mark.RAISE_ATTENTION in marks or Mark.CLEAR_ATTENTION in marks:
        attention = columns["needs_attention"] = Mark.RAISE_ATTENTION in marks
    columns["waits_on"] = Needs.STAFF if attention else state.needs
    if Mark.ASSIGN_ACTOR in marks:
        columns["assignee_id"] = actor.person_id
    if Mark.ASSIGN_NAMED in marks:
        columns["assignee_id"] = data["assignee"]
    return columns
