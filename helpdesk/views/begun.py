"""Forms as they are begun: filled in with what is known already, and with what was posted since."""

import secrets
from datetime import date

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.base import NEWCOMER, RequestForm
from helpdesk.forms.course_dates import fitted, tell_on_file
from helpdesk.forms.inputs import as_typed
from helpdesk.forms.registry import request_form, step_form
from helpdesk.forms.steps import StepForm
from helpdesk.models.ticket import Ticket
from helpdesk.services import courses, tickets
from helpdesk.services.facts import people_of, today
from helpdesk.views.show.filed import Again
from workflows.common import WAITING
from workflows.ticket_type import TicketType


def request_begun(kind: TicketType, about: About, again: Again | None) -> RequestForm:
    """Filled in as the earlier request was, if it is filed again; else with what is on file."""
    form_class = fitted(request_form(kind.name), about.grid)
    filled_in = {name: getattr(about.person, name, None) for name in NEWCOMER}
    filled_in |= form_class.suggested(about.license)
    done = _courses_on_file(kind, about)
    filled_in |= as_typed({"courses": {name: day.isoformat() for name, day in done.items()}})
    if again is not None:
        filled_in |= form_class.filled_in(again.ticket.fields)
    form = form_class(key=secrets.token_urlsafe(24), data=filled_in)
    form.prepare(about)
    tell_on_file(form, done)
    return form


def _courses_on_file(kind: TicketType, about: About) -> dict[str, date]:
    """What is on file of somebody’s courses, for a form that asks for courses."""
    if kind.purpose is None or about.person is None:
        return {}
    return courses.still_counting(db.session(), about.person.id, today())


def answer_begun(ticket: Ticket, me: Actor) -> StepForm:
    """The answer that HAND waits for; else a message to HAND."""
    facts = tickets.attempt_at(db.session(), ticket, people_of(db.session(), ticket), me).facts
    name = "answer" if ticket.state == WAITING else "write"
    form = fitted(step_form(ticket.type, name), facts.grid)()
    form.prepare(ticket, [], facts)
    return form
