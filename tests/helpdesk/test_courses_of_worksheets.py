"""Courses on the worksheet of a completed request are on file from then on."""

from datetime import date, timedelta

import pytest

from helpdesk.models.completion import Completion, Source, completions_of
from helpdesk.models.document import Document
from helpdesk.models.ticket import Ticket
from helpdesk.services import worksheets
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from workflows.common import BEING_SET_UP
from workflows.guards import RECERTIFY
from workflows.training import STANDARD, Purpose
from workflows.worksheets import RECERTIFICATION

PRIVACY, POLICY = STANDARD.required(None, Purpose.YEARLY)


@pytest.fixture
def lately(cast: Cast) -> date:
    return today() - timedelta(days=30)


def with_worksheet(cast: Cast, **blanks: str) -> Ticket:
    """About to be completed."""
    ticket = factories.ticket(BEING_SET_UP, by=cast, type=RECERTIFY)
    texts = {"course1.name": PRIVACY.label, "course2.name": POLICY.label} | {
        name.replace("__", "."): text for name, text in blanks.items()
    }
    with transaction() as session:
        (document,) = session.query(Document).filter_by(ticket_id=ticket.id)
        document.reading = worksheets.web_reading(RECERTIFICATION, texts, "")
    return ticket


def on_file(ticket: Ticket) -> set[tuple[str, date, int | None, Source]]:
    with transaction() as session:
        found = completions_of(session, [ticket.person_id])
        return {(each.course, each.completed_on, each.score, each.source) for each in found}


def test_those_that_passed_are_kept_with_their_score(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, course1__day=lately.isoformat(), course1__score="91.6",
                            course2__day=lately.isoformat(), course2__score="20 %")  # fmt: skip
    assert on_file(ticket) == set()
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == {(PRIVACY.name, lately, 92, Source.WORKSHEET)}


def test_what_is_on_file_for_that_day_stays(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, course1__day=lately.isoformat(), course1__score="90",
                            course2__day=lately.isoformat(), course2__score="80")  # fmt: skip
    with transaction() as session:
        session.add(Completion(person_id=ticket.person_id, course=PRIVACY.name, score=85,
                               completed_on=lately, source=Source.IMPORT))  # fmt: skip
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == {
        (PRIVACY.name, lately, 85, Source.IMPORT),
        (POLICY.name, lately, 80, Source.WORKSHEET),
    }


def test_without_its_score_nobody_knows_that_a_course_was_passed(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, course1__day=lately.isoformat())
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == set()


def test_a_worksheet_with_another_username_tells_of_none(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, username="somebody.else", course1__day=lately.isoformat(),
                            course1__score="90")  # fmt: skip
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == set()


def test_the_worksheet_of_somebody_else_tells_of_none(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, name="Ana Ruiz", email="ana.ruiz@elsewhere.example",
                            course1__day=lately.isoformat(), course1__score="90")  # fmt: skip
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == set()


def complete_and_crash(ticket: Ticket, cast: Cast) -> None:
    with transaction():
        factories.step(ticket, "provisioned", cast)
        raise ZeroDivisionError


def test_a_step_that_is_undone_keeps_nothing(cast: Cast, lately: date) -> None:
    ticket = with_worksheet(cast, course1__day=lately.isoformat(), course1__score="90")
    with pytest.raises(ZeroDivisionError):
        complete_and_crash(ticket, cast)
    assert on_file(ticket) == set()


def test_a_worksheet_that_nobody_could_read_tells_of_none(cast: Cast) -> None:
    ticket = factories.ticket(BEING_SET_UP, by=cast, type=RECERTIFY)
    factories.step(ticket, "provisioned", cast)
    assert on_file(ticket) == set()
