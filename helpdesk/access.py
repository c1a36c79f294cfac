"""Who somebody is, and what they may see or do: the one narrow door to people and tickets.

Objects come through `get_…_for`, which raise `NotForYou` alike for what does not exist and for
what is somebody else's: both are a 404. Which pages are whose is in `helpdesk.routes`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from helpdesk.actor import Actor, Channel
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.bulk import Bulk
from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person, full_name
from helpdesk.models.role import HAND, Grant, Role, counts
from helpdesk.models.second_factor import SecondFactor
from helpdesk.models.ticket import Ticket
from helpdesk.models.training_grid import NEWEST
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import grids, sessions, tickets
from helpdesk.services.factors import held
from helpdesk.services.facts import people_of
from workflows.engine import Reason
from workflows.license import ACTIVE, EXPIRED, REQUESTED
from workflows.registry import ticket_type


class NotForYou(Exception):
    """There is no such thing, or it is not yours to see."""


WHO = (
    sessions.LIVE.add_columns(
        Person.id, Person.first_name, Person.last_name, Account.disabled, License.state,
        Grant.role, Grant.agency_id, Agency.name.label("agency"),
        exists().where(SecondFactor.person_id == Person.id).label("second_step"),
        NEWEST.scalar_subquery().label("newest_grid"))
    .join(Person, Person.id == WebSession.person_id)
    .outerjoin(Account, Account.person_id == Person.id)
    .outerjoin(License, License.person_id == Person.id)
    .outerjoin(Grant, and_(Grant.person_id == Person.id, counts()))
    .outerjoin(Agency, Agency.id == Grant.agency_id)
)  # fmt: skip
"""Asked by every page, so it is made once. A row for each role that somebody has."""


class Recognized(NamedTuple):
    """`actor` is None for a session that opens no page."""

    web_session: WebSession
    actor: Actor | None


def recognize(session: Session, token: str) -> Recognized | None:
    """Whose cookie it is now: roles are read afresh, so a change bites at the next request."""
    rows = session.execute(WHO, sessions.asked(token)).all()
    if not rows:
        return None
    grids.note_newest(session, rows[0].newest_grid)
    held = rows[0].WebSession
    barred = held.proof is Proof.HALF or rows[0].disabled
    return Recognized(held, None if barred else _actor(held, rows))


def _actor(web_session: WebSession, rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor | None:
    """A link proves an address: it lets a licensee act for themselves, and nobody do more."""
    person, name = rows[0], full_name(rows[0].first_name, rows[0].last_name)
    if web_session.proof is Proof.LINK:
        holds = person.state is not None
        return Actor(person.id, name, Channel.LINK, licensee=holds) if holds else None
    if web_session.proof is Proof.WAY_BACK:
        renews = person.state in {EXPIRED, ACTIVE}
        return Actor(person.id, name, Channel.WEB, licensee=True) if renews else None
    roles = {row.role for row in rows if row.role is not None}
    actor = Actor(
        person_id=person.id,
        name=name,
        channel=Channel.WEB,
        staff=bool(roles & HAND),
        manager=Role.MANAGER in roles,
        agencies={row.agency_id: row.agency for row in rows if row.agency_id is not None},
        licensee=person.state == ACTIVE,
        owes_second_step=held.required(roles) and not person.second_step,
    )
    return actor if roles or actor.licensee else None


def visible_tickets(actor: Actor) -> ColumnElement[bool]:
    """The tickets an actor may see, as a condition for any query."""
    if actor.staff:
        return true()
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.agencies:
        conditions.append(Ticket.agency_id.in_(actor.agencies))
    if actor.licensee:
        conditions.append(Ticket.person_id == actor.person_id)
    return or_(*conditions)


def visible_people(actor: Actor) -> ColumnElement[bool]:
    """The people an actor may file for; joins of `License` must be in the query."""
    if actor.staff:
        return true()
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.agencies:
        conditions.append(License.agency_id.in_(actor.agencies))
    if actor.licensee:
        conditions.append(Person.id == actor.person_id)
    return or_(*conditions)


def visible_agencies(actor: Actor) -> ColumnElement[bool]:
    """The agencies an actor may read about."""
    return true() if actor.staff else Agency.id.in_(actor.agencies)


def get_agency_for(actor: Actor, agency_id: int) -> Agency:
    """Raises `NotForYou`."""
    which = (Agency.id == agency_id, visible_agencies(actor))
    agency = db.session.scalar(select(Agency).where(*which))
    if agency is None:
        raise NotForYou
    return agency


def get_ticket_for(actor: Actor, ticket_id: int) -> Ticket:
    """Raises `NotForYou`."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible_tickets(actor))
    ticket = db.session.scalar(query)
    if ticket is None:
        raise NotForYou
    return ticket


