"""The pages around filing: the form itself, and the one that leads to an earlier ticket."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for

from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm, Section
from helpdesk.forms.registry import request_form
from helpdesk.models.agency import Agency
from helpdesk.models.document import Document
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services import clock, tickets
from helpdesk.services.facts import grid_of
from helpdesk.services.filing import Request
from helpdesk.services.words import moment_in_words
from helpdesk.views.brought import judge_on
from helpdesk.views.show import pieces
from helpdesk.views.show.attaching import attaching
from helpdesk.views.show.documents import DocumentBox, downloads, draft_shown
from helpdesk.views.uploads import Arrived
from workflows.engine import Party, Reason
from workflows.guards import LABELS
from workflows.registry import ticket_types
from workflows.ticket_type import TicketType


@dataclass(frozen=True)
class Again:
    """An ended request that is filed again; `keep` are those of its documents that come along."""

    ticket: Ticket
    documents: list[Document]
    keep: list[Document]


@dataclass(frozen=True)
class Page:
    """What the page of a form is made of."""

    kind: TicketType
    about: About
    form: RequestForm
    again: Again | None
    arrived: Arrived
    meant: Person | None = None


def form_page(page: Page, reasons: Iterable[Reason]) -> str:
    """The form of a type for one person; `reasons` say why it does not fit, if it doesn't.

    What was sent already stays on the page, whatever speaks against it."""
    kind, me = page.kind, page.about.actor
    found, person = _telling(reasons), page.about.person or page.meant
    instead = _instead(found, person)
    beyond = _beyond(instead, person, me)
    box = _documents(page)
    return render_template(
        "requests/form.html",
        title=kind.label,
        person=_person(page.about),
        change_url=url_for("requests.start") if me.staff or me.agencies else None,
        form=page.form,
        **_sections(page.form),
        documents=box,
        again=_again(page.again),
        reasons=[*map(_sentence, found), *beyond],
        instead=None if beyond else _link(instead, person) or _mend(found, page.about),
        keep=request.method == "POST",
        submit="Send request to HAND",
        next_steps=_next_steps(page, waits=box is not None and box.waits),
    )


def _person(about: About) -> dict[str, Any] | None:
    """None: somebody who is not on file yet."""
    if about.person is None:
        return None
    return {"name": about.person.name, "facts": _facts(about.person, about.license),
            "license": pieces.license_shown(about.license)}  # fmt: skip


def _sections(form: RequestForm) -> dict[str, list[dict[str, Any]]]:
    """The inputs by their part of the form; those of no part come first. The documents stand
    between: what is read there fills in the dates of courses, `after` them."""
    named = {name for section in form.sections for name in section.names}
    loose = [f.name for f in form if f.name not in named and f.type not in UNSEEN]
    parts = [Section("", tuple(loose)), *form.sections]
    filled_in = next((n for n, part in enumerate(parts) if part.courses), len(parts))
    return {"sections": _parts(form, parts[:filled_in]), "after": _parts(form, parts[filled_in:])}


def _parts(form: RequestForm, parts: Iterable[Section]) -> list[dict[str, Any]]:
    return [
        {"title": part.title, "hint": part.hint, "courses": part.courses,
         "fields": [form[name] for name in part.names if name in form]}
        for part in parts
        if any(name in form for name in part.names)
    ]  # fmt: skip


UNSEEN = {"HiddenField", "CSRFTokenField"}


def _documents(page: Page) -> DocumentBox | None:
    """What has to be attached, and what has arrived already."""
    if not page.kind.papers:
        return None
    kept = page.again.keep if page.again else ()
    missing = page.form.about_documents
    judge = judge_on(page.kind, page.about, page.form)
    box = attaching(page.about.actor, page.form.key.data or "", page.kind.papers, kept,
                    missing | page.arrived.errors, judge)  # fmt: skip
    person = page.about.person
    about: dict[str, Any] = {"type": page.kind.name, "person": person.id if person else None,
                             "again": page.again.ticket.id if page.again else None}  # fmt: skip
    level = page.form.access_level.data if "access_level" in page.form else None
    found = downloads(page.kind.name, page.kind.papers, about["person"], level)
    return replace(box, incomplete=bool(missing), about=about, downloads=found,
                   done=page.arrived.done)  # fmt: skip


def _again(again: Again | None) -> dict[str, Any] | None:
    if again is None:
        return None
    kept = {document.id for document in again.keep}
    shown = [(draft_shown(d), d.id in kept) for d in again.documents]
    return {
        "number": again.ticket.number,
        "url": url_for("tickets.show", ticket_id=again.ticket.id),
        "documents": shown,
    }


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


def _telling(reasons: Iterable[Reason]) -> list[Reason]:
    """Where another request is the right one, all else against this one is beside the point."""
    found = list(reasons)
    return [reason for reason in found if reason.instead] or found


def _instead(reasons: Iterable[Reason], person: Person | None) -> TicketType | None:
    kinds = (ticket_types().get(reason.instead or "") for reason in reasons)
    return next((kind for kind in kinds if kind is not None and person is not None), None)


def _beyond(instead: TicketType | None, person: Person | None, me: Actor) -> list[str]:
    """Why the right request is not for the reader either, and who can file it."""
    if instead is None:
        return []
    reasons = tickets.why_not_file(db.session(), instead, person, me)
    return [reason.sentence for reason in reasons]


def _link(instead: TicketType | None, person: Person | None) -> dict[str, str] | None:
    if instead is None or person is None:
        return None
    url = url_for("requests.file", type_name=instead.name, person=person.id)
    return {"label": f"File {instead.label} instead", "url": url}


def _mend(reasons: Collection[Reason], about: About) -> dict[str, str] | None:
    """What a manager can put right at once."""
    person = about.person
    if not reasons or person is None or person.username is not None or not about.actor.manager:
        return None
    url = url_for("manage.person_username", person_id=person.id)
    return {"label": f"Add the username of {person.name}", "url": url}


def _next_steps(page: Page, *, waits: bool) -> list[str]:
    person, me = page.about.person, page.about.actor
    by = moment_in_words(clock.business_hours().add(now(), clock.target(page.kind)))
    told = f"{person.name} and you" if person and person.email else "The person and you"
    if person is not None and (person.id == me.person_id or not person.email):
        told = "You"
    return [
        "HAND checks the request after all have signed." if waits
        else f"HAND checks the request. You will hear by {by}.",
        f"{told} get an email at each step.",
        "If something is missing, the email says exactly what.",
    ]


def choice_page(me: Actor) -> str:
    """What a licensee can ask for themselves, each with the reason against it, if there is one."""
    session = db.session()
    person = session.get_one(Person, me.person_id)
    row = license_of(session, person.id)
    kinds = [kind for kind in ticket_types().values() if Party.LICENSEE in kind.filers]
    return render_template(
        "requests/choice.html",
        license=pieces.license_shown(row),
        choices=sorted((_choice(kind, person, me) for kind in kinds), key=_refused),
    )


def _choice(kind: TicketType, person: Person, me: Actor) -> dict[str, Any]:
    reasons = _telling(tickets.why_not_file(db.session(), kind, person, me))
    return {
        "label": kind.label,
        "summary": kind.for_me or kind.summary,
        "url": url_for("requests.file", type_name=kind.name, person=person.id),
        "reasons": [sentence for reason in reasons for sentence in _for_me(reason)],
    }


def _refused(choice: dict[str, Any]) -> bool:
    return bool(choice["reasons"])


def _for_me(reason: Reason) -> list[str]:
    """Why not; and who files the right request, where licensees do not."""
    right = ticket_types().get(reason.instead or "")
    if right is None or Party.LICENSEE in right.filers:
        return [reason.sentence]
    return [reason.sentence, f"Ask your agency’s admin to file {right.label} for you."]


def exists_page(
    ticket: Ticket, *, same_form: bool, sent: Request | None, unsent: Collection[str]
) -> str:
    """`unsent` are the names of files that came with a form sent again."""
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
        unsent=list(unsent),
        differences=_differences(ticket, sent) if sent else [],
    )


def sent_page(ticket_id: int) -> str:
    """For somebody who has sent it and may not see it any more: that HAND has it."""
    return render_template("requests/sent.html", number=number_of(ticket_id))


def taken_page(ticket: Ticket) -> str:
    """For somebody who may not see the ticket: that there is one, and nothing else about it."""
    return render_template("requests/taken.html", type=pieces.type_label(ticket))


def _differences(ticket: Ticket, sent: Request) -> list[dict[str, str | None]]:
    """What the second form says otherwise, in the words of its questions; either may leave some
    of them out."""
    if ticket.type != sent.type:
        return []
    read_back, grid = request_form(ticket.type).read_back, grid_of(db.session(), ticket)
    before, later = dict(read_back(ticket.fields, grid)), dict(read_back(sent.fields, grid))
    return [
        {"label": label, "before": before.get(label), "now": later.get(label)}
        for label in before | later
        if before.get(label) != later.get(label)
    ]
