"""Tickets that wait on the agency: reminded of twice, then closed, in HAND's business days."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.event import Event, history
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.sweep.run import sweep
from tests import factories
from tests.factories import Cast
from tests.filings import upload
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import mails_of
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common, papers
from workflows.guards import NEW_USER
from workflows.license import ACTIVE

pytestmark = pytest.mark.usefixtures("clock")

DAY = timedelta(days=1)


@pytest.fixture
def waiting(cast: Cast) -> Ticket:
    """Asked for more on a Monday at ten; Thursday of that week is Thanksgiving."""
    return factories.ticket(common.WAITING, by=cast)


def steps(row: Ticket) -> list[str]:
    """What the sweep made of it."""
    names = {"remind", "close_no_response"}
    return [event.trigger for event in history(db.session(), row.id) if event.trigger in names]


def state_of(row: Ticket) -> str:
    return db.session.scalars(select(Ticket.state).where(Ticket.id == row.id)).one()


def test_two_reminders_then_it_is_closed(waiting: Ticket, cast: Cast, clock: FakeClock) -> None:
    seen: dict[int, list[str]] = {}
    for day in range(1, 15):
        clock.pass_by(DAY)
        before = len(steps(waiting))
        assert sweep().well
        if made := steps(waiting)[before:]:
            seen[day] = made
    assert seen == {2: ["remind"], 8: ["remind"], 10: ["close_no_response"]}
    assert state_of(waiting) == common.CLOSED
    told = [name for name, _who in mails_of(waiting)]
    assert told == ["reminder"] * 4 + ["closed_no_response"] * 2


def test_sunday_and_a_second_sweep_change_nothing(
    waiting: Ticket, clock: FakeClock, dump: Callable[[], Dump]
) -> None:
    clock.pass_by(2 * DAY)
    sweep()
    before = dump()
    sweep()
    clock.pass_by(4 * DAY)
    sweep()
    assert dump() == before


def test_after_missed_days_the_nearest_reminder_is_sent_or_it_is_closed_at_once(
    waiting: Ticket, cast: Cast, clock: FakeClock
) -> None:
    clock.pass_by(9 * DAY)
    other = factories.ticket(common.WAITING, by=cast)
    sweep()
    assert [event.data.get("day") for event in history(db.session(), waiting.id)][-1] == 5
    assert (steps(waiting), steps(other)) == (["remind"], [])
    clock.pass_by(30 * DAY)
    sweep()
    assert (steps(waiting), steps(other)) == (["remind", "close_no_response"],
                                              ["close_no_response"])  # fmt: skip


def test_an_answer_ends_the_waiting_and_a_new_question_begins_it_anew(
    waiting: Ticket, cast: Cast, clock: FakeClock
) -> None:
    clock.pass_by(2 * DAY)
    sweep()
    factories.step(waiting, "answer", cast)
    clock.pass_by(12 * DAY)
    sweep()
    assert steps(waiting) == ["remind"]
    factories.step(waiting, "ask_for_more", cast, message="And her badge number?")
    clock.pass_by(2 * DAY)
    sweep()
    assert steps(waiting) == ["remind", "remind"]
    last = history(db.session(), waiting.id)[-1]
    assert (last.data["day"], last.data["asked"]) == (2, "And her badge number?")


def test_talk_while_it_waits_changes_no_deadline(
    waiting: Ticket, cast: Cast, clock: FakeClock
) -> None:
    clock.pass_by(DAY)
    factories.step(waiting, "comment", cast)
    clock.pass_by(DAY)
    sweep()
    assert steps(waiting) == ["remind"]


def test_four_sweeps_at_once_are_as_one(waiting: Ticket, clock: FakeClock, race: Race) -> None:
    clock.pass_by(2 * DAY)
    reports = race(*[sweep] * 4)
    assert [(report.failed, sum(report.taken.values())) for report in reports].count((0, 1)) == 1
    assert steps(waiting) == ["remind"]


def test_the_reminder_says_what_is_still_needed_and_by_when(
    cast: Cast, clock: FakeClock, mailer: FakeMailer
) -> None:
    """One of the two papers that HAND named has come with a message meanwhile."""
    row = factories.ticket(common.IN_REVIEW, by=cast, type=NEW_USER)
    named = [papers.USER_AGREEMENT, papers.CODE_OF_ETHICS]
    factories.step(row, "ask_for_more", cast, message="Page 2 is cut off.", papers=named)
    clock.pass_by(timedelta(hours=1))
    upload(cast.admin, "a-form-of-theirs", papers.CODE_OF_ETHICS)
    tickets.act(row.id, "write", cast.admin, {"message": "One of them."},
                form_key="a-form-of-theirs")  # fmt: skip
    drain(Kind.MAIL)
    mailer.posted.clear()
    clock.pass_by(2 * DAY)
    sweep()
    drain(Kind.MAIL)
    assert mailer.posted
    for mail in mailer.posted:
        assert "- User Agreement\n" in mail.text
        assert "Code of Ethics" not in mail.text
        assert "Page 2 is cut off." in mail.text
        assert "Please answer by Thursday, December 3, 10 am." in mail.text


def test_asking_says_by_when_the_answer_must_come(
    cast: Cast, clock: FakeClock, mailer: FakeMailer
) -> None:
    factories.ticket(common.WAITING, by=cast, owing=True)
    drain(Kind.MAIL)
    asked = [mail for mail in mailer.posted if "we need something more" in mail.subject]
    assert len(asked) == 2
    assert all("Please answer by Thursday, December 3, 10 am." in mail.text for mail in asked)


def test_what_waits_without_a_question_of_its_own_is_swept_as_well(
    cast: Cast, clock: FakeClock
) -> None:
    """A change of type that left something open: the new ticket waits from its beginning."""
    about = factories.licensee(ACTIVE, of=cast.agency)
    row = factories.ticket(common.IN_REVIEW, by=cast, about=about)
    new = factories.step(row, "convert", cast, to="recertification", message="Wrong form.")
    assert new.state == common.WAITING
    clock.pass_by(30 * DAY)
    sweep()
    assert steps(new) == ["close_no_response"]
    said = db.session.scalars(
        select(Event.data).where(Event.ticket_id == new.id, Event.to_state == common.CLOSED)
    ).one()
    assert "Wrong form." in said["message"]
