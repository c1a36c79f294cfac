"""Staff look at the documents of a ticket, one after the other: what they say of each check, what
they read otherwise than the program, and where that leads."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_ticket_for
from helpdesk.extensions import db
from helpdesk.forms.reviews import Corrected, Mark, TakeOver
from helpdesk.models.document_mark import THE_WHOLE, Said
from helpdesk.models.reading import corrections_of_reading
from helpdesk.models.ticket import Ticket
from helpdesk.services import reviews, tickets, worksheets
from helpdesk.services.documents import judge_servable
from helpdesk.services.facts import people_of
from helpdesk.services.gateway import Stale
from helpdesk.services.letters import Parties
from helpdesk.services.reviews import Reviewed
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.show.review import Looked, Wrong, review_page
from helpdesk.views.show.review_readings import is_fixed
from workflows.checking import TYPED, Verdict
from workflows.dates import in_words
from workflows.engine import Refused
from workflows.taken_dates import TAKE_DATES, readers
from workflows.training import ACCESS_LEVELS
from workflows.worksheet_places import LEVEL, blanks_of, is_day
from workflows.written import day_of

pages = Blueprint("review", __name__, url_prefix="/tickets/<int:ticket_id>/review")

NEWER = "A newer one has come meanwhile. Nothing was marked: please look at this one."
NO_DAY = (
    "That is no date. Write month/day/year, for example 11/25/2026. If an impossible one stands"
    " there, mark the check “Not fine”."
)
A_COLLEAGUE = "You read it so: a colleague approves it."
ENDED = "This request has ended meanwhile: nothing was marked."


@dataclass(frozen=True)
class Read:
    """A ticket with its documents and what is said of them."""

    ticket: Ticket
    people: Parties
    all: list[Reviewed]

    def one(self, document_id: int) -> Reviewed:
        """The document; of one that counts no more, what was sent in its place. Raises `NotForYou`
        for one that is not the ticket's."""
        kinds = [each.kind for each in self.people.documents if each.id == document_id]
        found = [each for each in self.all if each.document.id == document_id]
        found += [each for each in self.all if each.document.kind in kinds]
        if not found:
            raise NotForYou
        return found[0]

    @property
    def next(self) -> Reviewed | None:
        """The first of which nobody has said anything."""
        return next((each for each in self.all if each.mark is None), None)


def read(ticket_id: int) -> Read:
    me, session = actor(), db.session()
    ticket = get_ticket_for(me, ticket_id)
    people = people_of(session, ticket)
    facts = tickets.attempt_at(session, ticket, people, me).facts
    return Read(ticket, people, reviews.review(session, ticket, people, facts))


@pages.get("")
def begin(ticket_id: int) -> ResponseReturnValue:
    """At the first document of which nothing is said yet."""
    found = read(ticket_id)
    if not found.all:
        return redirect(url_for("tickets.show", ticket_id=ticket_id))
    return _to((found.next or found.all[0]), ticket_id)


@pages.get("/<int:document_id>")
def show(ticket_id: int, document_id: int) -> ResponseReturnValue:
    found = read(ticket_id)
    one = found.one(document_id)
    return _page(found, one) if one.document.id == document_id else _to(one, ticket_id)


@pages.post("/<int:document_id>/mark")
def mark(ticket_id: int, document_id: int) -> ResponseReturnValue:
    found, form = read(ticket_id), Mark()
    one, about = found.one(document_id), form.about.data or THE_WHOLE
    if one.document.id != document_id:
        return _newer(one, ticket_id)
    if about != THE_WHOLE and about not in {each.check.name for each in one.findings}:
        raise NotForYou
    judge_servable(one.document)
    if not found.ticket.open:
        return _ended(found, one)
    if not form.validate_on_submit():
        wrong = Wrong(about, form.note.data or "", _first_error(form))
        return _page(found, one, about, wrong)
    said, note = Said(form.said.data or ""), form.note.data or ""
    if about == THE_WHOLE and said is Said.FINE:
        reviews.accept(one, note, actor())
    else:
        reviews.mark(document_id, about, said, note, actor())
    return _after_whole(ticket_id) if about == THE_WHOLE else _after_check(one, about, ticket_id)


@pages.post("/<int:document_id>/reading")
def correct(ticket_id: int, document_id: int) -> ResponseReturnValue:
    """“It says 10/7”, where the program read otherwise."""
    found, form = read(ticket_id), Corrected()
    one, blank = found.one(document_id), form.blank.data or ""
    if one.document.id != document_id:
        return _newer(one, ticket_id)
    text, about = (form.text.data or "").strip(), _check_of(one, blank)
    judge_servable(one.document)
    if not found.ticket.open:
        return _ended(found, one)
    if not form.validate_on_submit():
        return _page(found, one, about, Wrong(blank, form.text.data or "", _first_error(form)))
    if is_day(blank) and text and day_of(text) is None:
        return _page(found, one, about, Wrong(blank, text, NO_DAY))
    if blank != LEVEL:
        worksheets.correct(document_id, blank, text, actor())
        _tell_who_approves(one, ticket_id)
    elif text in ACCESS_LEVELS:
        reviews.correct_level(document_id, text, actor())
    return _to(one, ticket_id, about)


