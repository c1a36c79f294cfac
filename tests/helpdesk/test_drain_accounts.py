"""The worker's account actions: once each, in order, and every end of theirs seen on the ticket."""

from datetime import timedelta

import pytest

from config import Config
from helpdesk.actor import THE_DESK
from helpdesk.directory.base import DirectoryBusy, DirectoryRefused
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.account import DirectoryAction
from helpdesk.models.effect import Kind, Status
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox import performers
from helpdesk.services import licenses, provisioning, repairs
from helpdesk.transaction import WRITING, transaction
from tests import factories
from tests.factories import ANY_STAFF, Cast
from tests.helpdesk.accounts import approve, fresh, license_row, triggers, unlocks
from tests.helpdesk.owed import action_of, mails_of, owe_some, take
from tests.support.fakes import Fails, FakeClock, FakeDirectory, FakeMailer
from workflows import common
from workflows import license as life

pytestmark = pytest.mark.usefixtures("mailer", "clock")

BUSY = DirectoryBusy("The directory did not answer in time.")
REFUSED = DirectoryRefused("There is no account of that name.")
LONG = timedelta(days=1)
LEASE = Config().EFFECT_LEASE



@pytest.fixture
def approved(cast: Cast) -> Ticket:
    return approve(cast)


def test_an_action_starts_the_set_up_and_finishes_it(
    approved: Ticket, directory: FakeDirectory
) -> None:
    assert drain(Kind.ACCOUNT) == 1
    assert triggers(approved)[-2:] == ["setup_started", "provisioned"]
    assert fresh(approved).state == common.COMPLETED
    assert action_of(approved).status == Status.DONE
    assert directory.applied == {action_of(approved).key: 1}
    assert (license_row(approved).state, unlocks(approved)) == (life.ACTIVE, 1)
    assert [name for name, _ in mails_of(approved)][-2:] == ["completed", "completed"]


def test_the_local_directory_zeroes_the_bad_log_ins(approved: Ticket) -> None:
    account = factories.account_of(db.session.get_one(Person, approved.person_id))
    assert account is not None
    assert account.bad_attempts == 3
    drain(Kind.ACCOUNT)
    db.session.refresh(account)
    assert account.bad_attempts == 0
    (deed,) = db.session.query(DirectoryAction).all()
    assert (deed.key, deed.action) == (action_of(approved).key, "unlock")


