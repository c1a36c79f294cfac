"""The gateway of tickets: whatever the channel, a ticket is opened and moved here only."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import now
from helpdesk.models.document import Document
from helpdesk.models.event import history, path
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.outbox.owe import owe, recall_actions
from helpdesk.services import documents, gateway, licenses
from helpdesk.services.clock import due_at
from helpdesk.services.facts import filing_facts, people_of, ticket_facts
from helpdesk.services.filing import Request, first_of, open_one
from helpdesk.services.letters import Parties, ticket_debts
from helpdesk.services.newcomers import FREE, correct, take_up
from helpdesk.transaction import transaction
from workflows.common import NOTE
from workflows.effects import AccountAction, Effect, LicenseStep
from workflows.elsewhere import elsewhere
from workflows.engine import Attempt, Mark, Move, Needs, Option, Reason, Refused
from workflows.facts import TicketFacts
from workflows.license import WORKFLOW
from workflows.registry import ticket_type, ticket_types
from workflows.requirements import DOCUMENT, level_of
from workflows.ticket_type import TicketType


def open_ticket(request: Request, actor: Actor) -> Ticket:
    """Files a request: the ticket is made and submitted in one commit, its documents with it.

    Raises `Refused`; `SentBefore` when this very form has arrived already, `AlreadyOpen` when
    another request of the type is open for the person. Both carry the first ticket.
    """
    try:
        with transaction() as session:
            first_of(session, request)
            known = _about(session, request, actor)
            ticket = _blank(session, known, actor)
            came = _attach(session, ticket, actor, request.form_key)
            documents.copy(session, request.keep, ticket.id)
            documents.keep_to_limit(session, ticket.id, len(came))
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
    form_key: str | None = None,
) -> Ticket:
    """Takes one step: state, event and effects in one commit, or nothing.

    `version` is the one the actor saw; documents that came with the form of `form_key` become the
    ticket's. Raises `Refused`, and `Stale` if the ticket moved on. A step that changes the type
    gives the ticket that goes on in place of this one.
    """
    with transaction() as session:
        query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
        ticket = session.scalars(query.execution_options(populate_existing=True)).one()
        if version is not None and not _still_seen(session, ticket, version, actor):
            raise gateway.Stale(ticket.id, version)
        brought = dict(data or {})
        if form_key is not None:
            came = _attach(session, ticket, actor, form_key)
            documents.keep_to_limit(session, ticket.id, len(came))
            brought |= _named(came)
        move = _move(session, ticket, trigger, actor, brought)
        if Mark.CONVERT in move.step.marks:
            return _go_on_as(session, ticket, brought, actor)
        return ticket


def _attach(session: Session, ticket: Ticket, actor: Actor, form_key: str) -> list[Document]:
    """What the one who acts has uploaded on this form; the desk itself uploads nothing."""
    if actor.person_id is None:
        return []
    return documents.attach(session, ticket.id, actor.person_id, form_key)


def _named(came: list[Document]) -> dict[str, Any]:
    """What the history tells of documents that came with a step."""
    if not came:
        return {}
    return {"documents": [each.name for each in came], "kinds": [each.kind for each in came]}


def _still_seen(session: Session, ticket: Ticket, version: int, actor: Actor) -> bool:
    """Whether the ticket is as the actor saw it. HAND's own notes change nothing for others."""
    if version == ticket.version:
        return True
    since = history(session, ticket.id, since_version=version)
    return version < ticket.version and not actor.staff and all(e.trigger == NOTE for e in since)


def _go_on_as(session: Session, ticket: Ticket, data: dict[str, Any], actor: Actor) -> Ticket:
    """The ticket of the right type, opened in the commit that ended the other one.

    Whoever had the other has this one; if nobody had, the one who read it. What is still missing
    does not stop it: then it waits on the agency, which is told.
    """
    new = _blank_in_place_of(session, ticket, data["to"], actor)
    new.converted_from_id, new.assignee_id = ticket.id, ticket.assignee_id or actor.person_id
    new.entered_by_id = ticket.entered_by_id
    documents.copy_to_ticket(session, ticket.id, new.id)
    session.flush()
    said = data.get("message")
    words: dict[str, Any] = {"message": said if isinstance(said, str) else ""}
    words["from"] = ticket.number
    try:
        _move(session, new, "take_in", actor, words)
    except Refused as refused:
        words |= _lacking(words["message"], refused)
        _move(session, new, "take_in_unfinished", actor, words)
    return new


