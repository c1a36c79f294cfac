"""Requests whose worksheets are to be looked at: what was read of them, right and wrong."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.reading import How, Reading, Value
from helpdesk.models.ticket import Ticket
from helpdesk.services import documents
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from helpdesk.worksheets.layout import lay_out
from tests import factories
from tests.support.papers import page
from workflows.common import IN_REVIEW
from workflows.guards import RECERTIFY
from workflows.training import STANDARD, Purpose
from workflows.worksheets import RECERTIFICATION

LEVEL = "case_manager_2"


def right(
    name: str, username: str, email: str, agency: str, *, level: str, day: date
) -> dict[str, str]:
    """What stands on a worksheet that is right, by the names of its blanks. `day`: when the courses
    were completed, and all who had to sign did."""
    courses, at = STANDARD.required(level, Purpose.YEARLY), f"{day:%m/%d/%Y}"
    lines = {f"course{n}.name": course.label for n, course in enumerate(courses, 1)}
    days = {f"course{n}.day": at for n, _course in enumerate(courses, 1)}
    scores = {f"course{n}.score": "92" for n, _course in enumerate(courses, 1)}
    signed = {f"{who}.{what}": text for who in ("user", "admin")
              for what, text in (("signature", "A name"), ("signed_on", at))}  # fmt: skip
    return {"name": name, "username": username, "email": email, "agency": agency,
            "admin.name": "Dana Price", **lines, **days, **scores, **signed}  # fmt: skip


def read_of(texts: Mapping[str, str]) -> Reading:
    """As it is read of the fields of a form, each in its place, without a check code."""
    values = {
        place.blank.name: Value(texts[place.blank.name], place.page,
                                (place.box.x, place.box.y, place.box.width, place.box.height))
        for place in lay_out(RECERTIFICATION).places if place.blank.name in texts
    }  # fmt: skip
    return Reading(How.FIELDS, RECERTIFICATION.number, RECERTIFICATION.version, values=values)


def to_review(cast: factories.Cast, state: str = IN_REVIEW, **wrong: str) -> tuple[Ticket, int]:
    """A recertification in review, and its worksheet as it was read. `wrong`: what stands there
    instead, with `__` for a point."""
    ticket = factories.ticket(state, by=cast, type=RECERTIFY)
    with transaction() as session:
        (document,) = session.query(Document).filter_by(ticket_id=ticket.id)
        person = session.get_one(Person, ticket.person_id)
        session.query(License).filter_by(person_id=person.id).one().access_level = LEVEL
        texts = right(person.name, person.username or "", person.email or "", cast.agency.name,
                      level=LEVEL, day=today() - timedelta(days=30))  # fmt: skip
        texts |= {name.replace("__", "."): text for name, text in wrong.items()}
        content = page("Worksheet")
        document.sha256 = documents.store().put(io.BytesIO(content), len(content)).sha256
        document.reading = read_of(texts)
    return ticket, document.id


def unread(document_id: int, fault: str = "unknown") -> None:
    """As of a scan: nothing could be read."""
    with transaction() as session:
        session.get_one(Document, document_id).reading = Reading(How.NOT, fault=fault)


def sent_anew(document_id: int) -> int:
    """The same file comes once more, and counts in place of the first."""
    with transaction() as session:
        first = session.get_one(Document, document_id)
        columns = ("ticket_id", "owner_id", "kind", "name", "content_type", "size", "sha256",
                   "reading")  # fmt: skip
        later = Document(**{name: getattr(first, name) for name in columns})
        session.add(later)
        session.flush()
        return later.id