def test_the_ticket_is_being_set_up_and_nothing_held_while_the_directory_works(
    approved: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    class Looking(FakeDirectory):
        def unlock(self, key: str, username: str) -> None:
            session = db.session()
            seen.append(session.in_transaction() or bool(session.info.get(WRITING)))
            seen.append(fresh(approved).state)

    monkeypatch.setattr(performers, "directory", Looking)
    drain(Kind.ACCOUNT)
    assert seen == [False, common.BEING_SET_UP]


def test_a_busy_directory_is_tried_again_and_the_set_up_starts_once(
    approved: Ticket, directory: FakeDirectory, clock: FakeClock
) -> None:
    directory.plan = [Fails(BUSY), Fails(BUSY, after=True)]
    for _ in range(3):
        drain(Kind.ACCOUNT)
        clock.pass_by(LONG)
    assert fresh(approved).state == common.COMPLETED
    assert triggers(approved).count("setup_started") == 1
    assert directory.asked == [action_of(approved).key] * 3
    assert directory.applied == {action_of(approved).key: 1}
    assert unlocks(approved) == 1


def test_a_final_error_needs_attention_and_a_retry_completes(
    approved: Ticket, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(REFUSED)]
    drain(Kind.ACCOUNT)
    ticket = fresh(approved)
    assert (ticket.state, ticket.needs_attention) == (common.APPROVED, True)
    assert history(db.session(), ticket.id)[-1].data == {"message": str(REFUSED)}
    assert (action_of(ticket).status, action_of(ticket).error) == (Status.DEAD, str(REFUSED))
    assert license_row(ticket).state == life.LOCKED
    repairs.retry(action_of(ticket).id)
    drain(Kind.ACCOUNT)
    ticket = fresh(approved)
    assert (ticket.state, ticket.needs_attention) == (common.COMPLETED, False)


def test_a_directory_that_stays_busy_fails_visibly_after_the_last_attempt(
    approved: Ticket, directory: FakeDirectory, clock: FakeClock
) -> None:
    directory.plan = [Fails(BUSY)] * Config().EFFECT_ATTEMPTS
    for _ in range(Config().EFFECT_ATTEMPTS + 2):
        drain(Kind.ACCOUNT)
        clock.pass_by(LONG)
    assert len(directory.asked) == Config().EFFECT_ATTEMPTS
    assert action_of(approved).status == Status.DEAD
    assert fresh(approved).needs_attention


def test_given_up_leaves_the_ticket_to_be_rejected(
    cast: Cast, approved: Ticket, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(REFUSED)]
    drain(Kind.ACCOUNT)
    repairs.give_up(action_of(approved).id, cast.joan, "Wrong person.")
    factories.step(approved, "reject", cast)
    assert fresh(approved).state == common.REJECTED
    assert action_of(approved).status == Status.GIVEN_UP


def test_a_rejected_ticket_recalls_its_action_and_the_directory_is_never_asked(
    cast: Cast, approved: Ticket, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(REFUSED)]
    drain(Kind.ACCOUNT)
    repairs.retry(action_of(approved).id)
    factories.step(approved, "reject", cast)
    drain(Kind.ACCOUNT)
    assert action_of(approved).status == Status.RECALLED
    assert len(directory.asked) == 1


def test_an_action_that_a_worker_holds_while_its_ticket_is_rejected_never_leaves(
    cast: Cast, approved: Ticket, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(REFUSED)]
    drain(Kind.ACCOUNT)
    repairs.retry(action_of(approved).id)
    (claimed,) = take(Kind.ACCOUNT)
    factories.step(approved, "reject", cast)
    assert not provisioning.start(claimed)
    assert action_of(approved).status in {Status.RECALLED, Status.DEAD}
    assert fresh(approved).state == common.REJECTED
    assert len(directory.asked) == 1


@pytest.mark.parametrize("step", ["inactivate", "suspend", "note_deletion"])
def test_the_license_is_looked_at_again_right_before_the_action(
    approved: Ticket, directory: FakeDirectory, step: str
) -> None:
    by, why = ANY_STAFF if step == "suspend" else THE_DESK, {"message": "A shared password."}
    licenses.act(license_row(approved).id, step, by, why)
    drain(Kind.ACCOUNT)
    assert "unlock" not in [action for action, _username in directory.deeds]
    assert action_of(approved).status == Status.DEAD
    ticket = fresh(approved)
    assert (ticket.state, ticket.needs_attention) == (common.APPROVED, True)
    assert triggers(ticket)[-1] == "provisioning_failed"


def test_a_license_that_is_deleted_while_it_is_set_up_makes_a_visible_failure(
    approved: Ticket, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    """Every effect ends: nothing may turn for ever between a lease and the next one."""
    license_id = license_row(approved).id

    class Slow(FakeDirectory):
        def unlock(self, key: str, username: str) -> None:
            if license_row(approved).state != life.DELETED:
                licenses.act(license_id, "note_deletion", THE_DESK)

    monkeypatch.setattr(performers, "directory", Slow)
    for _ in range(Config().EFFECT_ATTEMPTS):
        drain(Kind.ACCOUNT)
        clock.pass_by(LONG)
    assert action_of(approved).status == Status.DEAD
    assert fresh(approved).needs_attention


def test_actions_of_one_license_are_done_in_order(
    cast: Cast, approved: Ticket, directory: FakeDirectory, clock: FakeClock
) -> None:
    owe_some(approved.person_id, "second", kind=Kind.ACCOUNT, lane=action_of(approved).lane)
    directory.plan = [Fails(BUSY)]
    assert drain(Kind.ACCOUNT) == 1
    clock.pass_by(LONG)
    (head,) = take(Kind.ACCOUNT)
    assert head.key == action_of(approved).key


def test_one_license_that_has_to_wait_holds_up_no_other(
    cast: Cast, approved: Ticket, directory: FakeDirectory
) -> None:
    other = approve(cast)
    directory.plan = [Fails(BUSY)]
    drain(Kind.ACCOUNT)
    assert (fresh(approved).state, fresh(other).state) == (common.BEING_SET_UP, common.COMPLETED)


def test_actions_do_not_wait_for_mails(
    approved: Ticket, directory: FakeDirectory, mailer: FakeMailer
) -> None:
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED
    assert mailer.tried == []


def test_a_person_without_a_user_name_fails_visibly(
    approved: Ticket, directory: FakeDirectory
) -> None:
    with transaction():
        db.session.get_one(Person, approved.person_id).username = None
    drain(Kind.ACCOUNT)
    assert (action_of(approved).status, directory.asked) == (Status.DEAD, [])
    assert fresh(approved).needs_attention


def test_something_nobody_foresaw_is_tried_again(
    approved: Ticket, directory: FakeDirectory, clock: FakeClock
) -> None:
    directory.plan = [Fails(ZeroDivisionError("secret"))]
    drain(Kind.ACCOUNT)
    assert action_of(approved).status == Status.DUE
    assert "secret" not in str(action_of(approved).error)
    clock.pass_by(LONG)
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED
