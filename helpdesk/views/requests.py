"""Filing a request: who is it about, what happened, then one form."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_ticket_for, visible_people
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm
from helpdesk.forms.start import Start
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, filing, newcomers, overview, tickets
from helpdesk.services.newcomers import Newcomer
from helpdesk.transaction import release
from helpdesk.views import web_worksheet
from helpdesk.views.begun import request_begun
from helpdesk.views.brought import brought_on, fill_in_courses
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.request_named import named_about, named_again, named_kind
from helpdesk.views.show import filed
from helpdesk.views.show.filed import Again
from helpdesk.views.show.pieces import license_shown
from helpdesk.views.uploads import Arrived, take_files
from workflows.engine import Reason, Refused
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.registry import ticket_types
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
        return filed.choice_page(me)
    form, given = Start(), request.form if request.method == "POST" else request.args
    picked, what = given.get("person", type=row_id), given.get("what", "")
    errors: list[tuple[str, str]] = []
    if "go" in request.form:
        if what in ticket_types() and (picked or ticket_types()[what].for_newcomers):
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
    newcomer_url = url_for("requests.file", type_name=NEW_USER)
    return {"q": q, "people": people, "more": more, "answers": answers,
            "newcomer_url": newcomer_url}  # fmt: skip


@pages.route("/<type_name>", methods=["GET", "POST"])
def file(type_name: str) -> ResponseReturnValue:
    me, kind = actor(), named_kind(type_name)
    try:
        about = named_about(me, kind)
    except NotForYou:
        return _sent_before(me)
    again = named_again(me, kind, about)
    form = request_begun(kind, about, again)
    if request.method == "POST":
        return _posted(kind, about, form, again)
    if about.person is not None:
        first = filing.open_one(db.session(), kind.name, about.person.id)
        if first is not None:
            return _exists(first, same_form=False)
    reasons = tickets.why_not_file(db.session(), kind, about.person, me)
    return filed.form_page(filed.Page(kind, about, form, again, Arrived()), reasons)


def _posted(
    kind: TicketType, about: About, form: RequestForm, again: Again | None
) -> ResponseReturnValue:
    """Files are kept whatever else is wrong; then the worksheet is filled in, or the form sent."""
    kept = again.keep if again else []
    arrived = take_files(form.key.data or "", about.actor, kind.papers, len(kept))
    if web_worksheet.is_asked_for():
        arrived.files_only = True
        sheet = web_worksheet.answer(web_worksheet.Filling(kind, about, form, kept, arrived))
        if sheet is not None:
            return sheet
    fill_in_courses(kind, about, form)
    sound = not arrived.files_only and form.validate() and not arrived.errors
    if sound and _asks_for_their_own(form):
        return _send(kind, about, form, again)
    if not arrived.files_only and not arrived.errors:
        _judge(kind, about, form, again)
    return filed.form_page(filed.Page(kind, about, form, again, arrived), [])


def _sent_before(me: Actor) -> ResponseReturnValue:
    """The person is out of sight by now: the form that was sent in time shows what it did."""
    key = request.form.get("key", "")
    ticket_id = filing.sent_on(db.session(), me.person_id or 0, key) if key else None
    if ticket_id is None:
        raise NotForYou
    return _show_sent(ticket_id)


def _show_sent(ticket_id: int) -> ResponseReturnValue:
    """A form that is sent once more shows its ticket; if it is out of sight, that it was sent."""
    try:
        get_ticket_for(actor(), ticket_id)
    except NotForYou:
        return filed.sent_page(ticket_id)
    return redirect(url_for("tickets.show", ticket_id=ticket_id))


def _judge(kind: TicketType, about: About, form: RequestForm, again: Again | None) -> None:
    """Says everything at once: what the rules have against the answers stands beside what is
    missing, so that nobody mends one only to meet the next."""
    me, session = about.actor, db.session()
    came = drafts.on_form(session, me.person_id or 0, form.key.data or "")
    kept = again.keep if again else []
    brought = brought_on(about, form, [*kept, *came])
    form.mark(tickets.why_not_send(session, kind, about.person, me, brought))


def _asks_for_their_own(form: RequestForm) -> bool:
    """Whoever staff file for has a say at the agency a newcomer comes to."""
    caller, agency = form.caller_id(), form.agency_id()
    if caller is None or agency is None:
        return True
    if caller in {admin.id for admin in admins_of(db.session(), agency)}:
        return True
    form.caller.errors = ["This person is no admin of the agency you chose."]
    return False


def _send(
    kind: TicketType, about: About, form: RequestForm, again: Again | None
) -> ResponseReturnValue:
    me = about.actor
    assert me.person_id is not None, "the desk itself files nothing"
    named = form.newcomer()
    sent = filing.Request(
        type=kind.name,
        person_id=about.person.id if about.person else None,
        filer_id=form.caller_id() or me.person_id,
        form_key=form.key.data or "",
        fields=form.answers(me),
        agency_id=form.agency_id() or _agency_of(about),
        newcomer=Newcomer(**named) if named else None,
        keep=tuple(document.id for document in again.keep) if again else (),
    )
    try:
        ticket = tickets.open_ticket(sent, me)
    except Refused as refused:
        release()
        return _refused(kind, form, again, refused.reasons, sent)
    except filing.SentBefore as before:
        unsent = drafts.on_form(db.session(), me.person_id, sent.form_key)
        if not before.differs and not unsent:
            return _show_sent(before.ticket_id)
        names = [document.name for document in unsent]
        return _exists(before.ticket_id, same_form=True, sent=sent, unsent=names), 409
    except filing.AlreadyOpen as first:
        return _exists(first.ticket_id, same_form=False, sent=sent), 409
    return redirect(url_for("tickets.show", ticket_id=ticket.id, done=ticket.version))


def _refused(
    kind: TicketType,
    form: RequestForm,
    again: Again | None,
    reasons: tuple[Reason, ...],
    sent: filing.Request,
) -> ResponseReturnValue:
    """The form with everything typed, what speaks against it beside the field or on top."""
    me = actor()
    about = named_about(me, kind)
    loose = [reason for reason in reasons if not form.mark([reason])]
    page = filed.Page(kind, about, form, again, Arrived(), _meant(about, sent))
    return filed.form_page(page, loose), 409 if loose else 200


def _meant(about: About, sent: filing.Request) -> Person | None:
    """Whom the form turned out to be about, as far as the filer may see them."""
    if about.person is not None or sent.newcomer is None or sent.agency_id is None:
        return about.person
    return newcomers.known_to(db.session(), sent.newcomer, sent.agency_id, about.actor)


def _agency_of(about: About) -> int | None:
    """Where somebody who is on file works, or comes back to: an admin brings them to their own."""
    row, mine = about.license, about.actor.agencies
    if row is not None and (about.actor.staff or row.agency_id in mine):
        return row.agency_id
    return min(mine, default=None)


def _exists(
    ticket_id: int,
    *,
    same_form: bool,
    sent: filing.Request | None = None,
    unsent: Collection[str] = (),
) -> str:
    """The filer may see the person, but perhaps not a ticket from before they moved."""
    try:
        ticket = get_ticket_for(actor(), ticket_id)
    except NotForYou:
        if same_form:
            return filed.sent_page(ticket_id)
        return filed.taken_page(db.session.get_one(Ticket, ticket_id))
    return filed.exists_page(ticket, same_form=same_form, sent=sent, unsent=unsent)


def _form_url(type_name: str, person_id: int | None) -> str:
    return url_for("requests.file", type_name=type_name, person=person_id)
