"""The row of a new ticket: about whom it is, in its initial state, still without an event."""

from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services import licenses, newcomers
from helpdesk.services.filing import Request, first_of, open_one
from workflows.engine import Attempt, Reason, Refused
from workflows.facts import TicketFacts
from workflows.registry import ticket_type, ticket_types
from workflows.requirements import DOCUMENT
from workflows.ticket_type import TicketType


def about(session: Session, request: Request, actor: Actor) -> Request:
    """The same request, about a person who is on file by now.

    Raises `Refused`, and `LeadsElsewhere` if there is a ticket already.
    """
    if request.newcomer is None or request.person_id is not None:
        first_of(session, request)
        if request.newcomer is not None and request.person_id is not None:
            newcomers.correct(session, request.person_id, request.newcomer, actor)
        return request
    try:
        return _about_newcomer(session, request, request.newcomer, actor)
    except Refused:
        first_of(session, request)  # the same form, perhaps, that says something else now
        raise


def _about_newcomer(
    session: Session, request: Request, newcomer: newcomers.Newcomer, actor: Actor
) -> Request:
    """Nobody is looked up, or made, for somebody who may not file."""
    _may_ask(request, actor)
    assert request.agency_id is not None, "a newcomer comes to an agency"
    person = newcomers.find(session, newcomer, request.agency_id, actor)
    if person is None:
        return replace(request, person_id=newcomers.put_on_file(session, newcomer).id)
    known = replace(request, person_id=person.id)
    first_of(session, known)
    return known


def _may_ask(request: Request, actor: Actor) -> None:
    """Raises `Refused`."""
    flow = ticket_type(request.type).workflow
    submit = flow.step_from(flow.initial, "submit")
    assert submit is not None, "every type can be filed"
    if request.agency_id is None or not submit.who & actor.parties(request.agency_id, 0):
        raise Refused([Reason(f"“{submit.label}” is not for you here.")])


def blank(session: Session, request: Request, actor: Actor) -> Ticket:
    """Somebody without a license gets a blank one, so that it can take the steps that follow from
    the ticket's. Whichever it is, it is held until the commit."""
    assert request.person_id is not None, "a ticket is about somebody"
    row = licenses.ensure(session, request.person_id, request.agency_id)
    ticket = Ticket(
        type=request.type,
        workflow_version=ticket_type(request.type).workflow.version,
        person_id=request.person_id,
        agency_id=_agency_of(request, row),
        filer_id=request.filer_id,
        entered_by_id=actor.person_id if actor.person_id != request.filer_id else None,
        channel=actor.channel,
        fields=request.fields,
        form_key=request.stored_key,
    )
    session.add(ticket)
    session.flush()
    return ticket


def _agency_of(request: Request, row: License) -> int | None:
    """A license that somebody holds, or that is asked for, is its agency's, whatever is claimed."""
    return (request.agency_id or row.agency_id) if row.state in newcomers.FREE else row.agency_id


def blank_in_place_of(session: Session, ticket: Ticket, type_name: str, actor: Actor) -> Ticket:
    """Raises `Refused`, too, when somebody files one of that type at this very moment."""
    request = _in_place_of(session, ticket, type_name)
    try:
        with session.begin_nested():
            return blank(session, request, actor)
    except IntegrityError:
        _in_place_of(session, ticket, type_name)
        raise


def _in_place_of(session: Session, ticket: Ticket, type_name: str) -> Request:
    if type_name not in ticket_types() or type_name == ticket.type:
        raise Refused([Reason("Choose the right type.", field="to")])
    first = open_one(session, type_name, ticket.person_id)
    if first is not None:
        words = f"{number_of(first)} is of that type, is for the same person, and is open already."
        raise Refused([Reason(words, field="to")])
    return Request(
        type=type_name,
        person_id=ticket.person_id,
        filer_id=ticket.filer_id,
        form_key=f"from-{ticket.id}",
        fields=dict(ticket.fields),
        agency_id=ticket.agency_id,
    )


def why_not_as(
    session: Session, ticket: Ticket, facts: TicketFacts, actor: Actor
) -> dict[str, str]:
    """The types that the ticket can’t go on as, by name, with what speaks against each. What is
    only missing does not: the agency is asked for it."""
    found = {kind.name: _against(session, ticket, kind, facts, actor)
             for kind in ticket_types().values() if kind.name != ticket.type}  # fmt: skip
    return {name: sentence for name, sentence in found.items() if sentence}


def _against(
    session: Session, ticket: Ticket, kind: TicketType, facts: TicketFacts, actor: Actor
) -> str:
    first = open_one(session, kind.name, ticket.person_id)
    if first is not None:
        return f"{number_of(first)} is one for the same person, and is open already."
    step = kind.workflow.step_from(kind.workflow.initial, "take_in_unfinished")
    assert step is not None, "every type can take another’s place"
    parties = actor.parties(ticket.agency_id, ticket.person_id)
    attempt = Attempt(parties, now(), facts, {"message": "What is missing."})
    return " ".join(reason.sentence for reason in step.refusals(attempt))


def lacking(said: str, refused: Refused) -> dict[str, Any]:
    """What the agency is asked for: in words, and the papers by their names."""
    sentences = [reason.sentence for reason in refused.reasons]
    fields = [reason.field or "" for reason in refused.reasons]
    papers = [name.removeprefix(DOCUMENT) for name in fields if name.startswith(DOCUMENT)]
    message = "\n".join([said, *sentences]).strip()
    return {"message": message, "papers": papers} if papers else {"message": message}
