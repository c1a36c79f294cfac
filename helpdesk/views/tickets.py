"""A ticket's page, in two views, and the steps that can be taken from it."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import bars_step, get_ticket_for
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.registry import step_form
from helpdesk.forms.steps import StepForm
from helpdesk.models.event import history
from helpdesk.models.person import named
from helpdesk.models.role import approvers
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.gateway import Stale
from helpdesk.transaction import release
from helpdesk.views.errors import typed_again
from helpdesk.views.guard import actor
from helpdesk.views.show import pieces, step_page
from helpdesk.views.show.ticket_agency import agency_page
from helpdesk.views.show.ticket_base import done_in_words, given_to, read_ticket
from helpdesk.views.show.ticket_staff import staff_page
from helpdesk.views.show.unknown import unknown_page
from workflows.engine import Refused
from workflows.registry import ticket_type

pages = Blueprint("tickets", __name__, url_prefix="/tickets")


@pages.get("/<int:ticket_id>")
def show(ticket_id: int) -> ResponseReturnValue:
    me = actor()
    ticket = get_ticket_for(me, ticket_id)
    if not _is_known(ticket):
        return unknown_page(ticket, me)
    if "watch" in request.args:
        return jsonify(version=ticket.version, words=_news(ticket))
    done = request.args.get("done", type=int)
    seen = read_ticket(db.session(), ticket, me, done)
    return staff_page(seen) if me.staff else agency_page(seen)


def _is_known(ticket: Ticket) -> bool:
    """Whether this version of the program knows its type, its workflow and its state."""
    kind = pieces.kind_of(ticket)
    if kind is None or ticket.workflow_version > kind.workflow.version:
        return False
    return ticket.state in kind.workflow.states


def _news(ticket: Ticket) -> str:
    last = history(db.session(), ticket.id, since_version=ticket.version - 1)[-1]
    kind = ticket_type(ticket.type)
    step = kind.workflow.step_from(last.from_state, last.trigger)
    people = named(db.session(), given_to([last]))
    return f"{last.actor_name} {done_in_words(last, step, people)}."


@pages.route("/<int:ticket_id>/<trigger>", methods=["GET", "POST"])
def step(ticket_id: int, trigger: str) -> ResponseReturnValue:
    me = actor()
    ticket = get_ticket_for(me, ticket_id)
    if not _is_known(ticket):
        return unknown_page(ticket, me)
    form = _form(ticket, trigger)
    barred = bars_step(me, ticket, trigger)
    if barred:
        return step_page.render(ticket, trigger, form, me, barred), 403
    if form.validate_on_submit():
        return _take(ticket, trigger, form, me)
    return step_page.render(ticket, trigger, form, me)


def _form(ticket: Ticket, trigger: str) -> StepForm:
    """The form of a step; one that is not possible here gets the bare one, and its refusal."""
    kind = ticket_type(ticket.type)
    declared = kind.workflow.step_from(ticket.state, trigger)
    name = declared.form if declared and declared.form else "confirm"
    form = step_form(ticket.type, name)(version=ticket.version)
    form.prepare(ticket, approvers(db.session()))
    return form


def _take(ticket: Ticket, trigger: str, form: StepForm, me: Actor) -> ResponseReturnValue:
    seen_version = form.seen_version()
    brought: dict[str, Any] = form.brought()
    try:
        moved = tickets.act(ticket.id, trigger, me, brought, version=seen_version)
    except Stale:
        release()
        return _conflict(get_ticket_for(me, ticket.id), trigger, seen_version, me)
    except Refused as refused:
        release()
        fresh = get_ticket_for(me, ticket.id)
        return step_page.render(fresh, trigger, form, me, refused.reasons), 409
    return redirect(url_for("tickets.show", ticket_id=ticket.id, done=moved.version))


def _conflict(ticket: Ticket, trigger: str, seen: int, me: Actor) -> ResponseReturnValue:
    """What changed and by whom, and the text that was typed, ready to be sent again."""
    typed = typed_again("Send it all the same", hidden=[("version", str(ticket.version))])
    context = step_page.conflict(ticket, trigger, seen, me)
    return render_template("conflict.html", typed=typed, **context), 409