def bars_step(actor: Actor, ticket: Ticket, trigger: str) -> tuple[Reason, ...]:
    """Why a step is for others to take, whatever comes of it; empty for one of the actor's own.

    Raises `NotForYou` for what no step of the ticket's type is called.
    """
    steps = [s for s in ticket_type(ticket.type).workflow.steps if s.trigger == trigger]
    if not steps:
        raise NotForYou
    steps = [s for s in steps if ticket.state in s.source] or steps
    parties = actor.parties(ticket.agency_id, ticket.person_id)
    if any(s.who & parties for s in steps):
        return ()
    people = people_of(db.session(), ticket)
    return steps[0].refusals(tickets.attempt_at(db.session(), ticket, people, actor))


def get_person_for(actor: Actor, person_id: int) -> Person:
    """Somebody the actor may file a request for. Raises `NotForYou`."""
    query = (
        select(Person)
        .outerjoin(License, License.person_id == Person.id)
        .where(Person.id == person_id, visible_people(actor))
    )
    person = db.session.scalar(query)
    if person is None:
        raise NotForYou
    return person


def get_member_for(actor: Actor, person_id: int) -> tuple[Person, License]:
    """Somebody of the actor's agencies with their license; for staff, anybody who has one. A
    license that another agency asks for is not told of. Raises `NotForYou`."""
    query = select(Person, License).join(License, License.person_id == Person.id)
    query = query.where(Person.id == person_id)
    if not actor.staff:
        asked_for_by_us = exists().where(
            Ticket.person_id == Person.id, Ticket.open, Ticket.agency_id.in_(actor.agencies)
        )
        query = query.where(License.agency_id.in_(actor.agencies))
        query = query.where(or_(License.state != REQUESTED, asked_for_by_us))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotForYou
    return row[0], row[1]


def get_on_file_for(actor: Actor, person_id: int) -> tuple[Person, License | None]:
    """The same people; for managers those without a license, too. Raises `NotForYou`."""
    if not actor.manager:
        return get_member_for(actor, person_id)
    query = select(Person, License).outerjoin(License, License.person_id == Person.id)
    row = db.session.execute(query.where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotForYou
    return row[0], row[1]


def get_document_for(actor: Actor, document_id: int) -> Document:
    """What is attached to a ticket the actor may see, or a draft of their own form. Raises
    `NotForYou`."""
    draft = and_(Document.ticket_id.is_(None), Document.form_key.is_not(None))
    query = (
        select(Document)
        .outerjoin(Ticket, Ticket.id == Document.ticket_id)
        .where(
            Document.id == document_id,
            or_(
                and_(Document.ticket_id.is_not(None), visible_tickets(actor)),
                and_(draft, Document.owner_id == actor.person_id),
            ),
        )
    )
    document = db.session.scalar(query)
    if document is None:
        raise NotForYou
    return document


def get_draft_for(actor: Actor, document_id: int) -> Document:
    """A document of the actor's own that is not sent yet. Raises `NotForYou`."""
    document = get_document_for(actor, document_id)
    if document.ticket_id is not None:
        raise NotForYou
    return document


def get_bulk_for(actor: Actor, bulk_id: int) -> Bulk:
    """One that the actor has begun, for an agency that is still theirs. Raises `NotForYou`."""
    bulk = db.session.scalar(select(Bulk).where(Bulk.id == bulk_id,
                                                Bulk.owner_id == actor.person_id))  # fmt: skip
    if bulk is None or not bulk_agencies(actor, bulk.agency_id):
        raise NotForYou
    return bulk


def bulk_agencies(actor: Actor, agency_id: int | None) -> frozenset[int]:
    """Whose people an actor may file for in bulk: of the agency named, else of all their own."""
    if agency_id is None:
        return frozenset(actor.agencies)
    return frozenset({agency_id} if actor.staff or agency_id in actor.agencies else ())


def get_factor_for(actor: Actor, factor_id: int) -> SecondFactor:
    """One of the actor's own. Raises `NotForYou`."""
    mine = (SecondFactor.id == factor_id, SecondFactor.person_id == actor.person_id)
    factor = db.session.scalar(select(SecondFactor).where(*mine))
    if factor is None:
        raise NotForYou
    return factor
