"""Workers that die or are too late: the next one does it, once, and the late one writes nothing."""

import pytest

from config import Config
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.ticket import Ticket
from helpdesk.outbox import performers
from helpdesk.outbox.settle import LeaseLost
from helpdesk.services import provisioning
from tests.factories import Cast
from tests.helpdesk.accounts import approve, fresh, triggers, unlocks
from tests.helpdesk.owed import take
from tests.support.fakes import FakeClock, FakeDirectory
from workflows import common

pytestmark = pytest.mark.usefixtures("mailer", "clock")

LEASE = Config().EFFECT_LEASE


@pytest.fixture
def approved(cast: Cast) -> Ticket:
    return approve(cast)


@pytest.mark.parametrize("moment", ["before the start", "after the start", "after the deed"])
def test_a_worker_that_died_is_followed_by_one_that_does_it_once(
    approved: Ticket, directory: FakeDirectory, clock: FakeClock, moment: str
) -> None:
    (claimed,) = take(Kind.ACCOUNT)
    if moment != "before the start":
        assert provisioning.start(claimed)
    if moment == "after the deed":
        performers.change_account(claimed)
    clock.pass_by(LEASE)
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED
    assert triggers(approved)[-2:] == ["setup_started", "provisioned"]
    assert directory.applied == {claimed.key: 1}
    assert unlocks(approved) == 1


def test_a_worker_that_outlived_its_lease_changes_neither_ticket_nor_license(
    approved: Ticket, directory: FakeDirectory, clock: FakeClock
) -> None:
    (late,) = take(Kind.ACCOUNT)
    assert provisioning.start(late)
    clock.pass_by(LEASE)
    drain(Kind.ACCOUNT)
    before = triggers(approved)
    for say in (provisioning.start, provisioning.succeeded):
        with pytest.raises(LeaseLost):
            say(late)
    with pytest.raises(LeaseLost):
        provisioning.failed(late, "too late")
    assert triggers(approved) == before
    assert (fresh(approved).state, unlocks(approved)) == (common.COMPLETED, 1)
