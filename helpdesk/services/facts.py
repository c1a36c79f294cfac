"""Looks up what the guards of a ticket want to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.agency import Agency
from helpdesk.models.correction import Correction, corrections_of, moves_since
from helpdesk.models.document import Document
from helpdesk.models.event import last_of
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import approvers
from helpdesk.models.signature_request import (
    SignatureRequest,
    papers_and_signers,
    signature_requests,
)
from helpdesk.models.ticket import Ticket
from helpdesk.services import grids, seats
from helpdesk.services.letters import Parties
from helpdesk.services.readdressing import addressers
from helpdesk.services.signature_requests import asked as asked_to_sign
from helpdesk.services.straight.known import straight_facts
from helpdesk.services.straight.rules import has_rule
from helpdesk.services.words import local
from helpdesk.services.worksheets import Asked, all_judged
from helpdesk.services.worksheets import readers as who_read
from workflows.checking import Judged
from workflows.common import ASKS, SUBMITTED, WAITING
from workflows.facts import Rules, Seats, TicketFacts
from workflows.license import ABSENT, HELD, WORKFLOW
from workflows.registry import ticket_type
from workflows.requirements import level_of, needed
from workflows.signing_steps import UNSIGNED
from workflows.straight_facts import StraightFacts
from workflows.taken_dates import readers
from workflows.ticket_type import TicketType
from workflows.training import Grid

LATELY = timedelta(days=30)
"""So long an email on file counts as changed of late."""


def people_of(
    session: Session,
    ticket: Ticket,
    documents: Sequence[Document] | None = None,
    signers: Sequence[SignatureRequest] | None = None,
) -> Parties:
    """Everybody a ticket names, with license and agency, in one query, what is attached to it, and
    who was asked to sign that, unless the caller brings these along."""
    ids = [ticket.person_id, ticket.filer_id, ticket.assignee_id or ticket.filer_id]
    asked = {"ids": ids, "agency_id": ticket.agency_id}
    rows = {person.id: (person, row, agency)
            for person, row, agency in session.execute(PARTIES, asked)}  # fmt: skip
    licensee, license_row, agency = rows[ticket.person_id]
    if documents is None:
        documents, signers = papers_and_signers(session, ticket.id)
    elif signers is None:
        signers = signature_requests(session, ticket.id)
    return Parties(
        licensee=licensee,
        filer=rows[ticket.filer_id][0],
        assignee=rows[ticket.assignee_id][0] if ticket.assignee_id else None,
        agency=agency,
        license=license_row,
        documents=documents,
        corrections=_corrections(session, ticket, signers) if ticket.version else (),
        signers=signers,
    )


def _corrections(
    session: Session, ticket: Ticket, signers: Iterable[SignatureRequest]
) -> list[Correction]:
    signing = {row.person_id for row in signers if row.person_id is not None}
    return corrections_of(session, *{ticket.person_id, *_filers(ticket), *signing})


def _filers(ticket: Ticket) -> frozenset[int]:
    return frozenset(i for i in (ticket.filer_id, ticket.entered_by_id) if i is not None)


PARTIES = (
    select(Person, License, Agency)
    .outerjoin(License, License.person_id == Person.id)
    .outerjoin(Agency, Agency.id == bindparam("agency_id"))
    .where(Person.id.in_(bindparam("ids", expanding=True)))
)
"""Asked by every page of a ticket and by every step, so it is made once."""


def today() -> date:
    """The desk's own day: a deadline of HAND's ends when HAND's day does."""
    return local(now()).date()


def rules() -> Rules:
    config = settings()
    return Rules(
        window_days=config.RECERTIFICATION_WINDOW_DAYS,
        course_months=config.COURSE_MONTHS,
        from_courses=config.EXPIRY_FROM == "courses",
        least_gain_days=config.LEAST_GAIN_DAYS,
        worksheets_block=config.WORKSHEETS == "block",
    )


def grid_of(session: Session, ticket: Ticket) -> Grid:
    """The training grid of the day on which it was filed: a later one does not judge it."""
    return grids.in_force(session, local(ticket.created_at).date())


def asked_of(
    kind: TicketType, facts: TicketFacts, person: Person | None, agency: str | None
) -> Asked:
    """What worksheets are held against; `person` None: not on file, as the form names them."""
    return Asked(
        name=facts.person_name,
        today=facts.today,
        username=person.username if person else None,
        email=facts.person_email,
        agency=agency,
        level=level_of(facts),
        courses=tuple(needed(facts, kind.purpose)) if kind.purpose else (),
        fields=facts.fields,
        declined=frozenset(each.who for each in facts.asked_to_sign if each.declined),
        person_id=person.id if person else None,
    )


def ticket_facts(
    session: Session,
    ticket: Ticket,
    people: Parties,
    actor: Actor,
    brought: Mapping[str, Any] | None = None,
) -> TicketFacts:
    """`brought`: answers of the request that are changed by the step at hand."""
    facts = _facts(session, ticket, people, actor)
    fields = {**ticket.fields, **(brought or {})}
    agency = people.agency.name if people.agency else None
    kind = ticket_type(ticket.type)
    asked = asked_of(kind, replace(facts, fields=fields), people.licensee, agency)
    return replace(facts, worksheets=judged_with(kind, people.documents, asked))


