"""Which recertifications the desk approves by a rule, and which go to a person."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from helpdesk.extensions import db
from helpdesk.models.document import Document, Scan, documents_of
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.reading import How, Reading
from helpdesk.models.straight import Outcome
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, tickets, worksheets
from helpdesk.services.facts import people_of, today
from helpdesk.services.straight import decide, rules
from helpdesk.services.straight.measure import measured
from helpdesk.services.straight.rules import Terms
from helpdesk.transaction import transaction
from helpdesk.worksheets.make import Filled, make
from tests import factories
from tests.factories import Cast
from tests.helpdesk.straight import (
    ON,
    approvals,
    case_of,
    code_for,
    recertification,
    switch,
    texts,
)
from tests.support.worksheets import flattened, scanned
from workflows import license as life
from workflows.common import APPROVED, SUBMITTED
from workflows.guards import NEW_PASSWORD, RECERTIFY
from workflows.papers import OTHER, RECERTIFICATION_WORKSHEET
from workflows.straight_facts import Measure
from workflows.training import STANDARD, Purpose
from workflows.worksheets import NEW_USER, RECERTIFICATION

pytestmark = pytest.mark.usefixtures("clock")

APPROVES, SAMPLES, LEAVES = Outcome.APPROVED, Outcome.SAMPLED, Outcome.PERSON


def right(cast: Cast, person: Person) -> Reading:
    found = worksheets.web_reading(RECERTIFICATION, texts(person, cast), code_for(person))
    return replace(found, how=How.FIELDS)


def reads(**changed: str) -> Callable[[Cast, Person], Reading]:
    return lambda cast, person: worksheets.web_reading(
        RECERTIFICATION, texts(person, cast, **changed), code_for(person)
    )


def with_code(code: str) -> Callable[[Cast, Person], Reading]:
    return lambda cast, person: replace(right(cast, person), code=code)


def unread(_cast: Cast, _person: Person) -> Reading:
    return Reading(How.NOT, fault="unknown")


def printed(cast: Cast, person: Person) -> Reading:
    return replace(right(cast, person), how=How.PRINTED)


def of_another_maker(cast: Cast, person: Person) -> Reading:
    return Reading(How.NAMES, values=right(cast, person).values)


def wrong_sheet(cast: Cast, person: Person) -> Reading:
    return replace(right(cast, person), form=NEW_USER.number, version=NEW_USER.version)


@dataclass(frozen=True)
class Line:
    outcome: Outcome
    reading: Callable[[Cast, Person], Reading] = right
    terms: Terms | None = ON
    fields: dict[str, Any] | None = None


TABLE = {
    "on, everything passes": Line(APPROVES),
    "on, printed and read": Line(APPROVES, printed),
    "no rule yet": Line(SAMPLES, terms=None),
    "switched off": Line(SAMPLES, terms=replace(ON, active=False)),
    "not tried enough": Line(SAMPLES, terms=replace(ON, least=3)),
    "drawn": Line(SAMPLES, terms=replace(ON, share=100)),
    "a scan": Line(LEAVES, unread),
    "a scan, and off": Line(LEAVES, unread, terms=None),
    "a form of another maker": Line(LEAVES, of_another_maker),
    "the code of somebody else": Line(LEAVES, with_code("ABCD-EFGH")),
    "no code that can be read": Line(LEAVES, with_code("")),
    "another worksheet": Line(LEAVES, wrong_sheet),
    "another name": Line(LEAVES, reads(name="Robin Else")),
    "another email": Line(LEAVES, reads(email="robin@agency.example")),
    "no signature": Line(LEAVES, reads(**{"user.signature": ""})),
    "nobody named who verified it": Line(LEAVES, reads(**{"admin.name": ""})),
    "a low score": Line(LEAVES, reads(**{"course1.score": "41"})),
    "no score of a course with a quiz": Line(LEAVES, reads(**{"course1.score": ""})),
    "another day than on the form": Line(LEAVES, reads(**{"course1.day": "10/01/2026"})),
    "a note": Line(LEAVES, fields={"note": "Please call us."}),
}


@pytest.mark.parametrize("line", TABLE.values(), ids=TABLE)
def test_the_rule_approves_what_passes_every_check_and_nothing_else(
    cast: Cast, line: Line
) -> None:
    person = factories.licensee(life.EXPIRED, of=cast.agency)
    if line.terms is not None:
        switch(line.terms, RECERTIFY)
    row = filed_to_judge(cast, person, line.reading(cast, person), line.fields or {})

    assert decide.run() == 1

    case = case_of(row)
    assert case is not None
    assert case.outcome is line.outcome, case.reasons
    assert db.session.get_one(Ticket, row.id).state == (
        APPROVED if line.outcome is APPROVES else SUBMITTED
    )


def filed_to_judge(
    cast: Cast, person: Person, reading: Reading, fields: dict[str, Any]
) -> Ticket:
    """As where a site lets faulty worksheets through for staff to judge."""
    row = recertification(cast, person, fields=fields)
    with transaction() as session:
        held = session.get_one(Ticket, row.id)
        (paper,) = people_of(session, held).documents
        paper.reading = reading
    return row


def test_what_the_licensee_files_goes_to_a_person(cast: Cast) -> None:
    switch(type_name=RECERTIFY)
    person = factories.licensee(life.EXPIRED, of=cast.agency)
    row = recertification(cast, person, factories.as_licensee(person))
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES
    assert "The licensee filed it: nobody else has looked at the worksheet." in case.reasons


def test_what_staff_enter_for_an_admin_goes_to_a_person(cast: Cast) -> None:
    switch(type_name=RECERTIFY)
    person = factories.licensee(life.EXPIRED, of=cast.agency)
    row = recertification(cast, person, cast.sam, filer_id=cast.admin.person_id)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES
    assert "HAND entered it for somebody." in case.reasons


def test_a_renewal_that_gains_little_goes_to_a_person(cast: Cast) -> None:
    switch(type_name=RECERTIFY)
    person = factories.licensee(life.ACTIVE, of=cast.agency)
    with transaction() as session:
        held = license_of(session, person.id)
        assert held is not None
        held.expires_on = today() + timedelta(days=50)
    old = (today() - timedelta(days=300)).isoformat()
    names = [course.name for course in STANDARD.required(None, Purpose.YEARLY)]
    day = f"{today() - timedelta(days=300):%m/%d/%Y}"
    days = {f"course{line}.day": day for line in range(1, len(names) + 1)}
    row = recertification(cast, person, reading=reads(**days)(cast, person),
                          fields={"courses": dict.fromkeys(names, old)})  # fmt: skip
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES
    assert len(case.reasons) == 1
    assert "hardly longer than now" in case.reasons[0]


def test_what_a_person_reads_otherwise_is_a_fault_though_they_approve(cast: Cast) -> None:
    switch(replace(ON, share=100), RECERTIFY)
    rows = [recertification(cast), recertification(cast)]
    decide.run()
    (paper,) = documents_of(db.session(), rows[0].id)
    worksheets.correct(paper.id, "course1.score", "88", cast.joan)
    for row in rows:
        factories.step(row, "take", cast)
        factories.step(row, "approve", cast)
    assert measured(db.session(), RECERTIFY, 30) == Measure(2, 1)


def test_each_type_has_its_own_rule(cast: Cast) -> None:
    switch(type_name=NEW_PASSWORD)
    row = recertification(cast)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is SAMPLES
    assert rules.standing(db.session(), RECERTIFY).version == 0


@pytest.mark.parametrize(
    "changed", [{"scan": Scan.HELD}, {"looks_private": True}, {"kind": OTHER}], ids=str
)
def test_a_document_that_somebody_should_see_goes_to_a_person(
    cast: Cast, changed: dict[str, Any]
) -> None:
    switch(type_name=RECERTIFY)
    row = recertification(cast)
    with transaction() as session:
        (paper,) = session.query(Document).filter_by(ticket_id=row.id)
        for name, value in changed.items():
            setattr(paper, name, value)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES
    assert "A document is attached that a person should see." in case.reasons


def pdf_for(cast: Cast, person: Person) -> bytes:
    """As it is downloaded for this person, and filled in by a viewer."""
    known = texts(person, cast)
    courses = [course.label for course in STANDARD.required(None, Purpose.YEARLY)]
    printed_ones = {name: known[name] for name in ("name", "username", "email", "agency")}
    made = make(RECERTIFICATION, Filled(printed_ones, courses, code_for(person)))
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made))
    typed = {name: text for name, text in known.items() if name not in printed_ones}
    for page in writer.pages:
        writer.update_page_form_field_values(page, typed, auto_regenerate=False)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("way", "outcome"),
    [(bytes, APPROVES), (flattened, APPROVES), (scanned, LEAVES)],
    ids=["filled in", "printed", "scanned"],
)
def test_a_real_worksheet_goes_straight_through_unless_it_is_a_scan(
    cast: Cast, way: Callable[[bytes], bytes], outcome: Outcome
) -> None:
    switch(type_name=RECERTIFY)
    person = factories.licensee(life.EXPIRED, of=cast.agency)
    asked = factories.request(person, cast.admin, type=RECERTIFY, papers=())
    drafts.add(cast.admin.person_id or 0, asked.form_key, RECERTIFICATION_WORKSHEET,
               "worksheet.pdf", io.BytesIO(way(pdf_for(cast, person))))  # fmt: skip
    row = tickets.open_ticket(asked, cast.admin)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is outcome, case.reasons
    assert len(approvals(row)) == (outcome is APPROVES)
