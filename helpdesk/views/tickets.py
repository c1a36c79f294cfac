"""A ticket's page, in two views, and the steps that can be taken from it."""

import secrets
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import bars_step, get_ticket_for
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.course_dates import fitted
from helpdesk.forms.registry import step_form
from helpdesk.forms.steps import Answer, Ask, Convert, StepForm
from helpdesk.models.document import documents_of
from helpdesk.models.event import history
from helpdesk.models.person import named
from helpdesk.models.role import approvers
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, tickets
from helpdesk.services.facts import grid_of, people_of
from helpdesk.services.gateway import Stale
from helpdesk.services.opening import why_not_as
from helpdesk.services.reviews import needs, review
from helpdesk.transaction import release
from helpdesk.views import web_worksheet
from helpdesk.views.brought import fill_in_answer
from helpdesk.views.errors import typed_again
from helpdesk.views.guard import actor
from helpdesk.views.show import pieces, step_page
from helpdesk.views.show.event_lines import done_in_words, given_to
from helpdesk.views.show.ticket_agency import agency_page, is_told
from helpdesk.views.show.ticket_base import read_ticket
from helpdesk.views.show.ticket_staff import staff_page
from helpdesk.views.show.unknown import unknown_page
from helpdesk.views.uploads import Arrived, take_files
from helpdesk.views.web_worksheet import Filling
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
        return jsonify(_news(ticket, me))
    done = request.args.get("done", type=int)
    seen = read_ticket(db.session(), ticket, me, done)
    return staff_page(seen) if me.staff else agency_page(seen)


def _is_known(ticket: Ticket) -> bool:
    """Whether this version of the program knows its type, its workflow and its state."""
    kind = pieces.kind_of(ticket)
    if kind is None or ticket.workflow_version > kind.workflow.version:
        return False
    return ticket.state in kind.workflow.states


def _news(ticket: Ticket, me: Actor) -> dict[str, Any]:
    """The last that happened, as far as it is for this reader."""
    last = [e for e in history(db.session(), ticket.id) if me.staff or is_told(e)][-1]
    step = ticket_type(ticket.type).workflow.step_from(last.from_state, last.trigger)
    people = named(db.session(), given_to([last]))
    words = f"{last.actor_name} {done_in_words(last, step, people)}."
    return {"version": last.version, "words": words}


@pages.route("/<int:ticket_id>/<trigger>", methods=["GET", "POST"])
def step(ticket_id: int, trigger: str) -> ResponseReturnValue:
    me = actor()
    ticket = get_ticket_for(me, ticket_id)
    if not _is_known(ticket):
        return unknown_page(ticket, me)
    form = _form(ticket, trigger, me)
    barred = bars_step(me, ticket, trigger)
    if barred:
        return step_page.render(ticket, trigger, form, me, barred), 403
    arrived = _files(ticket, form, me)
    if isinstance(form, Answer) and web_worksheet.is_asked_for():
        arrived.files_only = True
        sheet = web_worksheet.answer(_filling(ticket, form, me, arrived))
        if sheet is not None:
            return sheet
    fill_in_answer(form, ticket, me)
    if isinstance(form, Answer) and request.method == "POST":
        came = drafts.on_form(db.session(), me.person_id or 0, form.key.data or "")
        form.attached = bool(came)
    if not arrived.files_only and not arrived.errors and form.validate_on_submit():
        return _take(ticket, trigger, form, me)
    return step_page.render(ticket, trigger, form, me, errors=arrived.errors)


def _form(ticket: Ticket, trigger: str, me: Actor) -> StepForm:
    """The form of a step; one that is not possible here gets the bare one, and its refusal."""
    kind = ticket_type(ticket.type)
    declared = kind.workflow.step_from(ticket.state, trigger)
    name = declared.form if declared and declared.form else "confirm"
    session = db.session()
    people = people_of(session, ticket)
    facts = tickets.attempt_at(session, ticket, people, me).facts
    form_class = fitted(step_form(ticket.type, name), facts.grid)
    form = form_class(version=ticket.version, key=secrets.token_urlsafe(24))
    form.prepare(ticket, approvers(session), facts)
    if isinstance(form, Convert):
        form.bar(why_not_as(session, ticket, facts, me))
    if isinstance(form, Ask) and request.method == "GET" and "review" in request.args:
        found = review(session, ticket, people, facts)
        lacking = needs(found, ticket_type(ticket.type).papers)
        form.suggest(lacking.message, lacking.papers)
    return form


def _files(ticket: Ticket, form: StepForm, me: Actor) -> Arrived:
    """Files that came along are kept before the rest is judged."""
    if request.method != "POST" or form.form_key is None:
        return Arrived()
    held = len(documents_of(db.session(), ticket.id))
    return take_files(form.form_key, me, ticket_type(ticket.type).papers, held)


def _filling(ticket: Ticket, form: Answer, me: Actor, arrived: Arrived) -> Filling:
    """The worksheet that comes with the answer is filled in on a page."""
    session = db.session()
    people = people_of(session, ticket)
    about = About(me, people.licensee, people.license, grid=grid_of(session, ticket))
    kept = [document for document in people.documents if not document.gone]
    return Filling(ticket_type(ticket.type), about, form, kept, arrived, ticket)


def _take(ticket: Ticket, trigger: str, form: StepForm, me: Actor) -> ResponseReturnValue:
    seen, brought = form.seen_version(), form.brought()
    try:
        moved = tickets.act(
            ticket.id, trigger, me, brought, version=seen, form_key=form.form_key
        )
    except Stale:
        release()
        return _conflict(get_ticket_for(me, ticket.id), trigger, seen, me)
    except Refused as refused:
        release()
        fresh = get_ticket_for(me, ticket.id)
        loose = [reason for reason in refused.reasons if not form.place(reason)]
        return step_page.render(fresh, trigger, form, me, loose), 409 if loose else 200
    return redirect(url_for("tickets.show", ticket_id=moved.id, done=moved.version))


def _conflict(ticket: Ticket, trigger: str, seen: int, me: Actor) -> ResponseReturnValue:
    """What changed and by whom, and the text that was typed, ready to be sent again."""
    typed = typed_again("Send it all the same", hidden=[("version", str(ticket.version))])
    context = step_page.conflict(ticket, trigger, seen, me)
    return render_template("conflict.html", typed=typed, **context), 409