def judged_with(
    kind: TicketType, documents: Iterable[Document], asked: Asked
) -> tuple[Judged, ...]:
    """The worksheets among the documents of a request that are still there."""
    theirs = (each for each in documents if each.kind in kind.papers and not each.gone)
    return all_judged(theirs, asked)


def _facts(session: Session, ticket: Ticket, people: Parties, actor: Actor) -> TicketFacts:
    filers = _filers(ticket)
    moved_by = _moved_by(people.corrections) | addressers(people.documents)
    filed = ticket.version > 0  # before, there is nothing to approve
    read_by = who_read(people.documents)
    barred = {ticket.person_id, actor.person_id}
    barred |= filers | moved_by | read_by | readers(ticket.fields)
    row, colleagues = people.license, approvers(session) if filed else []
    return TicketFacts(
        license_state=row.state if row else ABSENT,
        person_name=people.licensee.name,
        person_id=ticket.person_id,
        filer_ids=filers,
        moved_by=moved_by,
        read_by=read_by,
        actor_id=actor.person_id,
        today=today(),
        assignee_id=ticket.assignee_id,
        needs_attention=ticket.needs_attention,
        approvers=tuple(p.name for p in colleagues if p.id not in barred),
        takers=frozenset(p.id for p in colleagues),
        fields=ticket.fields,
        documents=tuple(each.kind for each in people.documents if not each.gone),
        access_level=row.access_level if row else None,
        expires_on=row.expires_on if row else None,
        lookalikes=_lookalikes(session, ticket, people.licensee) if filed else (),
        suspended=row is not None and row.suspended_at is not None,
        being_deleted=row is not None and row.facts.confirmed,
        has_username=people.licensee.username is not None,
        person_email=people.licensee.email,
        **_waited_for(session, ticket),
        held=_held(people.documents),
        proved=actor.link_only,
        left_since=_left_since(row, ticket),
        seats=_seats_of(session, ticket, people),
        rules=rules(),
        grid=grid_of(session, ticket),
        straight=_straight(session, ticket, people, actor),
        asked_to_sign=asked_to_sign(row for row in people.signers if row.outstanding),
    )


def _held(documents: Sequence[Document]) -> frozenset[str]:
    """The kinds that no other document is of."""
    usable = {each.kind for each in documents if not (each.held or each.gone)}
    return frozenset(each.kind for each in documents if each.held) - usable


def _straight(
    session: Session, ticket: Ticket, people: Parties, actor: Actor
) -> StraightFacts | None:
    if actor.person_id is not None or ticket.state != SUBMITTED or not has_rule(ticket.type):
        return None
    return straight_facts(session, ticket, people, now() - LATELY)


def _moved_by(corrections: Iterable[Correction]) -> frozenset[int]:
    """Who has lately changed the address to which one of the people is mailed links to a password,
    and so could be who acts in their name."""
    moves = moves_since(corrections, now() - LATELY)
    return frozenset(each.actor_id for each in moves if each.actor_id is not None)


def _waited_for(session: Session, ticket: Ticket) -> dict[str, Any]:
    """The papers named when HAND last asked, while it waits for them; and whether the request has
    only to be signed, before HAND looks at it or since."""
    asked = last_of(session, ticket.id, ASKS) if ticket.state == WAITING else None
    if asked is None:
        return {}
    papers = tuple(asked.data.get("papers", ()))
    return {"asked_for": papers, "awaits_signatures": asked.trigger == UNSIGNED,
            "asked_for_signatures": bool(asked.data.get("signatures")) and not papers}  # fmt: skip


def _seats_of(session: Session, ticket: Ticket, people: Parties) -> Seats | None:
    """Of the agency that asks for a license; whoever has one uses one of their own agency's."""
    row = people.license
    own = row is not None and row.state in HELD and row.agency_id != ticket.agency_id
    agency = session.get(Agency, row.agency_id or 0) if row and own else people.agency
    return seats.seen_by(session, agency, ticket.person_id)


def _left_since(row: License | None, ticket: Ticket) -> bool:
    at = row.departed_at if row else None
    return at is not None and at >= ticket.created_at


def _lookalikes(session: Session, ticket: Ticket, person: Person) -> tuple[str, ...]:
    """Others with the same address, wherever they work: for staff's eyes alone."""
    if not ticket_type(ticket.type).for_newcomers or person.email_key is None:
        return ()
    query = (
        select(Person, License.state, Agency.name)
        .outerjoin(License, License.person_id == Person.id)
        .outerjoin(Agency, Agency.id == License.agency_id)
        .where(Person.email_key == person.email_key, Person.id != person.id)
        .order_by(Person.id)
    )
    return tuple(
        f"{other.name} ({agency or 'no agency'}, {_state_in_words(state)})"
        for other, state, agency in session.execute(query)
    )


def _state_in_words(state: str | None) -> str:
    found = WORKFLOW.states.get(state or ABSENT)
    return found.label.lower() if found else str(state)
