"""A deletion that staff carry out by a checklist, or that there is no account for."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.checklist import Checklist
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.services import checklists, deletions, licenses
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import change, license_row, steps
from tests.helpdesk.deletions import CONFIRMED, action, confirm
from workflows import license as life
from workflows.engine import Refused

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Staff are asked whether to delete her license."""
    return factories.proposed(cast.agency, password=PASSWORD)


@pytest.fixture
def by_hand(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY="manual")


@pytest.mark.usefixtures("by_hand")
def test_by_hand_the_last_step_of_the_checklist_deletes_the_license(
    ann: Person, cast: Cast
) -> None:
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    row = checklist_of(ann)
    for place in range(len(row.steps)):
        assert license_row(ann).state == life.INACTIVE
        checklists.confirm(row.id, row.round, place, cast.joan)
    assert (license_row(ann).state, action(ann).status) == (life.DELETED, Status.DONE)


@pytest.mark.usefixtures("by_hand")
def test_by_hand_it_is_kept_until_somebody_has_begun(ann: Person, cast: Cast) -> None:
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    row = checklist_of(ann)
    checklists.confirm(row.id, row.round, 0, cast.joan)
    with pytest.raises(Refused, match="being deleted right now"):
        deletions.keep(license_row(ann).id, "The agency has called.", cast.sam)
    assert license_row(ann).facts.confirmed
    other = factories.proposed(cast.agency)
    confirm(other, cast)
    drain(Kind.ACCOUNT)
    deletions.keep(license_row(other).id, "The agency has called.", cast.sam)
    row = checklist_of(other)
    assert row.id not in [task.checklist.id for task in checklists.open_tasks(db.session(), 9)]
    with pytest.raises(checklists.Overtaken):
        checklists.confirm(row.id, row.round, 0, cast.joan)
    assert license_row(other).state == life.INACTIVE


@pytest.mark.usefixtures("by_hand")
def test_by_hand_a_checklist_ends_with_its_reason(ann: Person, cast: Cast) -> None:
    """Whatever takes the reason away: here the HMIS, which has renewed the license."""
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    row = checklist_of(ann)
    checklists.confirm(row.id, row.round, 0, cast.joan)
    licenses.act(license_row(ann).id, "note_renewal", THE_DESK)
    assert (action(ann).status, action(ann).closed_reason) == (
        Status.RECALLED, "The license is kept after all.",
    )  # fmt: skip
    assert checklists.open_tasks(db.session(), 9) == []
    with pytest.raises(checklists.Overtaken):
        checklists.confirm(row.id, row.round, 1, cast.joan)


@pytest.mark.usefixtures("by_hand")
def test_by_hand_a_checklist_that_lost_its_reason_long_ago_ends_when_it_is_looked_at(
    ann: Person, cast: Cast
) -> None:
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    change(ann, deletion_confirmed_at=None)
    row = checklist_of(ann)
    with pytest.raises(checklists.Overtaken):
        checklists.confirm(row.id, row.round, 0, cast.joan)
    assert action(ann).status is Status.RECALLED


def test_without_a_username_there_is_no_account_to_wait_for(cast: Cast) -> None:
    who = factories.proposed(cast.agency)
    with transaction() as session:
        session.get_one(Person, who.id).username = None
    assert confirm(who, cast) == []
    assert license_row(who).state == life.DELETED
    assert steps(who)[-4:] == [*CONFIRMED, "delete"]
    drain(Kind.ACCOUNT)
    assert (action(who).status, action(who).closed_reason) == (
        Status.RECALLED, "It is deleted already.",
    )  # fmt: skip


@pytest.mark.usefixtures("by_hand")
def test_of_an_account_elsewhere_the_username_is_needed_first(cast: Cast) -> None:
    """It may be there, under a name that the desk does not know."""
    who = factories.proposed(cast.agency)
    with transaction() as session:
        session.get_one(Person, who.id).username = None
    (reason,) = confirm(who, cast)
    assert reason.startswith(f"{who.name}: the username is not on file")
    assert not license_row(who).facts.confirmed


def checklist_of(who: Person) -> Checklist:
    query = select(Checklist).where(Checklist.key == action(who).key)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
