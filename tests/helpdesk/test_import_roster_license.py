"""What a roster makes of licenses: a move is told as one, a deletion is not asked about again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Kind, Status
from helpdesk.models.event import license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import roles, transfers
from helpdesk.services.facts import today
from helpdesk.services.imports import runs
from helpdesk.services.imports.proposal import Part
from helpdesk.services.imports.undo import undo
from helpdesk.services.sweep.run import sweep
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import transaction
from helpdesk.views.show.license_events import license_events
from tests import factories
from tests.factories import Cast
from tests.helpdesk.owed import effects, name_of
from tests.helpdesk.roster_csv import applied, begun, member, proposed, text_of
from tests.support.fakes import FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")


def ann(state: str, cast: Cast) -> Person:
    return factories.licensee(
        state, of=cast.agency, username="ann.lee", email="ann.lee@agency.example"
    )


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (member(Status="Deleted", Last_Login=""), False),
        (member(Status="Inactive", Last_Login="11/19/2026"), False),
        (member(Status="", Last_Login="11/19/2026"), False),
        (member(Status="", Last_Login=""), False),
        (member(Status="Active", Last_Login=""), True),
        (member(Status="", Last_Login="11/23/2026 10:30 AM"), True),
    ],
)
def test_a_deleted_license_is_asked_about_only_if_the_account_seems_to_live(
    row: dict[str, str], asked: bool, cast: Cast
) -> None:
    """The clock stands on Nov 23, 2026, 10 am: then it was deleted."""
    ann(life.DELETED, cast)
    plan = proposed(cast.joan, row)
    words = ["Person Number" in each.sentence or "Ann" in each.sentence for each in plan.look]
    assert (len(words), plan.same, plan.touches) == ((1, 0, 0) if asked else (0, 1, 0))


@pytest.mark.parametrize("state", life.HELD)
def test_a_move_is_told_with_where_from_and_where_to(state: str, cast: Cast) -> None:
    person, haven = ann(state, cast), factories.agency("Haven")
    run = applied(cast.joan, member(Provider="Haven", Status=""))
    row = row_of(person)
    told = {event.trigger: event.data for event in license_history(db.session(), row.id)}
    assert row.agency_id == haven.id
    assert told["move"] == {
        "import": run.id, "on": today().isoformat(), "agency_id": haven.id, "to_name": "Haven",
        "from_id": cast.agency.id, "from_name": cast.agency.name,
    }  # fmt: skip
    assert "agency_id" not in told["note_roster"]
    words = [event.what for event in license_events(db.session(), row, corrections=())]
    assert f"moved it from {cast.agency.name} to Haven" in words
    undo(run.id, cast.joan)
    assert row_of(person).agency_id == cast.agency.id


def test_a_move_by_a_roster_ends_roles_and_tells_all_sides_as_one_by_hand(cast: Cast) -> None:
    person, haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    there = factories.admin(haven)
    factories.grant(person, Role.AGENCY_ADMIN, cast.agency.id)
    applied(cast.joan, member(Provider="Haven", User_Name=person.name))
    assert roles.held(db.session(), person.id) == []
    told = {each.person_id for each in effects(kind=Kind.MAIL, status=Status.DUE)
            if name_of(each) == "moved"}  # fmt: skip
    assert told == {person.id, cast.admin.person_id, there.person_id}


def test_the_undo_says_whose_roles_it_does_not_give_back(cast: Cast) -> None:
    person, haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    factories.grant(person, Role.AGENCY_ADMIN, cast.agency.id)
    run = applied(cast.joan, member(Provider="Haven", User_Name=person.name))
    outcome = undo(run.id, cast.joan)
    assert (row_of(person).agency_id, roles.held(db.session(), person.id)) == (cast.agency.id, [])
    why = f"Their roles at {cast.agency.name} stay ended."
    assert (outcome.undone, outcome.left) == (1, [{"name": person.name, "why": why}])
    assert haven.id != cast.agency.id


def by_hand(person: Person, cast: Cast, to: Agency, clock: FakeClock) -> None:
    transfers.transfer(row_of(person).id, Transfer(to.id, today()), cast.sam)


def as_planned(person: Person, cast: Cast, to: Agency, clock: FakeClock) -> None:
    told = Transfer(to.id, today() + timedelta(days=1))
    transfers.transfer(row_of(person).id, told, cast.sam)
    clock.pass_by(timedelta(days=1))
    sweep()


@pytest.mark.parametrize("move", [by_hand, as_planned])
def test_a_file_of_before_a_transfer_does_not_undo_it(
    move: Callable[..., None], cast: Cast, clock: FakeClock
) -> None:
    person, haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    move(person, cast, haven, clock)
    factories.grant(person, Role.AGENCY_ADMIN, haven.id)
    row = member(Provider=cast.agency.name, User_Name=person.name)
    (fault,) = proposed(cast.joan, row).look
    assert f"at {cast.agency.name} as the file says, and was moved to Haven here" in fault.sentence
    applied(cast.joan, row)
    assert row_of(person).agency_id == haven.id
    assert len(roles.held(db.session(), person.id)) == 1
    assert row_of(person).last_login_at is not None


def test_a_file_of_after_a_transfer_is_taken_at_its_word(cast: Cast, clock: FakeClock) -> None:
    person, haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    by_hand(person, cast, haven, clock)
    clock.pass_by(timedelta(days=1))
    run = begun(text_of(member(Provider=cast.agency.name, User_Name=person.name)), cast.joan)
    with transaction():
        run.as_of = today()
    plan = runs.propose(run)
    assert (plan.size(Part.LOOK), plan.size(Part.CHANGED)) == (0, 1)
    runs.apply(run, plan.digest(), cast.joan)
    assert row_of(person).agency_id == cast.agency.id


def test_a_move_by_an_import_is_no_reason_to_doubt_the_next(cast: Cast) -> None:
    person, _haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    for agency in ("Haven", cast.agency.name):
        applied(cast.joan, member(Provider=agency, User_Name=person.name))
    assert row_of(person).agency_id == cast.agency.id


def test_an_agency_that_is_full_takes_whom_the_hmis_has_there_already(cast: Cast) -> None:
    person, haven = ann(life.ACTIVE, cast), factories.agency("Haven")
    with transaction() as session:
        session.get_one(Agency, haven.id).seats = 0
    applied(cast.joan, member(Provider="Haven"))
    assert row_of(person).agency_id == haven.id


def test_who_stays_where_they_are_is_not_moved(cast: Cast) -> None:
    person = ann(life.ACTIVE, cast)
    applied(cast.joan, member(Provider=cast.agency.name))
    triggers = [event.trigger for event in license_history(db.session(), row_of(person).id)]
    assert "move" not in triggers
    assert "note_roster" in triggers