def _lacking(said: str, refused: Refused) -> dict[str, Any]:
    """What the agency is asked for: in words, and the papers by their names."""
    sentences = [reason.sentence for reason in refused.reasons]
    fields = [reason.field or "" for reason in refused.reasons]
    papers = [name.removeprefix(DOCUMENT) for name in fields if name.startswith(DOCUMENT)]
    message = "\n".join([said, *sentences]).strip()
    return {"message": message, "papers": papers} if papers else {"message": message}


def _blank_in_place_of(session: Session, ticket: Ticket, type_name: str, actor: Actor) -> Ticket:
    """Raises `Refused`, too, when somebody files one of that type at this very moment."""
    request = _in_place_of(session, ticket, type_name)
    try:
        with session.begin_nested():
            return _blank(session, request, actor)
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


def options(session: Session, ticket: Ticket, actor: Actor) -> tuple[Option[TicketFacts], ...]:
    """The steps from here with what speaks against each; reads only."""
    people = people_of(session, ticket)
    return options_at(ticket, attempt_at(session, ticket, people, actor))


def attempt_at(
    session: Session,
    ticket: Ticket,
    people: Parties,
    actor: Actor,
    data: dict[str, Any] | None = None,
) -> Attempt[TicketFacts]:
    """What guards are asked about; a page that asks several times reads it once."""
    parties = actor.parties(ticket.agency_id, ticket.person_id)
    facts = ticket_facts(session, ticket, people, actor)
    return Attempt(parties=parties, now=now(), facts=facts, data=data or {})


def options_at(ticket: Ticket, attempt: Attempt[TicketFacts]) -> tuple[Option[TicketFacts], ...]:
    return ticket_type(ticket.type).workflow.options(ticket.state, attempt)


def elsewhere_at(ticket: Ticket, actor: Actor) -> tuple[Option[TicketFacts], ...]:
    """The actor's steps that do not start where the ticket stands, with what comes first."""
    parties = actor.parties(ticket.agency_id, ticket.person_id)
    return elsewhere(ticket_type(ticket.type).workflow, ticket.state, parties)


def why_not_send(
    session: Session,
    kind: TicketType,
    person: Person | None,
    actor: Actor,
    brought: tuple[dict[str, Any], Iterable[str]],
) -> tuple[Reason, ...]:
    """What speaks against a form as it is filled in: its fields, and the kinds of its documents."""
    row = license_of(session, person.id) if person else None
    parties = actor.parties(row.agency_id if row else None, person.id if person else 0)
    fields, documents = brought
    attempt = Attempt(
        parties=parties | kind.filers,  # who may file is asked when it is sent
        now=now(),
        facts=filing_facts(session, person, actor, fields, documents),
    )
    submit = kind.workflow.step_from(kind.workflow.initial, "submit")
    return submit.refusals(attempt) if submit else ()


def why_not_file(
    session: Session, kind: TicketType, person: Person | None, actor: Actor
) -> tuple[Reason, ...]:
    """What speaks against filing, as far as it can be known before the form is filled in.

    `person` None: somebody who is not on file yet.
    """
    row = license_of(session, person.id) if person else None
    agency_id = row.agency_id if row else next(iter(actor.agencies), None)
    attempt = Attempt(
        parties=actor.parties(agency_id, person.id if person else 0),
        now=now(),
        facts=filing_facts(session, person, actor),
    )
    options = kind.workflow.options(kind.workflow.initial, attempt)
    return next(option.reasons for option in options if option.step.trigger == "submit")


def _about(session: Session, request: Request, actor: Actor) -> Request:
    """The same request, about a person who is on file by now. Raises `AlreadyOpen`."""
    if request.newcomer is None:
        return request
    if request.person_id is not None:
        correct(session.get_one(Person, request.person_id), request.newcomer)
        return request
    _may_ask(request, actor)
    assert request.agency_id is not None, "a newcomer comes to an agency"
    person = take_up(session, request.newcomer, request.agency_id, actor)
    known = replace(request, person_id=person.id)
    first_of(session, known)
    return known


