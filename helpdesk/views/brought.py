"""What a form that is being filled in brings along, and what its worksheet fills in of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm
from helpdesk.forms.course_dates import asks_worksheets, settle_courses
from helpdesk.forms.steps import AnswerWithCourses, StepForm
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, worksheets
from helpdesk.services.facts import people_of, ticket_facts, today
from helpdesk.services.filing_facts import Brought, filing_facts
from workflows.checking import Judged
from workflows.ticket_type import TicketType
from workflows.training import Course

Judge = Callable[[Sequence[Document]], tuple[Judged, ...]]
"""Judges the worksheets among documents of a form."""


def brought_on(about: About, form: RequestForm, documents: Sequence[Document]) -> Brought:
    chosen = form.agency.data if "agency" in form else None
    agency = about.agencies.get(int(chosen)) if chosen else None
    return Brought(form.answers(about.actor), documents, agency)


def judge_on(kind: TicketType, about: About, form: RequestForm) -> Judge:
    """Against the person, or the newcomer as the form names them."""

    def judge(documents: Sequence[Document]) -> tuple[Judged, ...]:
        brought = brought_on(about, form, documents)
        return filing_facts(db.session(), kind, about.person, about.actor, brought).worksheets

    return judge


def judge_for(ticket: Ticket, me: Actor, form: StepForm) -> Judge:
    """What comes with an answer, against the ticket as the answer mends it."""

    def judge(documents: Sequence[Document]) -> tuple[Judged, ...]:
        people, mended = people_of(db.session(), ticket, documents), form.brought().get("fields")
        return ticket_facts(db.session(), ticket, people, me, mended).worksheets

    return judge


def fill_in_courses(kind: TicketType, about: About, form: RequestForm) -> dict[str, date]:
    """The days that are on the worksheet go into inputs where nobody typed any. Returns them."""
    if kind.purpose is None or not asks_worksheets(form):
        return {}
    needed = about.grid.required(_level(about, form), kind.purpose)
    return _settle(form, about.actor, about.person, needed)


def fill_in_answer(form: StepForm, ticket: Ticket, me: Actor) -> dict[str, date]:
    """The same where an agency answers."""
    if not isinstance(form, AnswerWithCourses) or not asks_worksheets(form):
        return {}
    return _settle(form, me, db.session.get_one(Person, ticket.person_id), form.asked)


def _settle(
    form: RequestForm | AnswerWithCourses, me: Actor, about: Person | None, needed: list[Course]
) -> dict[str, date]:
    came = drafts.on_form(db.session(), me.person_id or 0, form.key.data or "")
    username = about.username if about else None
    days = _told(came, worksheets.Asked("", today(), username, courses=tuple(needed)))
    settle_courses(form, days)
    return days


def _told(documents: Sequence[Document], asked: worksheets.Asked) -> dict[str, date]:
    """When the courses were completed that count, as the newest worksheet tells."""
    read = [document for document in documents if document.reading is not None]
    newest = read[-1].reading if read and worksheets.is_right_form(read[-1]) else None
    return worksheets.days(newest, asked) if newest else {}


def _level(about: About, form: RequestForm) -> str | None:
    told: Any = form["access_level"].data if "access_level" in form else None
    return told or (about.license.access_level if about.license else None)
