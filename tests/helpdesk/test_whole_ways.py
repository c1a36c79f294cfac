"""Each type from the form to the changed account, through the worker, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, tickets
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.filings import FITTING_STATES
from tests.helpdesk.owed import effects, mails_of, name_of
from tests.support.fakes import START, FakeClock, FakeDirectory, FakeMailer
from workflows import common
from workflows import license as life
from workflows.facts import Rules
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY

pytestmark = pytest.mark.usefixtures("clock", "mailer")

MONTH = timedelta(days=30)
A_YEAR_ON = date(2027, 10, 24)  # the courses of `filings.answers` were done on Oct 24
LEAVES_NO_LICENSE = ["reject", "withdraw", "close_no_response"]
ENDS = {"reject": common.REJECTED, "withdraw": common.WITHDRAWN,
        "close_no_response": common.CLOSED}  # fmt: skip


def row_of(person_id: int) -> License:
    row = license_of(db.session(), person_id)
    assert row is not None
    db.session.refresh(row)
    return row


def approved(cast: Cast, kind: str, **about: Any) -> Ticket:
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=kind, **about)
    return factories.step(ticket, "approve", cast)


def drained(ticket: Ticket) -> Ticket:
    for kind in (Kind.ACCOUNT, Kind.MAIL):
        drain(kind)
    db.session.refresh(ticket)
    return ticket


def account_of(person_id: int) -> Any:
    account = factories.account_of(db.session.get_one(Person, person_id))
    assert account is not None
    db.session.refresh(account)
    return account


def done_at(ticket: Ticket) -> list[tuple[str, int]]:
    return [(name, who) for name, who in mails_of(ticket, None) if name == "completed"]


def newcomer(cast: Cast) -> Person:
    """On file without a user name or an account."""
    with transaction() as session:
        person = Person(first_name="José", last_name="O’Neil", email="jose@harbor.example")
        session.add(person)
        session.flush()
        factories.give_license(person, life.ABSENT, cast.agency)
    return person


def test_a_new_user_gets_a_user_name_an_account_a_level_an_end_and_a_link(
    cast: Cast, mailer: FakeMailer
) -> None:
    jose = newcomer(cast)
    ticket = drained(approved(cast, NEW_USER, about=jose))
    assert ticket.state == common.COMPLETED
    row = row_of(jose.id)
    assert (row.state, row.access_level, row.expires_on, row.issued_at) == (
        life.ACTIVE, "agency_staff", A_YEAR_ON, START,
    )  # fmt: skip
    db.session.refresh(jose)
    assert jose.username == "jose.oneil"
    account = account_of(jose.id)
    assert (account.hmis_access, account.bad_attempts, account.hmis_until, account.password_hash) \
        == (True, 0, A_YEAR_ON, None)  # fmt: skip
    assert done_at(ticket) == [("completed", jose.id), ("completed", cast.admin.person_id)]
    mine = mailer.to("jose@harbor.example")[-1]
    assert "jose.oneil" in mine.text


def test_only_the_new_user_gets_the_link(cast: Cast) -> None:
    ticket = drained(approved(cast, NEW_USER))
    links = [(e.person_id, e.payload["link"]) for e in effects(ticket, kind=Kind.MAIL)
             if name_of(e) == "completed"]  # fmt: skip
    assert links == [(ticket.person_id, "set_password"), (cast.admin.person_id, None)]


def test_a_lost_password_comes_back_by_a_link_and_the_strikes_are_forgiven(cast: Cast) -> None:
    ticket = drained(approved(cast, NEW_PASSWORD))
    assert (ticket.state, row_of(ticket.person_id).state) == (common.COMPLETED, life.ACTIVE)
    assert row_of(ticket.person_id).locked_at is None
    assert account_of(ticket.person_id).bad_attempts == 0
    assert len(done_at(ticket)) == 2


def test_a_reactivated_license_is_active_and_its_first_log_in_is_waited_for(cast: Cast) -> None:
    ticket = approved(cast, REACTIVATE)
    before = row_of(ticket.person_id).expires_on
    account_of(ticket.person_id)
    drained(ticket)
    row = row_of(ticket.person_id)
    assert (ticket.state, row.state, row.inactive_at) == (common.COMPLETED, life.ACTIVE, None)
    assert (row.log_in_by, row.expires_on) == (START + timedelta(hours=24), before)
    assert account_of(ticket.person_id).hmis_access is True
    assert len(done_at(ticket)) == 2


@pytest.mark.parametrize(
    ("now", "then"),
    [(None, A_YEAR_ON), (date(2026, 11, 1), A_YEAR_ON), (date(2028, 1, 1), date(2028, 1, 1))],
)
def test_a_recertified_license_is_extended_by_the_rule(
    cast: Cast, now: date | None, then: date
) -> None:
    rita = factories.licensee(life.EXPIRED, of=cast.agency)
    licenses.act(row_of(rita.id).id, "inactivate", THE_DESK)
    with transaction():
        row_of(rita.id).expires_on = now
    ticket = drained(approved(cast, RECERTIFY, about=rita))
    row = row_of(rita.id)
    assert (ticket.state, row.state, row.expires_on) == (common.COMPLETED, life.ACTIVE, then)
    assert (row.expired_at, row.inactive_at, row.log_in_by) == (None, None, None)
    account = account_of(rita.id)
    assert (account.hmis_until, account.hmis_access) == (then, True)
    assert len(done_at(ticket)) == 2


def test_the_end_is_settled_by_the_approval_however_late_the_account_is_changed(
    cast: Cast, clock: FakeClock
) -> None:
    ticket = approved(cast, RECERTIFY)
    clock.pass_by(MONTH)
    drained(ticket)
    assert row_of(ticket.person_id).expires_on == A_YEAR_ON


def test_under_the_other_setting_the_day_of_approval_counts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.services.facts.rules", lambda: Rules(from_courses=False))
    ticket = drained(approved(cast, RECERTIFY))
    assert row_of(ticket.person_id).expires_on == date(2027, 11, 23)


def test_somebody_deleted_is_hired_again_with_the_old_name_and_a_clean_license(
    cast: Cast,
) -> None:
    rita = factories.licensee(life.LOCKED, of=factories.agency())
    licenses.act(row_of(rita.id).id, "note_deletion", THE_DESK)
    with transaction():
        row_of(rita.id).expires_on = date(2026, 1, 31)
    username, row_id = rita.username, row_of(rita.id).id
    request = factories.request(rita, cast.admin, type=NEW_USER, agency_id=cast.agency.id)
    ticket = tickets.open_ticket(request, cast.admin)
    assert (row_of(rita.id).id, row_of(rita.id).state) == (row_id, life.REQUESTED)
    for trigger in ("take", "approve"):
        factories.step(ticket, trigger, cast)
    drained(ticket)
    row = row_of(rita.id)
    assert (row.id, row.state, row.agency_id, row.expires_on) == (
        row_id, life.ACTIVE, cast.agency.id, A_YEAR_ON,
    )  # fmt: skip
    assert (row.deleted_at, row.locked_at, row.facts) == (None, None, life.LicenseFacts())
    db.session.refresh(rita)
    assert rita.username == username
    assert account_of(rita.id).bad_attempts == 0


@pytest.mark.parametrize("trigger", LEAVES_NO_LICENSE)
def test_a_request_for_a_license_that_comes_to_nothing_lets_it_go(
    cast: Cast, trigger: str
) -> None:
    state = {"reject": common.IN_REVIEW, "withdraw": common.SUBMITTED,
             "close_no_response": common.WAITING}[trigger]  # fmt: skip
    ticket = factories.ticket(state, by=cast, type=NEW_USER)
    assert row_of(ticket.person_id).state == life.REQUESTED
    factories.step(ticket, trigger, cast)
    assert (ticket.state, row_of(ticket.person_id).state) == (ENDS[trigger], life.NOT_ISSUED)
    again = factories.ticket(by=cast, type=NEW_USER,
                             about=db.session.get_one(Person, ticket.person_id))  # fmt: skip
    assert (again.id != ticket.id, row_of(again.person_id).state) == (True, life.REQUESTED)


@pytest.mark.parametrize("kind", [NEW_PASSWORD, REACTIVATE, RECERTIFY])
def test_the_other_requests_that_come_to_nothing_leave_the_license_alone(
    cast: Cast, kind: str
) -> None:
    ticket = factories.ticket(common.REJECTED, by=cast, type=kind)
    assert row_of(ticket.person_id).state == FITTING_STATES[kind]


@pytest.mark.parametrize("kind", FITTING_STATES)
def test_nothing_is_changed_and_nobody_is_told_before_the_worker_has_done_it(
    cast: Cast, directory: FakeDirectory, kind: str
) -> None:
    ticket = approved(cast, kind)
    before = row_of(ticket.person_id).state
    assert before in {FITTING_STATES[kind], life.REQUESTED}
    assert directory.deeds == []
    assert done_at(ticket) == []


@pytest.mark.parametrize("kind", FITTING_STATES)
def test_the_directory_is_asked_for_the_one_action_of_the_type(
    cast: Cast, directory: FakeDirectory, kind: str
) -> None:
    ticket = drained(approved(cast, kind))
    action = {NEW_USER: "create", NEW_PASSWORD: "unlock", REACTIVATE: "reactivate",
              RECERTIFY: "extend"}[kind]  # fmt: skip
    username = db.session.scalar(select(Person.username).where(Person.id == ticket.person_id))
    assert directory.deeds == [(action, username)]


def test_the_day_is_the_desks_own(clock: FakeClock, cast: Cast) -> None:
    """Ten at night in Detroit is tomorrow in UTC."""
    clock.pass_by(timedelta(hours=12))
    assert (clock().day, today()) == (24, date(2026, 11, 23))
