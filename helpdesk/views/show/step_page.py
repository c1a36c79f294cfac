"""The page of one step, and what it says when the step can't be taken."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import render_template, url_for

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.inputs import COURSE
from helpdesk.forms.steps import Answer, StepForm, WithFiles, Words
from helpdesk.models.document import documents_of
from helpdesk.models.event import history
from helpdesk.models.person import Person, named
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.facts import people_of
from helpdesk.services.letters import Parties
from helpdesk.services.reviews import review
from helpdesk.views.show import pieces
from helpdesk.views.show.attaching import answering, wanted_anew
from helpdesk.views.show.documents import DocumentBox, draft_shown
from helpdesk.views.show.event_lines import event_shown, given_to
from helpdesk.views.show.ticket_base import will_follow
from workflows.common import NOTE
from workflows.effects import AccountAction
from workflows.engine import Option, Reason
from workflows.facts import TicketFacts
from workflows.registry import ticket_type
from workflows.signing_steps import ASK_AGAIN

LEADS = {
    "approve": "The account is changed next. You can’t take this back.",
    "reject": "This ends the request. It can be filed again.",
    "withdraw": "This ends the request. It can be filed again.",
    "ask_for_more": "The clock stops until they answer.",
    "override": "The rules speak against it. The account is changed next.",
    "convert": "This request ends, and goes on as one of the right type, with its documents.",
    ASK_AGAIN: "A new link is mailed; the one before ends.",
    "hand_over": "Your colleague finds it under “Needs me”.",
}

APPROVING = {"approve", "override"}


def render(
    ticket: Ticket,
    trigger: str,
    form: StepForm,
    me: Actor,
    reasons: Iterable[Reason] = (),
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    """`reasons`: why an attempt was just refused; without one the step is asked beforehand.
    `errors`: what was wrong with files that came along, by kind."""
    option = _option(ticket, trigger, me)
    unmet = list(reasons) or (list(option.reasons) if option else [_gone(ticket, trigger, me)])
    label = _label(ticket, trigger, option)
    people = people_of(db.session(), ticket)
    documents = _documents(ticket, form, me, errors)
    return render_template(
        "tickets/step.html",
        ticket=_ticket(ticket, people.licensee.name),
        step={"label": label, "lead": LEADS.get(trigger), "icon": None,
              "danger": trigger in {"reject", "withdraw"}},
        on_file=_on_file(people.licensee) if trigger == "approve" else None,
        despite=_despite(ticket, people, me) if trigger in APPROVING else [],
        form=form,
        courses=[field.name for field in form if field.name.startswith(COURSE)],
        will=will_follow(option.step, people, _until(ticket, option, me)) if option else [],
        documents=documents,
        instead=_instead(ticket, form, me),
        without=_lacks(form, documents),
        refused={"label": label, "reasons": [r.sentence for r in unmet]} if unmet else None,
        possible=option is not None and option.allowed,
    )  # fmt: skip


def _despite(ticket: Ticket, people: Parties, me: Actor) -> list[tuple[str, list[str]]]:
    """The documents that were accepted all the same, each with what does not pass in it."""
    session = db.session()
    facts = tickets.attempt_at(session, ticket, people, me).facts
    found = review(session, ticket, people, facts) if people.documents else []
    return [(draft_shown(each.document).kind_label, each.unsettled)
            for each in found if each.accepted and each.unsettled]  # fmt: skip


def _on_file(person: Person) -> str:
    """What whoever approves checks the one who asks against."""
    if person.email is None:
        return f"No email address of {person.name} is on file."
    return f"The address on file is {person.email}."


def conflict(ticket: Ticket, trigger: str, seen: int, me: Actor) -> dict[str, Any]:
    """For the 409 page: what changed since version `seen`, and whether the step still fits."""
    option = _option(ticket, trigger, me)
    reasons = option.reasons if option else (_gone(ticket, trigger, me),)
    events = [e for e in history(db.session(), ticket.id, since_version=seen)
              if me.staff or e.trigger != NOTE]  # fmt: skip
    people = people_of(db.session(), ticket)
    takers = named(db.session(), given_to(events))
    return {
        "ticket": _ticket(ticket, people.licensee.name),
        "step": _label(ticket, trigger, option),
        "changes": [event_shown(ticket.type, event, takers) for event in reversed(events)],
        "possible": option is not None and option.allowed,
        "reasons": [reason.sentence for reason in reasons],
    }


def _documents(
    ticket: Ticket, form: StepForm, me: Actor, errors: Mapping[str, list[str]] | None
) -> DocumentBox | None:
    if not isinstance(form, WithFiles):
        return None
    session = db.session()
    facts = tickets.attempt_at(session, ticket, people_of(session, ticket), me).facts
    wanted = wanted_anew(ticket, facts) if isinstance(form, Answer) else ()
    wrong = {**(errors or {}), **form.about_documents}
    return answering(me, form, ticket, documents_of(session, ticket.id), wanted, wrong)


def _instead(ticket: Ticket, form: StepForm, me: Actor) -> dict[str, str] | None:
    """For ticks that came with words alone."""
    asking = _option(ticket, "ask_for_more", me)
    ticked = "papers" in form or "signatures" in form
    if not isinstance(form, Words) or not ticked or asking is None:
        return None
    url = url_for("tickets.step", ticket_id=ticket.id, trigger="ask_for_more")
    return {"label": asking.step.label, "url": url}


def _lacks(form: StepForm, documents: DocumentBox | None) -> bool:
    """Whether a paper or a date that is asked for did not come with the answer."""
    undated = any(f.name.startswith(COURSE) and f.errors and not f.data for f in form)
    return undated or (documents is not None and documents.incomplete)


def _until(ticket: Ticket, option: Option[TicketFacts], me: Actor) -> date | None:
    """The expiry that a step leads to, where it changes the account of a license that ends."""
    until = ticket_type(ticket.type).until
    if until is None or not any(isinstance(e, AccountAction) for e in option.step.effects):
        return None
    session = db.session()
    return until(tickets.attempt_at(session, ticket, people_of(session, ticket), me).facts)


def _option(ticket: Ticket, trigger: str, me: Actor) -> Option[TicketFacts] | None:
    options = tickets.options(db.session(), ticket, me)
    return next((option for option in options if option.step.trigger == trigger), None)


def _label(ticket: Ticket, trigger: str, option: Option[TicketFacts] | None) -> str:
    """By the name it bears here, else elsewhere."""
    steps = ticket_type(ticket.type).workflow.steps
    return option.step.label if option else next(s.label for s in steps if s.trigger == trigger)


def _gone(ticket: Ticket, trigger: str, me: Actor) -> Reason:
    """It does not start here; while the ticket is open, what has to come first."""
    here = f"That is not possible while the request is {pieces.state_of(ticket).label}."
    others = tickets.elsewhere_at(ticket, me) if ticket.open else ()
    first = next((o.reasons[0].sentence for o in others if o.step.trigger == trigger), "")
    return Reason(f"{here} {first}".strip())


def _ticket(ticket: Ticket, person: str) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "url": url_for("tickets.show", ticket_id=ticket.id),
        "type": pieces.type_label(ticket),
        "person": person,
        "state": pieces.state_of(ticket),
    }
