"""Filing a request: who is it about, what happened, then one form."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_person_for, visible_people
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.base import RequestForm
from helpdesk.forms.registry import request_form
from helpdesk.forms.start import Start
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import filing, overview, tickets
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show import filed
from helpdesk.views.show.pieces import license_shown
from workflows.engine import Refused
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.registry import UnknownType, ticket_type, ticket_types
from workflows.ticket_type import TicketType

pages = Blueprint("requests", __name__, url_prefix="/requests/new")

SHOWN_PEOPLE = 30
ANSWERS = {
    NEW_PASSWORD: "They are locked out or forgot the password",
    NEW_USER: "They are new and need a license",
    REACTIVATE: "They are back from a leave, or did not log in for a while",
    RECERTIFY: "Their license has expired, or soon will",
}
"""What happened, most frequent first; a type not named here comes last, with its summary."""


@pages.route("", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    me = actor()
    if not (me.staff or me.agencies):
        return redirect(_form_url(NEW_PASSWORD, me.person_id))
    form, given = Start(), request.form if request.method == "POST" else request.args
    picked, what = given.get("person", type=row_id), given.get("what", "")
    errors: list[tuple[str, str]] = []
    if "go" in request.form:
        if picked and what in ticket_types():
            return redirect(_form_url(what, picked))
        errors = _missing(picked, what)
    choices = _choices(me, (form.q.data or "").strip(), picked, what)
    return render_template("requests/start.html", form=form, errors=errors, **choices)


def _missing(picked: int | None, what: str) -> list[tuple[str, str]]:
    found = [] if picked else [("person", "Choose who it is about.")]
    return found if what in ticket_types() else [*found, ("what", "Choose what happened.")]


def _choices(me: Actor, q: str, picked: int | None, what: str) -> dict[str, Any]:
    found = overview.people(db.session(), visible_people(me), q, SHOWN_PEOPLE + 1)
    people = [
        {"id": person.id, "name": person.name, "username": person.username,
         "agency": agency or "No agency", "license": license_shown(row),
         "picked": person.id == picked}
        for person, row, agency in found[:SHOWN_PEOPLE]
    ]  # fmt: skip
    kinds = {name: ticket_types()[name] for name in (*ANSWERS, *ticket_types())
             if name in ticket_types()}  # fmt: skip
    answers = [
        {"value": name, "label": ANSWERS.get(name, kind.summary), "hint": kind.label,
         "ready": True, "picked": what == name}
        for name, kind in kinds.items()
    ]  # fmt: skip
    more = len(found) > SHOWN_PEOPLE
    return {"q": q, "people": people, "more": more, "answers": answers, "newcomer_url": None}


@pages.route("/<type_name>", methods=["GET", "POST"])
def file(type_name: str) -> ResponseReturnValue:
    me = actor()
    kind = _kind(type_name)
    person = get_person_for(me, _about(me))
    form = request_form(kind.name)(key=secrets.token_urlsafe(24))
    form.prepare(me, person, _callers(me, person))
    if form.validate_on_submit():
        return _send(kind, person, form, me)
    first = filing.open_one(db.session(), kind.name, person.id)
    if first is not None and request.method == "GET":
        return _exists(first, same_form=False)
    reasons = tickets.why_not_file(db.session(), kind, person, me)
    return filed.form_page(kind, person, form, reasons, me)


def _about(me: Actor) -> int:
    """Whom the address names, me if it names nobody; an id that is none is not taken for me."""
    if "person" not in request.args:
        return me.person_id or 0
    return request.args.get("person", 0, type=row_id)


def _kind(type_name: str) -> TicketType:
    try:
        return ticket_type(type_name)
    except UnknownType:
        raise NotForYou from None


def _callers(me: Actor, person: Person) -> list[Person]:
    """Whom staff may file for: the licensee, and the admins of the licensee's agency."""
    return filing.callers(db.session(), person) if me.staff else []


def _send(
    kind: TicketType, person: Person, form: RequestForm, me: Actor
) -> ResponseReturnValue:
    assert me.person_id is not None, "the desk itself files nothing"
    sent = filing.Request(
        type=kind.name,
        person_id=person.id,
        filer_id=form.caller_id() or me.person_id,
        form_key=form.key.data or "",
        fields=form.answers(me),
    )
    try:
        ticket = tickets.open_ticket(sent, me)
    except Refused as refused:
        return filed.form_page(kind, person, form, refused.reasons, me), 409
    except filing.SentBefore as before:
        if not before.differs:
            return redirect(url_for("tickets.show", ticket_id=before.ticket_id))
        return _exists(before.ticket_id, same_form=True, sent=sent), 409
    except filing.AlreadyOpen as first:
        return _exists(first.ticket_id, same_form=False, sent=sent), 409
    return redirect(url_for("tickets.show", ticket_id=ticket.id, done=ticket.version))


def _exists(ticket_id: int, *, same_form: bool, sent: filing.Request | None = None) -> str:
    """The first ticket is of the same person, whom the filer may see."""
    ticket = db.session.get_one(Ticket, ticket_id)
    return filed.exists_page(ticket, same_form=same_form, sent=sent)


def _form_url(type_name: str, person_id: int | None) -> str:
    return url_for("requests.file", type_name=type_name, person=person_id)
