"""Completions of the Learning Center: they fill in forms, and stand beside a ticket for HAND."""

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
from tests.web.conftest import Visit
from workflows import license as life
from workflows.dates import in_words
from workflows.guards import RECERTIFY

PRIVACY, POLICY = "Basic Privacy & Security", "Policy & Procedure"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(life.EXPIRED, of=cast.agency)


@pytest.fixture
def lately(cast: Cast) -> date:
    return today() - timedelta(days=20)


def learned(about: Person, course: str, on: date, score: int | None = 90) -> None:
    with transaction() as session:
        session.add(Completion(person_id=about.id, course=course, completed_on=on, score=score,
                               source=Source.IMPORT))  # fmt: skip


def form_path(about: Person) -> str:
    return f"/requests/new/{RECERTIFY}?person={about.id}"


def filed(about: Person, cast: Cast) -> Ticket:
    return factories.ticket(by=cast, about=about, type=RECERTIFY)


def typed(ticket: Ticket, course: str) -> date:
    told: dict[str, str] = ticket.fields["courses"]
    return date.fromisoformat(told[course])


def test_a_form_is_filled_in_with_what_counts_and_says_where_it_is_from(
    cast: Cast, ann: Person, lately: date, visit: Visit
) -> None:
    learned(ann, "basic_privacy", lately)
    learned(ann, "basic_privacy", lately - timedelta(days=90))
    learned(ann, "policy_procedure", today() - timedelta(days=400))
    page = visit(cast.admin).get(form_path(ann))
    values = page.form_with("course_basic_privacy").values()
    assert values["course_basic_privacy"] == lately.isoformat()
    assert values["course_policy_procedure"] == ""
    assert page.words.count("On file: completed") == 1
    assert f"On file: completed {in_words(lately)}." in page.words


def test_what_did_not_pass_or_is_of_somebody_else_fills_in_nothing(
    cast: Cast, ann: Person, lately: date, visit: Visit
) -> None:
    learned(ann, "basic_privacy", lately, score=60)
    learned(factories.licensee(life.EXPIRED, of=cast.agency), "policy_procedure", lately)
    page = visit(cast.admin).get(form_path(ann))
    assert "On file: completed" not in page.words
    assert page.form_with("course_basic_privacy").values()["course_basic_privacy"] == ""


def test_what_is_typed_stays_typed(
    cast: Cast, ann: Person, lately: date, visit: Visit
) -> None:
    learned(ann, "basic_privacy", lately)
    other = lately - timedelta(days=3)
    page = visit(cast.admin).fill(form_path(ann), course_basic_privacy=other.isoformat())
    values = page.form_with("course_basic_privacy").values()
    assert values["course_basic_privacy"] == other.isoformat()


def test_staff_read_whether_what_was_typed_is_on_file(
    cast: Cast, ann: Person, lately: date, visit: Visit
) -> None:
    ticket = filed(ann, cast)
    learned(ann, "basic_privacy", typed(ticket, "basic_privacy"))
    learned(ann, "policy_procedure", lately - timedelta(days=1))
    words = visit(cast.sam).get(f"/tickets/{ticket.id}").words
    day = in_words(typed(ticket, "basic_privacy"))
    assert f"On file: {PRIVACY} was completed on {day}, as typed." in words
    day, other = in_words(lately - timedelta(days=1)), in_words(typed(ticket, "policy_procedure"))
    assert f"On file: {POLICY} was completed on {day}, but typed is {other}." in words
    assert "On file: " not in visit(cast.admin).get(f"/tickets/{ticket.id}").words


def test_staff_read_what_did_not_pass_and_what_is_not_on_file(
    cast: Cast, ann: Person, lately: date, visit: Visit
) -> None:
    ticket = filed(ann, cast)
    learned(ann, "basic_privacy", lately, score=60)
    words = visit(cast.sam).get(f"/tickets/{ticket.id}").words
    passed_not = f"{PRIVACY} was taken on {in_words(lately)} with 60 %, which does not pass."
    assert passed_not in words
    assert f"{POLICY} is not on file." in words


def test_of_whom_no_list_has_told_nothing_is_said(cast: Cast, ann: Person, visit: Visit) -> None:
    ticket = filed(ann, cast)
    assert db.session.query(Completion).count() == 0
    words = visit(cast.sam).get(f"/tickets/{ticket.id}").words
    assert "Learning Center" not in words
