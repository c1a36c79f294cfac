"""The days of courses that a worksheet tells: they come with it, go with it, and leave alone what
somebody typed. Without scripts."""

import re
from datetime import date, timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.completion import Completion, Source
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web import worksheets
from tests.web.conftest import Visit
from tests.web.filing import day
from tests.web.markup import Answer
from tests.web.test_worksheets_on_forms import send
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW
from workflows.guards import NEW_USER, RECERTIFY
from workflows.license import EXPIRED
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET

PRIVACY, POLICY = "course_basic_privacy", "course_policy_procedure"
ADD = {"add-documents": "1"}


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(EXPIRED, of=cast.agency)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


def form_of(dana: Visitor, ann: Person) -> Answer:
    return dana.get(f"/requests/new/{RECERTIFY}?person={ann.id}")


def sheet(dana: Visitor, ann: Person, ago: int = 30) -> dict[str, bytes]:
    """One on which both courses were completed that long ago."""
    then = worksheets.days_ago(ago)
    data = worksheets.recertification(dana, ann.id, course1__day=then, course2__day=then)
    return {WORKSHEET: data}


def remove(dana: Visitor, page: Answer, **typed: str) -> Answer:
    """The file that came first."""
    found = re.search(r'name="remove-document" value="(\d+)"', page.text)
    assert found is not None
    return send(dana, page, {}, **{"remove-document": found[1], **typed})


def shown(page: Answer) -> tuple[str, str]:
    values = page.form_with(PRIVACY).values()
    return values[PRIVACY], values[POLICY]


@pytest.mark.parametrize("type_name", [RECERTIFY, NEW_USER])
def test_documents_come_before_the_days_that_they_tell(
    dana: Visitor, ann: Person, type_name: str
) -> None:
    person = f"?person={ann.id}" if type_name == RECERTIFY else ""
    text = dana.get(f"/requests/new/{type_name}{person}").text
    assert text.index('id="h-docs"') < text.index("<legend>Courses") < text.index('name="note"')


def test_they_go_with_it_and_what_was_changed_stays(dana: Visitor, ann: Person) -> None:
    page = send(dana, form_of(dana, ann), sheet(dana, ann), **ADD)
    assert shown(page) == (day(30), day(30))
    assert shown(remove(dana, page)) == ("", "")
    page = send(dana, form_of(dana, ann), sheet(dana, ann), **ADD)
    assert shown(remove(dana, page, **{PRIVACY: day(12)})) == (day(12), "")


def test_what_was_typed_before_stays_when_it_goes(dana: Visitor, ann: Person) -> None:
    page = send(dana, form_of(dana, ann), sheet(dana, ann), **{POLICY: day(30), **ADD})
    assert shown(page) == (day(30), day(30))
    assert shown(remove(dana, page)) == ("", day(30))


def test_those_of_another_one_take_their_place(dana: Visitor, ann: Person) -> None:
    page = send(dana, form_of(dana, ann), sheet(dana, ann), **ADD)
    page = send(dana, page, sheet(dana, ann, 20), **ADD)
    assert shown(page) == (day(20), day(20))
    assert "typed is" not in page.words


def test_a_request_without_its_worksheet_lacks_the_days_again(dana: Visitor, ann: Person) -> None:
    page = remove(dana, send(dana, form_of(dana, ann), sheet(dana, ann), **ADD))
    refused = send(dana, page, {})
    assert "Basic Privacy & Security is required: say when it was completed." in refused.words
    assert db.session.query(Ticket).count() == 0


def test_what_is_on_file_gives_way_to_it_and_comes_back(dana: Visitor, ann: Person) -> None:
    on_file = today() - timedelta(days=100)
    with transaction() as session:
        session.add(Completion(person_id=ann.id, course="basic_privacy", completed_on=on_file,
                               source=Source.HAND))  # fmt: skip
    begun = form_of(dana, ann)
    assert shown(begun) == (on_file.isoformat(), "")
    page = send(dana, begun, sheet(dana, ann), **ADD)
    assert shown(page) == (day(30), day(30))
    assert shown(remove(dana, page)) == (on_file.isoformat(), "")


def waiting(ann: Person, cast: Cast) -> tuple[Ticket, str]:
    """HAND asks for the worksheet once more; and the day that the request told of each course."""
    ticket = factories.ticket(IN_REVIEW, by=cast, about=ann, type=RECERTIFY)
    factories.step(ticket, "ask_for_more", cast, papers=[WORKSHEET])
    told: dict[str, str] = ticket.fields["courses"]
    return ticket, told["basic_privacy"]


def test_an_answer_takes_them_over_from_a_new_worksheet(
    dana: Visitor, ann: Person, cast: Cast
) -> None:
    ticket, before = waiting(ann, cast)
    page = dana.get(f"/tickets/{ticket.id}/answer")
    assert shown(page) == (before, before)
    assert page.text.index('id="h-docs"') < page.text.index(PRIVACY) < page.text.index("<textarea")
    page = send(dana, page, sheet(dana, ann, 11), message="Here.", **ADD)
    assert shown(page) == (day(11), day(11))
    assert "typed is" not in page.words
    assert shown(remove(dana, page)) == (before, before)
    send(dana, page, sheet(dana, ann, 10), message="Here.")
    kept = db.session.get_one(Ticket, ticket.id, populate_existing=True)
    assert date.fromisoformat(kept.fields["courses"]["policy_procedure"]) == date.fromisoformat(
        day(10)
    )
