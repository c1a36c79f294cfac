"""Rules for straight-through approval in tests, and requests that they may approve."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.event import Event, history
from helpdesk.models.person import Person
from helpdesk.models.straight import StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.straight import decide, rules
from helpdesk.services.straight.rules import Standing, Terms
from tests import factories
from tests.factories import Cast
from workflows.guards import NEW_PASSWORD
from workflows.request_new_password import PROVED

ON = Terms(active=True, share=0, least=0)
"""Switched on, and nothing is drawn as a sample."""

BY_LINK = {"happened": "locked", "note": "", "identity": PROVED}


def switch(terms: Terms = ON, type_name: str = NEW_PASSWORD, by: Actor | None = None) -> Standing:
    seen = rules.standing(db.session(), type_name).version
    manager = by or factories.staff(manager=True)
    return rules.change(type_name, terms, "We have looked at it.", seen, manager)


def by_link(cast: Cast, about: Person | None = None, **changes: Any) -> Ticket:
    """A request for a new password that the licensee files through a mailed link."""
    person = about or factories.licensee(of=cast.agency)
    fields = BY_LINK | changes.pop("fields", {})
    actor = replace(factories.as_licensee(person), **changes)
    return tickets.open_ticket(factories.request(person, actor, fields=fields), actor)


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
