"""The gateway of tickets: whatever the channel, a ticket is opened and moved here only."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import now
from helpdesk.models.document import Document
from helpdesk.models.event import history, path
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import owe, recall_actions
from helpdesk.services import (
    documents,
    gateway,
    learned,
    licenses,
    marks,
    opening,
    signature_letters,
    signature_requests,
    worksheet_dates,
)
from helpdesk.services.clock import due_at
from helpdesk.services.facts import people_of, ticket_facts
from helpdesk.services.filing import Request, first_of
from helpdesk.services.filing_facts import Brought, filing_facts
from helpdesk.services.letters import Parties, ticket_debts
from helpdesk.services.readdressing import readdress
from helpdesk.transaction import transaction
from workflows.common import COMPLETED, NOTE
from workflows.effects import AccountAction, Effect, LicenseStep, Mail, Recipient
from workflows.elsewhere import elsewhere
from workflows.engine import Attempt, Mark, Move, Option, Reason, Refused
from workflows.facts import TicketFacts
from workflows.license import WORKFLOW
from workflows.registry import ticket_type
from workflows.requirements import level_of
from workflows.signing import USER
from workflows.signing_steps import ALL_SIGNED, ASK_AGAIN, LAST_SIGNED, MEANWHILE, ON_THE_PAGE
from workflows.ticket_type import TicketType


def open_ticket(request: Request, actor: Actor) -> Ticket:
    """Files a request: the ticket is made and submitted in one commit, its documents with it.

    Raises `Refused`; `SentBefore` when this very form has arrived already, `AlreadyOpen` when
    another request of the type is open for the person. Both carry the first ticket.
    """
    try:
        with transaction() as session:
            known = opening.about(session, request, actor)
            ticket = opening.blank(session, known, actor)
            came = _attach(session, ticket, actor, request.form_key)
            attached = [*documents.copy(session, request.keep, ticket.id), *came]
            documents.keep_to_limit(attached, came)
            signers = signature_requests.begun(session, ticket, attached)
            people = people_of(session, ticket, attached, signers)
            untold = frozenset({Recipient.FILER} if request.in_bulk else ())
            if any(row.who == USER for row in signers):
                untold |= {Recipient.LICENSEE}  # the mail with the link tells them
            trigger, told = signature_requests.beginning(session, ticket, signers)
            _move(session, ticket, people, _Try(trigger, actor, told, untold))
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
        came = _attach(session, ticket, actor, form_key) if form_key is not None else []
        on_page = brought.get(ON_THE_PAGE, ())
        complete = signature_requests.take_in(session, ticket, came, on_page) if came else False
        if trigger == ASK_AGAIN:
            brought |= readdress(session, ticket, brought, actor)
        people = people_of(session, ticket)
        documents.keep_to_limit(people.documents, came)
        brought |= _named(came)
        move = _move(session, ticket, people, _Try(trigger, actor, brought))
        if Mark.CONVERT in move.step.marks:
            return _go_on_as(session, ticket, brought, actor)
        if complete and move.step.dest is None:
            all_have_signed(ticket)
        return ticket


def all_have_signed(ticket: Ticket) -> None:
    """Hands the request to HAND, or tells HAND that it can go on: the first that is right here."""
    for trigger in (ALL_SIGNED, LAST_SIGNED, MEANWHILE):
        with suppress(Refused):
            act(ticket.id, trigger, THE_DESK)
            return


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
    new = opening.blank_in_place_of(session, ticket, data["to"], actor)
    new.converted_from_id, new.assignee_id = ticket.id, ticket.assignee_id or actor.person_id
    new.entered_by_id = ticket.entered_by_id
    copies = documents.copy_to_ticket(session, ticket.id, new.id)
    signature_requests.begun(session, new, copies)
    session.flush()
    people, said = people_of(session, new), data.get("message")
    words: dict[str, Any] = {"message": said if isinstance(said, str) else ""}
    words["from"] = ticket.number
    try:
        _move(session, new, people, _Try("take_in", actor, words))
    except Refused as refused:
        words |= opening.lacking(words["message"], refused)
        _move(session, new, people, _Try("take_in_unfinished", actor, words))
    return new


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
    facts = ticket_facts(session, ticket, people, actor, (data or {}).get("fields"))
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
    brought: Brought,
) -> tuple[Reason, ...]:
    """What speaks against a form as it is filled in: its fields, and its documents."""
    row = license_of(session, person.id) if person else None
    parties = actor.parties(row.agency_id if row else None, person.id if person else 0)
    attempt = Attempt(
        parties=parties | kind.filers,  # who may file is asked when it is sent
        now=now(),
        facts=filing_facts(session, kind, person, actor, brought),
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
        facts=filing_facts(session, kind, person, actor),
    )
    options = kind.workflow.options(kind.workflow.initial, attempt)
    return next(option.reasons for option in options if option.step.trigger == "submit")


@dataclass(frozen=True)
class _Try:
    """A step about to be tried, with what the form brought. `untold` get no mail of it."""

    trigger: str
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)
    untold: frozenset[Recipient] = frozenset()

    def mailed(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        return tuple(e for e in effects if not (isinstance(e, Mail) and e.to in self.untold))


def _move(session: Session, ticket: Ticket, people: Parties, tried: _Try) -> Move[TicketFacts]:
    kind, actor, data = ticket_type(ticket.type), tried.actor, tried.data
    attempt = attempt_at(session, ticket, people, actor, data)
    move = kind.workflow.fire(ticket.state, tried.trigger, attempt)
    if Mark.TAKE_DATES in move.step.marks:
        data = worksheet_dates.taken(session, attempt.facts, data.get("course"))
    columns = marks.columns(ticket, move, actor, data)
    before = path(session, ticket.id) if ticket.version else []
    columns["due_at"] = due_at(kind, [*before, (attempt.now, move.dest)])
    assignee = ticket.assignee_id
    event = gateway.write(session, ticket, gateway.Change(move, actor, data, columns))
    if ticket.assignee_id != assignee:
        people = replace(people, assignee=session.get(Person, ticket.assignee_id or 0))
    _take_license_steps(session, ticket, people, move.step.effects)
    terms = _terms(kind, attempt.facts, move.step.effects)
    mailed = tried.mailed(move.step.effects)
    owe(session, *ticket_debts(event, ticket, people, mailed, terms),
        *signature_letters.letters(session, event, ticket, people, mailed))  # fmt: skip
    if ticket.state == COMPLETED:
        learned.keep(session, attempt.facts)
    if not ticket.open:
        recall_actions(session, ticket.id, f"{ticket.number} has ended.")
    return move


def _take_license_steps(
    session: Session, ticket: Ticket, people: Parties, effects: tuple[Effect, ...]
) -> None:
    held = people.license if ticket.version == 1 else None  # whoever opens a ticket holds it
    for effect in effects:
        if isinstance(effect, LicenseStep):
            row = held or licenses.ensure(session, ticket.person_id, ticket.agency_id)
            if WORKFLOW.step_from(row.state, effect.trigger) is None:
                continue  # it has moved on by itself, and the ticket must be able to end
            licenses.take(session, row, effect.trigger, THE_DESK, {"ticket": ticket.number})


def _terms(kind: TicketType, facts: TicketFacts, effects: tuple[Effect, ...]) -> dict[str, Any]:
    """What the account action sets besides, as it was when it was approved."""
    if not any(isinstance(effect, AccountAction) for effect in effects):
        return {}
    level = level_of(facts)
    terms = {"access_level": level} if level else {}
    terms |= {name: facts.fields[name] for name in kind.terms if facts.fields.get(name)}
    return terms | ({"until": kind.until(facts).isoformat()} if kind.until else {})