@pages.post("/<int:document_id>/date")
def take_date(ticket_id: int, document_id: int) -> ResponseReturnValue:
    """The worksheet's date of one course is the request's from now on."""
    found, form = read(ticket_id), TakeOver()
    one, about = found.one(document_id), form.about.data or ""
    if one.document.id != document_id:
        return _newer(one, ticket_id)
    finding = next((each for each in one.findings if each.check.name == about), None)
    if finding is None or finding.check.day is None:
        return _moved_on(one, ticket_id)
    judge_servable(one.document)
    if not form.validate_on_submit():
        return _page(found, one, about, Wrong(about, "", _first_error(form)))
    brought = {"course": about.removeprefix(TYPED)}
    me, seen = actor(), int(form.version.data or "")
    try:
        ticket = tickets.act(ticket_id, TAKE_DATES, me, brought, version=seen)
    except (Stale, Refused):
        return _moved_on(one, ticket_id)
    mine = me.person_id in readers(ticket.fields)
    whose = f" {A_COLLEAGUE}" if mine else ""
    flash(f"The request says {in_words(finding.check.day)} now.{whose}", "success")
    return _to(one, ticket_id, finding.check.field or "")


def _tell_who_approves(one: Reviewed, ticket_id: int) -> None:
    """Whoever reads a date or a score otherwise than the program leaves the approval to others."""
    release()
    now = read(ticket_id).one(one.document.id).document.reading
    if now is not None and actor().person_id in now.readers:
        flash(A_COLLEAGUE, "info")


def _moved_on(one: Reviewed, ticket_id: int) -> ResponseReturnValue:
    release()
    flash("The request has changed meanwhile. No date was changed: please look again.", "info")
    return _to(one, ticket_id)


def _check_of(one: Reviewed, blank: str) -> str:
    """The first check that is about a blank. Raises `NotForYou` where there is none, and where
    nothing was read that could be read otherwise."""
    reading = one.document.reading
    if one.fault is None and reading is not None and not is_fixed(reading):
        for finding in one.findings:
            if blank in blanks_of(finding.check) or blank == finding.check.name == LEVEL:
                return finding.check.name
    raise NotForYou


def _page(
    found: Read, one: Reviewed, chosen: str = "", wrong: Wrong | None = None, status: int = 200
) -> ResponseReturnValue:
    corrections = corrections_of_reading(db.session(), one.document.id)
    looked = Looked(found.ticket, found.people, found.all, one, corrections)
    context = review_page(looked, chosen or request.args.get("check", ""), wrong)
    return render_template("documents/review.html", **context), status


def _newer(one: Reviewed, ticket_id: int) -> ResponseReturnValue:
    flash(NEWER, "info")
    return _to(one, ticket_id)


def _ended(found: Read, one: Reviewed) -> ResponseReturnValue:
    return _page(found, one, wrong=Wrong(THE_WHOLE, "", ENDED), status=409)


def _first_error(form: Mark | Corrected | TakeOver) -> str:
    return next(str(error) for _name, errors in form.errors_in_order() for error in errors)


def _to(one: Reviewed, ticket_id: int, check: str = "") -> ResponseReturnValue:
    return redirect(url_for("review.show", ticket_id=ticket_id, document_id=one.document.id,
                            check=check or None))  # fmt: skip


def _after_check(one: Reviewed, about: str, ticket_id: int) -> ResponseReturnValue:
    """On to the next that is not settled, and from the last to the first."""
    names = [each.check.name for each in one.findings]
    at = names.index(about)
    open_ones = {each.check.name for each in one.findings
                 if each.mark is None and each.check.verdict is not Verdict.PASS}  # fmt: skip
    later = [*names[at + 1:], *names[:at]]
    return _to(one, ticket_id, next((name for name in later if name in open_ones), about))


def _after_whole(ticket_id: int) -> ResponseReturnValue:
    """To the next document; after the last to what is to be done."""
    release()
    found = read(ticket_id)
    if found.next is not None:
        return _to(found.next, ticket_id)
    if any(each.lacking for each in found.all):
        flash("All documents are looked at. What has to be mended stands below.", "success")
        return redirect(url_for("tickets.step", ticket_id=ticket_id, trigger="ask_for_more",
                                review=1))  # fmt: skip
    if not any(each.unsettled for each in found.all):
        flash("All documents are accepted.", "success")
    return redirect(url_for("tickets.step", ticket_id=ticket_id, trigger="approve"))
