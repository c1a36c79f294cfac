"""Rules for straight-through approval in tests, and requests that they may approve."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.models.document import Document
from helpdesk.models.event import Event, history
from helpdesk.models.person import Person
from helpdesk.models.reading import How, Reading
from helpdesk.models.straight import StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets, worksheets
from helpdesk.services.facts import today
from helpdesk.services.straight import decide, rules
from helpdesk.services.straight.rules import Standing, Terms
from helpdesk.transaction import transaction
from helpdesk.worksheets.code import Made, check_code
from tests import factories
from tests.factories import Cast
from workflows import license as life
from workflows.guards import NEW_PASSWORD, RECERTIFY
from workflows.request_new_password import PROVED
from workflows.training import STANDARD, Purpose
from workflows.worksheets import RECERTIFICATION

ON = Terms(active=True, share=0, least=0)
"""Switched on, and nothing is drawn as a sample."""

BY_LINK = {"happened": "locked", "note": "", "identity": PROVED}


def switch(terms: Terms = ON, type_name: str = NEW_PASSWORD, by: Actor | None = None) -> Standing:
    seen = rules.standing(db.session(), type_name).version
    manager = by or factories.staff(manager=True)
    return rules.change(type_name, terms, "We have looked at it.", seen, manager)


def by_link(
    cast: Cast, about: Person | None = None, papers: tuple[str, ...] = (), **changes: Any
) -> Ticket:
    """A request for a new password that the licensee files through a mailed link."""
    person = about or factories.licensee(of=cast.agency)
    fields = BY_LINK | changes.pop("fields", {})
    actor = replace(factories.as_licensee(person), **changes)
    asked = factories.request(person, actor, papers=papers, fields=fields)
    return tickets.open_ticket(asked, actor)


def case_of(ticket: Ticket) -> StraightCase | None:
    query = select(StraightCase).where(StraightCase.ticket_id == ticket.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def approvals(ticket: Ticket) -> list[Event]:
    return [e for e in history(db.session(), ticket.id) if e.trigger == "approve_by_rule"]


def judged(cast: Cast, trigger: str) -> Ticket:
    """A sample that a person has judged by this step."""
    row = by_link(cast)
    decide.decide(row.id)
    factories.step(row, "take", cast)
    return factories.step(row, trigger, cast)


def texts(person: Person, cast: Cast, **changed: str) -> dict[str, str]:
    """What stands on a worksheet for this person with which nothing is wrong."""
    day = f"{today() - timedelta(days=30):%m/%d/%Y}"
    lines: dict[str, str] = {}
    for line, course in enumerate(STANDARD.required(None, Purpose.YEARLY), 1):
        lines |= {f"course{line}.name": course.label, f"course{line}.day": day,
                  f"course{line}.score": "95"}  # fmt: skip
    return {
        "name": person.name, "username": person.username or "", "email": person.email or "",
        "agency": cast.agency.name, "user.signature": person.name, "user.signed_on": day,
        "admin.name": cast.admin.name, "admin.signature": cast.admin.name, "admin.signed_on": day,
        **lines, **changed,
    }  # fmt: skip


def code_for(person: Person) -> str:
    sheet = RECERTIFICATION
    made = Made(sheet.number, sheet.version, person.username or "")
    return check_code(settings().SECRET_KEY, made)


def recertification(
    cast: Cast,
    person: Person | None = None,
    by: Actor | None = None,
    reading: Reading | None = None,
    **changes: Any,
) -> Ticket:
    """One whose worksheet has been read; without a `reading`, with nothing wrong."""
    person = person or factories.licensee(life.EXPIRED, of=cast.agency)
    by = by or cast.admin
    asked = factories.request(person, by, type=RECERTIFY, **changes)
    found = worksheets.web_reading(RECERTIFICATION, texts(person, cast), code_for(person))
    right = replace(found, how=How.FIELDS)
    with transaction() as session:
        (paper,) = session.query(Document).filter_by(form_key=asked.form_key)
        paper.reading = reading or right
        return tickets.open_ticket(asked, by)
