"""What a form that is being filled in brings along, and what its worksheet fills in of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm
from helpdesk.forms.course_dates import lacks_courses, take_courses
from helpdesk.models.document import Document
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, worksheets
from helpdesk.services.facts import people_of, ticket_facts, today
from helpdesk.services.filing_facts import Brought, filing_facts
from workflows.checking import Judged
from workflows.ticket_type import TicketType

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


def judge_for(ticket: Ticket, me: Actor) -> Judge:
    """What comes with an answer, against the ticket."""

    def judge(documents: Sequence[Document]) -> tuple[Judged, ...]:
        people = people_of(db.session(), ticket, documents)
        return ticket_facts(db.session(), ticket, people, me).worksheets

    return judge


def fill_in_courses(kind: TicketType, about: About, form: RequestForm) -> None:
    """The days that are on the worksheet go into inputs that are empty still."""
    if kind.purpose is None or not lacks_courses(form):
        return
    came = drafts.on_form(db.session(), about.actor.person_id or 0, form.key.data or "")
    take_courses(form, courses_on(kind, about, form, came))


def courses_on(
    kind: TicketType, about: About, form: RequestForm, documents: Sequence[Document]
) -> dict[str, date]:
    """When the courses were completed that count, as the worksheets tell."""
    found: dict[str, date] = {}
    for document in documents:
        if document.reading is not None and kind.purpose is not None:
            needed = about.grid.required(_level(about, form), kind.purpose)
            username = about.person.username if about.person else None
            asked = worksheets.Asked("", today(), username, courses=tuple(needed))
            found |= worksheets.days(document.reading, asked)
    return found


def _level(about: About, form: RequestForm) -> str | None:
    told: Any = form["access_level"].data if "access_level" in form else None
    return told or (about.license.access_level if about.license else None)
