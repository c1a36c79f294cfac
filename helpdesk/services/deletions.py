"""Licenses that the desk proposes to delete, for staff to decide.

Confirming owes the account action; the license is deleted once its account is. Its row and
history stay, and whoever comes back asks for a new license.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import now
from helpdesk.models.agency import Agency
from helpdesk.models.checklist import Checklist
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import farewell, licenses
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.gateway import Stale
from helpdesk.transaction import transaction
from workflows.engine import Reason, Refused
from workflows.license import HELD

PAGE = 50
CONFIRM = "confirm_deletion"
NO_USERNAME = (
    "the username is not on file, so the account cannot be found. A HAND manager can add it on the "
    "person’s page, under Manage."
)

OPEN = (
    License.deletion_proposed_at.is_not(None),
    License.deletion_confirmed_at.is_(None),
    License.state.in_(HELD),
)
UNDER_WAY = (License.deletion_confirmed_at.is_not(None), License.state.in_(HELD))


@dataclass(frozen=True)
class Proposal:
    """A license to decide on. `asked_for`: an open request about its holder comes first, if any.
    `decided_by` is set once somebody has confirmed it."""

    license: License
    person: Person
    agency: str | None
    asked_for: Ticket | None = None
    decided_by: str | None = None


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(License).where(*OPEN)) or 0


def page(session: Session, after: int | None = None) -> list[Proposal]:
    """One more than a page, the longest proposed first; after the license of that id, or from the
    top if that was decided on meanwhile."""
    start = session.get(License, after) if after is not None else None
    place = tuple_(License.deletion_proposed_at, License.id)
    since = start.deletion_proposed_at if start else None
    beyond = () if since is None else (place > (since, after),)
    return _read(session, (*OPEN, *beyond), PAGE + 1)


def under_way(session: Session) -> list[Proposal]:
    """Those that somebody has confirmed and whose account is still there."""
    found = _read(session, UNDER_WAY, PAGE)
    names = _who_confirmed(session, [each.license.id for each in found])
    return [replace(each, decided_by=names.get(each.license.id)) for each in found]


def one(session: Session, license_id: int) -> Proposal | None:
    """One to decide on, or one that is confirmed and not deleted yet."""
    proposed = License.deletion_proposed_at.is_not(None)
    found = _read(session, (License.id == license_id, proposed, License.state.in_(HELD)), 1)
    return found[0] if found else None


def chosen(session: Session, ids: Collection[int]) -> list[Proposal]:
    return _read(session, (*OPEN, License.id.in_(ids)), PAGE)


def _read(
    session: Session, which: tuple[ColumnElement[bool], ...], limit: int
) -> list[Proposal]:
    query = (
        select(License, Person, Agency.name)
        .join(Person, Person.id == License.person_id)
        .outerjoin(Agency, Agency.id == License.agency_id)
        .where(*which)
        .order_by(License.deletion_proposed_at, License.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    asked = _asked_for(session, [person.id for _row, person, _agency in rows])
    return [Proposal(row, person, agency, asked.get(person.id)) for row, person, agency in rows]


def _asked_for(session: Session, person_ids: list[int]) -> dict[int, Ticket]:
    """An open request about each of these people; nothing for those whom none is about."""
    query = select(Ticket).where(Ticket.open, Ticket.person_id.in_(person_ids))
    return {ticket.person_id: ticket for ticket in session.scalars(query)}


def _who_confirmed(session: Session, ids: list[int]) -> dict[int, str]:
    query = select(Event.license_id, Event.actor_name).where(
        Event.license_id.in_(ids), Event.trigger == CONFIRM
    )
    rows: list[Row[int | None, str]] = list(session.execute(query.order_by(Event.id)))
    return {license_id: name for license_id, name in rows if license_id is not None}


def confirm(ids: Collection[int], actor: Actor) -> tuple[int, list[str]]:
    """How many are being deleted now, and a sentence for each that is not. Each is a commit of its
    own."""
    done, reasons = 0, list[str]()
    for license_id in ids:
        try:
            _confirm(license_id, actor)
        except (Refused, Stale) as why:
            reasons.append(str(why))
        else:
            done += 1
    return done, list(dict.fromkeys(reasons))


def _confirm(license_id: int, actor: Actor) -> None:
    """Whoever files a request holds the license, too: none slips in between. Without a username
    there is no account of ours: nothing has to go before the license."""
    with transaction() as session:
        person = session.get_one(Person, session.get_one(License, license_id).person_id)
        farewell.hold(session, person.id)
        row = licenses.held(session, license_id)
        ticket = _asked_for(session, [person.id]).get(person.id)
        if ticket is not None:
            sentence = f"{person.name}: decide on {ticket.number} first, which is open."
            raise Refused([Reason(sentence)])
        if person.username is None and not accounts_are_ours():
            raise Refused([Reason(f"{person.name}: {NO_USERNAME}")])
        licenses.take(session, row, CONFIRM, actor, {})
        if person.username is None:
            licenses.take(session, row, "delete", THE_DESK, {})


def keep(license_id: int, reason: str, actor: Actor) -> None:
    """Raises `Refused`. The days until it is proposed again begin anew."""
    with transaction() as session:
        before = session.get_one(License, license_id).deletion_confirmed_at
        owed = _owed(session, license_id)
        row = licenses.held(session, license_id)
        if row.state not in HELD or row.deletion_confirmed_at != before:
            raise Refused([Reason("A colleague has decided on that just now. Please look again.")])
        if row.facts.confirmed:
            _recall(session, owed)
        licenses.take(session, row, "keep", actor, {"message": reason})


def _owed(session: Session, license_id: int) -> list[Effect]:
    """The account actions of its deletion, held. Before the license: whoever settles one does it
    in this order."""
    confirmed = select(Event.id).where(Event.license_id == license_id, Event.trigger == CONFIRM)
    query = select(Effect).where(Effect.event_id.in_(confirmed), Effect.kind == Kind.ACCOUNT)
    held = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(held))


def _recall(session: Session, owed: list[Effect]) -> None:
    """The account action that is owed is taken back, unless somebody is at it. Raises `Refused`."""
    for effect in owed:
        if effect.status is Status.LEASED or _begun(session, effect):
            raise Refused([Reason("The account is being deleted right now: it is too late.")])
        if effect.status in {Status.DUE, Status.DEAD, Status.HANDED_OVER}:
            effect.status, effect.settled_at = Status.RECALLED, now()
            effect.closed_reason = "The license is kept after all."


def _begun(session: Session, effect: Effect) -> bool:
    """Whether staff have confirmed a step of its checklist already."""
    if effect.status is not Status.HANDED_OVER:
        return False
    steps = session.scalar(select(Checklist.confirmed).where(Checklist.key == effect.key))
    return bool(steps)