def _may_ask(request: Request, actor: Actor) -> None:
    """Nobody is looked up, or made, for somebody who may not file. Raises `Refused`."""
    flow = ticket_type(request.type).workflow
    submit = flow.step_from(flow.initial, "submit")
    assert submit is not None, "every type can be filed"
    if request.agency_id is None or not submit.who & actor.parties(request.agency_id, 0):
        raise Refused([Reason(f"“{submit.label}” is not for you here.")])


def _blank(session: Session, request: Request, actor: Actor) -> Ticket:
    """In its initial state, still without an event. Somebody without a license gets a blank one,
    so that it can take the steps that follow from the ticket's."""
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
    return (request.agency_id or row.agency_id) if row.state in FREE else row.agency_id


def _move(
    session: Session, ticket: Ticket, trigger: str, actor: Actor, data: dict[str, Any]
) -> Move[TicketFacts]:
    kind = ticket_type(ticket.type)
    people = people_of(session, ticket)
    attempt = attempt_at(session, ticket, people, actor, data)
    move = kind.workflow.fire(ticket.state, trigger, attempt)
    columns = _columns(ticket, move, actor, data)
    before = path(session, ticket.id) if ticket.version else []
    columns["due_at"] = due_at(kind, [*before, (attempt.now, move.dest)])
    assignee = ticket.assignee_id
    event = gateway.write(session, ticket, gateway.Change(move, actor, data, columns))
    if ticket.assignee_id != assignee:
        people = people_of(session, ticket)
    _take_license_steps(session, ticket, move.step.effects)
    terms = _terms(kind, attempt.facts, move.step.effects)
    for debt in ticket_debts(event, ticket, people, move.step.effects, terms):
        owe(session, debt)
    if not ticket.open:
        recall_actions(session, ticket.id, f"{ticket.number} has ended.")
    return move


def _take_license_steps(session: Session, ticket: Ticket, effects: tuple[Effect, ...]) -> None:
    for effect in effects:
        if isinstance(effect, LicenseStep):
            row = licenses.ensure(session, ticket.person_id, ticket.agency_id)
            if WORKFLOW.step_from(row.state, effect.trigger) is None:
                continue  # it has moved on by itself, and the ticket must be able to end
            licenses.act(row.id, effect.trigger, THE_DESK, {"ticket": ticket.number})


def _terms(kind: TicketType, facts: TicketFacts, effects: tuple[Effect, ...]) -> dict[str, Any]:
    """What the account action sets besides, as it was when it was approved."""
    if not any(isinstance(effect, AccountAction) for effect in effects):
        return {}
    level = level_of(facts)
    terms = {"access_level": level} if level else {}
    terms |= {name: facts.fields[name] for name in kind.terms if facts.fields.get(name)}
    return terms | ({"until": kind.until(facts).isoformat()} if kind.until else {})


def _waits_on(ticket: Ticket, move: Move[TicketFacts], attention: bool) -> Needs:
    """A step that stays where it is leaves it with whom it was, unless it says otherwise."""
    if attention or Mark.WAIT_FOR_STAFF in move.step.marks:
        return Needs.STAFF
    if move.source == move.dest:
        return ticket.waits_on
    return ticket_type(ticket.type).workflow.states[move.dest].needs


def _columns(
    ticket: Ticket, move: Move[TicketFacts], actor: Actor, data: dict[str, Any]
) -> dict[str, Any]:
    marks = move.step.marks
    state = ticket_type(ticket.type).workflow.states[move.dest]
    columns: dict[str, Any] = {"updated_at": now(), "open": not state.final}
    attention = ticket.needs_attention
    if Mark.RAISE_ATTENTION in marks or Mark.CLEAR_ATTENTION in marks:
        attention = columns["needs_attention"] = Mark.RAISE_ATTENTION in marks
    columns["waits_on"] = _waits_on(ticket, move, attention)
    if Mark.ASSIGN_ACTOR in marks:
        columns["assignee_id"] = actor.person_id
    if Mark.ASSIGN_NAMED in marks:
        columns["assignee_id"] = data["assignee"]
    if Mark.AMEND in marks and data.get("fields"):
        columns["fields"] = {**ticket.fields, **data["fields"]}
    if Mark.AMEND in marks and actor.staff:
        columns["entered_by_id"] = actor.person_id  # whoever amends it does not approve it
    return columns
