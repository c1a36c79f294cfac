"""Who may see or do what. The one narrow door to people, tickets and pages.

Routes are denied unless `RULES` names them. Objects come through `get_…_for`, which raise
`NotForYou` alike for what does not exist and for what is somebody else's: both are a 404.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import Session

from helpdesk.actor import Actor, Channel
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person, full_name
from helpdesk.models.role import HAND, Grant, Role, counts
from helpdesk.models.second_factor import SecondFactor
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import tickets
from helpdesk.services.factors import held
from helpdesk.services.facts import people_of
from workflows.engine import Reason
from workflows.license import ACTIVE, EXPIRED, REQUESTED
from workflows.registry import ticket_type


class NotForYou(Exception):
    """There is no such thing, or it is not yours to see."""


class Rule(StrEnum):
    """Who may ask for a page at all."""

    PUBLIC = "anybody"
    SIGNED_IN = "anybody who is signed in"
    OWNER = "anybody who is signed in, but not by a link"
    FILER = "agency admins, licensees and HAND staff"
    AGENCY = "agency admins"
    MEMBERS = "agency admins and HAND staff"
    STAFF = "HAND staff"
    MANAGER = "HAND managers"
    DEVELOPMENT = "anybody, while developing"


RULES: dict[str, Rule] = {
    "static": Rule.PUBLIC,
    "bootstrap.static": Rule.PUBLIC,
    "health.healthz": Rule.PUBLIC,
    "health.readyz": Rule.PUBLIC,
    "sign_in.sign_in": Rule.PUBLIC,
    "sign_in.sign_out": Rule.PUBLIC,
    "sign_in.passkey": Rule.PUBLIC,
    "second_step.ask": Rule.PUBLIC,
    "guide.begin": Rule.PUBLIC,
    "guide.step": Rule.PUBLIC,
    "links.ask": Rule.PUBLIC,
    "links.forgot": Rule.PUBLIC,
    "links.open": Rule.PUBLIC,
    "links.set_password": Rule.PUBLIC,
    "links.judge": Rule.PUBLIC,
    "links.renew": Rule.PUBLIC,
    "home.home": Rule.SIGNED_IN,
    "account.security": Rule.OWNER,
    "account.sign_out_others": Rule.OWNER,
    "account.app_add": Rule.OWNER,
    "account.passkey_add": Rule.OWNER,
    "account.factor_rename": Rule.OWNER,
    "account.factor_remove": Rule.OWNER,
    "account.recovery_codes": Rule.OWNER,
    "people.index": Rule.AGENCY,
    "people.show": Rule.MEMBERS,
    "people.departure": Rule.MEMBERS,
    "people.leave": Rule.MEMBERS,
    "people.take_back": Rule.MEMBERS,
    "requests.start": Rule.FILER,
    "requests.file": Rule.FILER,
    "documents.show": Rule.SIGNED_IN,
    "documents.add": Rule.FILER,
    "documents.remove": Rule.FILER,
    "tickets.show": Rule.SIGNED_IN,
    "tickets.step": Rule.SIGNED_IN,
    "queue.index": Rule.STAFF,
    "workflows.index": Rule.STAFF,
    "workflows.show": Rule.STAFF,
    "checklists.index": Rule.STAFF,
    "checklists.show": Rule.STAFF,
    "checklists.confirm": Rule.STAFF,
    "checklists.could_not": Rule.STAFF,
    "effects.index": Rule.STAFF,
    "effects.retry": Rule.STAFF,
    "effects.give_up": Rule.STAFF,
    "manage.agencies": Rule.MANAGER,
    "manage.agency_add": Rule.MANAGER,
    "manage.agency": Rule.MANAGER,
    "manage.agency_rename": Rule.MANAGER,
    "manage.agency_active": Rule.MANAGER,
    "manage.agency_admin": Rule.MANAGER,
    "manage.people": Rule.MANAGER,
    "manage.person_add": Rule.MANAGER,
    "manage.person": Rule.MANAGER,
    "manage.person_agency": Rule.MANAGER,
    "manage.person_username": Rule.MANAGER,
    "manage.person_account": Rule.MANAGER,
    "manage.person_invite": Rule.MANAGER,
    "manage.person_second_step": Rule.MANAGER,
    "manage.role_grant": Rule.MANAGER,
    "manage.role_revoke": Rule.MANAGER,
    "manage.approvers": Rule.MANAGER,
    "manage.imports": Rule.MANAGER,
    "manage.import_add": Rule.MANAGER,
    "manage.import_run": Rule.MANAGER,
    "manage.import_columns": Rule.MANAGER,
    "manage.import_apply": Rule.MANAGER,
    "manage.import_drop": Rule.MANAGER,
    "manage.import_undo": Rule.MANAGER,
    "manage.import_faulty": Rule.MANAGER,
    "manage.deadlines": Rule.MANAGER,
    "manage.deadlines_run": Rule.MANAGER,
    "manage.settings": Rule.MANAGER,
    "manage.setting": Rule.MANAGER,
    "manage.setting_default": Rule.MANAGER,
    "mailbox.index": Rule.DEVELOPMENT,
    "mailbox.show": Rule.DEVELOPMENT,
}

FRESH = {
    "account.sign_out_others",
    "account.app_add",
    "account.passkey_add",
    "account.factor_remove",
    "account.recovery_codes",
    "manage.agency_active",
    "manage.agency_admin",
    "manage.person_add",
    "manage.person_username",
    "manage.person_agency",
    "manage.person_account",
    "manage.person_invite",
    "manage.person_second_step",
    "manage.role_grant",
    "manage.role_revoke",
    "manage.import_apply",
    "manage.import_undo",
    "manage.deadlines_run",
    "manage.setting",
    "manage.setting_default",
}
"""Acts for which it is asked again who sits there, unless that was shown lately."""

FRESH_STEPS = {"override"}
"""Steps of a ticket that are such acts."""

_HOLDS: dict[Rule, Callable[[Actor], bool]] = {
    Rule.SIGNED_IN: lambda _actor: True,
    Rule.OWNER: lambda actor: not actor.link_only,
    Rule.FILER: lambda actor: actor.staff or actor.agency_admin or actor.licensee,
    Rule.AGENCY: lambda actor: actor.agency_admin,
    Rule.MEMBERS: lambda actor: actor.agency_admin or actor.staff,
    Rule.STAFF: lambda actor: actor.staff,
    Rule.MANAGER: lambda actor: actor.manager,
}


def must_set_up_first(rule: Rule, actor: Actor | None) -> bool:
    """Whoever owes a second step gets no further than the pages where it is set up."""
    owes = actor is not None and actor.owes_second_step
    return owes and rule not in {Rule.PUBLIC, Rule.DEVELOPMENT, Rule.OWNER}


def may_ask(rule: Rule, actor: Actor | None) -> bool:
    """Whether a page under `rule` is open to `actor` (None: a stranger)."""
    if rule in {Rule.PUBLIC, Rule.DEVELOPMENT}:
        return True
    return actor is not None and _HOLDS[rule](actor)


def wants_fresh(endpoint: str | None, view_args: Mapping[str, Any] | None) -> bool:
    step = (view_args or {}).get("trigger") if endpoint == "tickets.step" else None
    return endpoint in FRESH or step in FRESH_STEPS


WHO = (
    select(Person.id, Person.first_name, Person.last_name, Account.disabled, License.state,
           Grant.role, Grant.agency_id,
           exists().where(SecondFactor.person_id == Person.id).label("second_step"))
    .outerjoin(Account, Account.person_id == Person.id)
    .outerjoin(License, License.person_id == Person.id)
    .outerjoin(Grant, and_(Grant.person_id == Person.id, counts()))
    .where(Person.id == bindparam("person_id"))
)
"""Asked by every page, so it is made once."""


def actor_of(session: Session, web_session: WebSession) -> Actor | None:
    """Whose session it is now: roles are read afresh, so a change bites at the next request."""
    if web_session.proof is Proof.HALF:
        return None
    rows = session.connection().execute(WHO, {"person_id": web_session.person_id}).all()
    return None if rows[0].disabled else _actor(web_session, rows)


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
        agencies=frozenset(row.agency_id for row in rows if row.agency_id is not None),
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


def get_factor_for(actor: Actor, factor_id: int) -> SecondFactor:
    """One of the actor's own. Raises `NotForYou`."""
    mine = (SecondFactor.id == factor_id, SecondFactor.person_id == actor.person_id)
    factor = db.session.scalar(select(SecondFactor).where(*mine))
    if factor is None:
        raise NotForYou
    return factor
