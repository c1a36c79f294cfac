"""A directory that is busy, refuses, or has been there before: what comes of the deletion."""

import pytest

from helpdesk.actor import THE_DESK
from helpdesk.directory.base import DirectoryBusy, DirectoryRefused
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.services import licenses, repairs
from helpdesk.services.facts import today
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import DAY, license_row, someone
from tests.helpdesk.deletions import action, confirm
from tests.support.fakes import Fails, FakeClock, FakeDirectory
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Staff are asked whether to delete her license."""
    return factories.proposed(cast.agency, password=PASSWORD)


def test_a_busy_directory_is_asked_again_and_one_that_refuses_is_shown_to_staff(
    ann: Person, cast: Cast, directory: FakeDirectory, clock: FakeClock
) -> None:
    directory.plan = [Fails(DirectoryBusy("Busy.")), Fails(DirectoryRefused("No such user."))]
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    assert action(ann).status is Status.DUE
    clock.pass_by(DAY)
    drain(Kind.ACCOUNT)
    assert (action(ann).status, action(ann).error) == (Status.DEAD, "No such user.")
    assert license_row(ann).state == life.INACTIVE
    assert repairs.retry(action(ann).id) is None
    drain(Kind.ACCOUNT)
    assert license_row(ann).state == life.DELETED
    assert directory.deeds == [("delete", ann.username)]


def test_a_failed_deletion_is_not_tried_again_once_the_license_is_in_use(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(DirectoryRefused("No such user."))]
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    licenses.act(license_row(ann).id, "reactivate", THE_DESK)
    assert repairs.retry(action(ann).id) == "The license is kept after all."
    assert action(ann).status is Status.RECALLED
    assert drain(Kind.ACCOUNT) == 0


def test_a_failed_deactivation_is_not_tried_again_on_somebody_who_is_back(
    cast: Cast, directory: FakeDirectory
) -> None:
    """Nor if the retry is on its way when they come back."""
    directory.plan = [Fails(DirectoryRefused("No such user."))] * 2
    who = someone(cast)
    licenses.act(license_row(who).id, "depart", cast.sam, {"on": today().isoformat()})
    drain(Kind.ACCOUNT)
    assert repairs.retry(action(who).id) is None
    licenses.act(license_row(who).id, "reactivate", THE_DESK)
    drain(Kind.ACCOUNT)
    why = f"{who.name}’s license is in use again, so the account stays open."
    assert (action(who).status, action(who).closed_reason) == (Status.RECALLED, why)
    licenses.act(license_row(who).id, "depart", cast.sam, {"on": today().isoformat()})
    drain(Kind.ACCOUNT)
    licenses.act(license_row(who).id, "reactivate", THE_DESK)
    assert repairs.retry(action(who).id) == why
    assert action(who).status is Status.RECALLED
    assert directory.deeds == []


def test_deleted_in_the_hmis_meanwhile_the_account_is_left_alone(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    confirm(ann, cast)
    licenses.act(license_row(ann).id, "note_deletion", THE_DESK)
    drain(Kind.ACCOUNT)
    assert (action(ann).status, action(ann).closed_reason) == (
        Status.RECALLED, "It is deleted already.",
    )  # fmt: skip
    assert directory.deeds == []
