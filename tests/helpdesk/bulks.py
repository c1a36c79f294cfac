"""An agency whose people are to be recertified together, for tests of bulks."""

import io
from dataclasses import dataclass
from datetime import date, timedelta

from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.models.agency import Agency
from helpdesk.models.bulk import Bulk
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services.bulks import keeping, lines, people
from helpdesk.services.bulks.lines import Line, Whole
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.support.filled_sheets import Holder, worksheet_of
from workflows import license as life

LEVEL = "case_manager_1"


def expired(of: Agency, count: int = 1, state: str = life.EXPIRED) -> list[Person]:
    """People whose license has expired, with a role that needs three courses."""
    found = [factories.licensee(state, of=of) for _ in range(count)]
    with transaction() as session:
        for each in found:
            held(each).access_level = LEVEL
        session.flush()
    return [db.session.get_one(Person, each.id) for each in found]


def held(who: Person) -> License:
    row = license_of(db.session(), who.id)
    assert row is not None
    return row


def lately() -> date:
    return today() - timedelta(days=40)


def sheet(who: Person, of: Agency, **changed: str) -> bytes:
    """A worksheet of theirs, right unless `changed` says otherwise."""
    holder = Holder(who.name, who.username or "", who.email or "", of.name, LEVEL)
    return worksheet_of(holder, settings().SECRET_KEY, lately(), **changed)


@dataclass
class Desk:
    """A bulk as its owner works on it."""

    actor: Actor
    agency: Agency
    bulk_id: int

    @property
    def bulk(self) -> Bulk:
        return db.session.get_one(Bulk, self.bulk_id)

    def read(self) -> Whole:
        return lines.read(db.session(), self.bulk, [self.agency.id], self.actor)

    def line(self, who: Person) -> Line:
        return next(line for line in self.read().lines if line.person.id == who.id)

    def bring(self, data: bytes, name: str = "sheet.pdf", whose: int | None = None) -> int | None:
        """A worksheet arrives; whose it was taken for."""
        there = people.members(db.session(), [self.agency.id])
        return keeping.take(self.bulk, there, name, io.BytesIO(data), whose)


def begun(actor: Actor, agency: Agency, *ticked: Person) -> Desk:
    assert actor.person_id is not None
    asked = keeping.Asked(actor.person_id, actor.person_id)
    return Desk(actor, agency, keeping.set_up(asked, {each.id: {} for each in ticked}))
