"""The pages around filing: the form itself, and the one that leads to an earlier ticket."""

from collections.abc import Iterable

from flask import render_template, url_for

from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.forms.base import RequestForm
from helpdesk.forms.registry import request_form
from helpdesk.models.agency import Agency
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import clock
from helpdesk.services.filing import Request
from helpdesk.services.words import moment_in_words
from helpdesk.views.show import pieces
from workflows.engine import Reason
from workflows.guards import LABELS
from workflows.registry import ticket_types
from workflows.ticket_type import TicketType


def form_page(
    kind: TicketType, person: Person, form: RequestForm, reasons: Iterable[Reason], me: Actor
) -> str:
    """The form of a type for one person; `reasons` say why it does not fit, if it doesn't."""
    row = license_of(db.session(), person.id)
    found = list(reasons)
    return render_template(
        "requests/form.html",
        title=kind.label,
        person={"name": person.name, "facts": _facts(person, row),
                "license": pieces.license_shown(row)},
        change_url=url_for("requests.start") if me.staff or me.agencies else None,
        form=form,
        documents=[],
        reasons=[_sentence(reason) for reason in found],
        instead=_instead(found, person),
        submit="Send request to HAND",
        next_steps=_next_steps(kind, person, me),
    )  # fmt: skip


def _facts(person: Person, row: License | None) -> list[tuple[str, str | None]]:
    agency = db.session.get(Agency, row.agency_id) if row and row.agency_id else None
    return [
        ("Username", person.username),
        ("Email on file", person.email),
        ("Agency", agency.name if agency else None),
    ]


def _sentence(reason: Reason) -> str:
    if reason.instead is None:
        return reason.sentence
    right = f"{reason.sentence} The right request is {LABELS[reason.instead]}."
    return right if reason.instead in ticket_types() else f"{right} Please ask HAND for it."


def _instead(reasons: Iterable[Reason], person: Person) -> dict[str, str] | None:
    for reason in reasons:
        kind = ticket_types().get(reason.instead or "")
        if kind is not None:
            url = url_for("requests.file", type_name=kind.name, person=person.id)
            return {"label": f"File {kind.label} instead", "url": url}
    return None


def _next_steps(kind: TicketType, person: Person, me: Actor) -> list[str]:
    by = moment_in_words(clock.business_hours().add(now(), clock.target(kind)))
    told = f"{person.name} and you" if person.email and person.id != me.person_id else "You"
    return [
        f"HAND checks the request. You will hear by {by}.",
        f"{told} get an email at each step.",
        "If something is missing, the email says exactly what.",
    ]


def exists_page(ticket: Ticket, *, same_form: bool, sent: Request | None) -> str:
    person = db.session.get_one(Person, ticket.person_id)
    filer = db.session.get_one(Person, ticket.filer_id)
    return render_template(
        "requests/exists.html",
        ticket={
            "number": ticket.number,
            "url": url_for("tickets.show", ticket_id=ticket.id),
            "type": pieces.type_label(ticket),
            "person": person.name,
            "state": pieces.state_of(ticket),
            "filed_by": filer.name,
            "when": pieces.when(ticket.created_at),
        },
        same_form=same_form,
        differences=_differences(ticket, sent) if sent else [],
    )


def _differences(ticket: Ticket, sent: Request) -> list[dict[str, str | None]]:
    """What the second form says otherwise, in the words of its questions."""
    if ticket.type != sent.type:
        return []
    read_back = request_form(ticket.type).read_back
    pairs = zip(read_back(ticket.fields), read_back(sent.fields), strict=True)
    return [
        {"label": label, "before": before, "now": later}
        for (label, before), (_label, later) in pairs
        if before != later
    ]
