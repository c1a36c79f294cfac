"""What the address of a form names: the type, the person, an ended request to file again."""

from functools import partial

from flask import request
from sqlalchemy import select

from helpdesk.access import NotForYou, get_person_for, get_ticket_for
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.models.agency import Agency
from helpdesk.models.document import documents_of
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.services import filing, grids
from helpdesk.services.facts import today
from helpdesk.views.numbers import row_id
from helpdesk.views.show.filed import Again
from workflows.engine import Party
from workflows.registry import UnknownType, ticket_type
from workflows.ticket_type import TicketType


def named_kind(type_name: str) -> TicketType:
    try:
        return ticket_type(type_name)
    except UnknownType:
        raise NotForYou from None


def named_about(me: Actor, kind: TicketType) -> About:
    """Whom the address names. It names nobody: a newcomer where the type is for such, else me."""
    callers, grid = partial(_callers, me, kind), grids.in_force(db.session(), today())
    if kind.for_newcomers and "person" not in request.args:
        return About(me, None, None, callers(None), _agencies(me), grid)
    picked = request.args.get("person", 0, type=row_id) if "person" in request.args else None
    person = get_person_for(me, me.person_id or 0 if picked is None else picked)
    row = license_of(db.session(), person.id)
    agencies = _agencies(me) if kind.for_newcomers else {}
    return About(me, person, row, callers(person), agencies, grid)


def _agencies(me: Actor) -> dict[int, str]:
    """Where a newcomer can come to, as far as the one who files has a say; by name."""
    if not me.staff:
        return dict(sorted(me.agencies.items(), key=lambda agency: agency[1]))
    query = select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.name)
    return {agency.id: agency.name for agency in db.session.execute(query)}


def _callers(me: Actor, kind: TicketType, person: Person | None) -> list[Person]:
    """Whom staff may file for: the licensee where the type allows it, and agency admins."""
    if not me.staff:
        return []
    if person is None:
        return filing.all_admins(db.session())
    found = filing.callers(db.session(), person)
    if Party.LICENSEE in kind.filers:
        return found
    return [caller for caller in found if caller.id != person.id]


def named_again(me: Actor, kind: TicketType, about: About) -> Again | None:
    """The ended request that is filed again, with its documents."""
    number = request.args.get("again", type=row_id)
    if number is None:
        return None
    ticket = get_ticket_for(me, number)
    if ticket.type != kind.name or (about.person and ticket.person_id != about.person.id):
        raise NotForYou
    kept = set(request.form.getlist("keep", type=row_id))
    attached = [each for each in documents_of(db.session(), ticket.id) if not each.gone]
    keep = attached if request.method == "GET" else [d for d in attached if d.id in kept]
    return Again(ticket, attached, keep)
