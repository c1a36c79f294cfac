"""From one agency to another: at once or on a day to come, with all that hangs on it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Effect, Status
from helpdesk.models.event import Event, license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import Ticket
from helpdesk.services import absences, agencies, licenses, seats, transfers
from helpdesk.services.absences import Absence, Report
from helpdesk.services.facts import today
from helpdesk.services.sweep.run import sweep
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from workflows import license as life
from workflows.engine import Refused

A_WEEK = timedelta(days=7)


@pytest.fixture
def new(cast: Cast, clock: FakeClock) -> Cast:
    """The agency they go to."""
    return factories.cast()


def license_row(of: Person) -> License:
    row = license_of(db.session(), of.id)
    assert row is not None
    return row


def move(about: Person, to: Cast, on: date, by: Actor, reason: str = "A new job.") -> License:
    return transfers.transfer(license_row(about).id, Transfer(to.agency.id, on, reason), by)


def told(about: License) -> list[tuple[str, int | None, str]]:
    """The mails that are owed: what, to whom, as what."""
    query = select(Effect).where(Effect.status == Status.DUE, Effect.event_id.is_not(None))
    keys = query.where(Effect.key.startswith(f"license:{about.id}:")).order_by(Effect.id)
    return [(e.payload["folders"][0], e.person_id, e.payload["says"]["recipient"])
            for e in db.session.scalars(keys)]  # fmt: skip


def moves(about: License) -> list[Event]:
    return [e for e in license_history(db.session(), about.id) if e.trigger == life.MOVE]


def limit(agency: Agency, number: int) -> None:
    with transaction() as session:
        session.get_one(Agency, agency.id).seats = number


def test_a_move_today_is_one_event_and_tells_all_three_sides(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.LOCKED, of=cast.agency)
    row = move(ann, new, today(), cast.sam)
    assert (row.agency_id, row.state) == (new.agency.id, life.LOCKED)
    (event,) = moves(row)
    assert (event.actor_id, event.data) == (cast.sam.person_id, {
        "on": today().isoformat(), "message": "A new job.",
        "from_id": cast.agency.id, "from_name": cast.agency.name,
        "agency_id": new.agency.id, "to_name": new.agency.name,
    })  # fmt: skip
    assert told(row) == [
        ("license/moved", ann.id, "licensee"),
        ("license/moved", cast.admin.person_id, "former_admins"),
        ("license/moved", new.admin.person_id, "new_admins"),
    ]


def test_the_same_move_sent_twice_is_one(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    for on in (today() + A_WEEK, today()):
        row = move(ann, new, on, cast.sam)
        version, mails = row.version, told(row)
        row = move(ann, new, on, cast.sam)
        assert (row.version, told(row)) == (version, mails)


@pytest.mark.parametrize("state", [state.name for state in life.STATES])
def test_a_license_moves_in_any_state_and_one_of_no_agency_is_given_to_one(
    cast: Cast, new: Cast, state: str
) -> None:
    for agency in (cast.agency, None):
        row = move(factories.licensee(state, of=agency), new, today(), cast.sam)
        assert (row.agency_id, row.state) == (new.agency.id, state)
        assert bool(told(row)) == (agency is not None and state in life.HELD)


def test_what_they_might_do_for_the_old_agency_ends_and_hand_hears_of_a_last_admin(
    cast: Cast, new: Cast
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    with transaction() as session:
        session.query(Grant).filter_by(agency_id=cast.agency.id).delete()
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    factories.grant(ann, Role.AGENCY_ADMIN, new.agency.id)
    row = move(ann, new, today(), cast.sam)
    held = db.session.query(Grant).filter_by(person_id=ann.id)
    assert [grant.agency_id for grant in held] == [new.agency.id]
    forsaken = db.session.query(Effect).filter(Effect.key.startswith(f"license:{row.id}:")).all()
    says = [e.payload["says"] for e in forsaken if e.payload["folders"] == ["license/forsaken"]]
    assert {each["former_name"] for each in says} == {cast.agency.name}


def test_open_requests_stay_where_they_were_filed(cast: Cast, new: Cast) -> None:
    ticket = factories.ticket(by=cast)
    move(db.session.get_one(Person, ticket.person_id), new, today(), cast.sam)
    ticket = db.session.get_one(Ticket, ticket.id)
    assert (ticket.open, ticket.agency_id) == (True, cast.agency.id)


def test_who_had_left_has_not_left_the_new_agency(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    absences.report(license_row(ann).id, Report(Absence.DEPARTURE, today()), cast.admin)
    row = move(ann, new, today(), cast.sam)
    assert (row.departed_on, row.departed_at, row.state) == (None, None, life.INACTIVE)


def test_a_planned_move_waits_for_its_day_and_happens_once(
    cast: Cast, new: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = move(ann, new, today() + A_WEEK, cast.sam)
    assert (row.agency_id, row.moves_to_id) == (cast.agency.id, new.agency.id)
    assert [what for what, *_ in told(row)] == ["license/move_planned"] * 3
    clock.pass_by(A_WEEK - timedelta(days=1))
    assert not sweep().taken[life.MOVE]
    clock.pass_by(timedelta(days=3))  # a missed day is made up for
    sweep()
    sweep()
    row = license_row(ann)
    assert (row.agency_id, row.moves_on, row.moves_to_id) == (new.agency.id, None, None)
    (event,) = moves(row)
    assert (event.actor_id, event.data["by"]) == (None, cast.sam.name)
    assert event.data["from_id"] == cast.agency.id
    assert event.data["message"] == "A new job."
    assert [what for what, *_ in told(row)].count("license/moved") == 3


def test_a_trial_of_the_sweep_moves_nobody(cast: Cast, new: Cast, clock: FakeClock) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    move(ann, new, today() + A_WEEK, cast.sam)
    clock.pass_by(A_WEEK)
    assert sweep(trial=True).taken["Move to another agency"] == 1
    assert license_row(ann).agency_id == cast.agency.id


def test_a_planned_move_is_taken_back_and_everybody_hears(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = move(ann, new, today() + A_WEEK, cast.sam)
    row = transfers.cancel(row.id, cast.joan)
    assert (row.moves_on, row.moves_to_id) == (None, None)
    assert [what for what, *_ in told(row)].count("license/move_canceled") == 3
    with pytest.raises(Refused, match="no move to take back"):
        transfers.cancel(row.id, cast.joan)


def test_nobody_reports_a_departure_over_a_planned_move(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = move(ann, new, today() + A_WEEK, cast.sam)
    for who in (cast.admin, cast.sam):
        with pytest.raises(Refused, match="They are to move to another agency"):
            absences.report(row.id, Report(Absence.DEPARTURE, today()), who)
    assert license_row(ann).moves_on == today() + A_WEEK
    transfers.cancel(row.id, cast.sam)
    absences.report(row.id, Report(Absence.DEPARTURE, today()), cast.admin)
    assert license_row(ann).departed_on == today()


def test_a_plan_ends_with_a_deletion_and_another_move(cast: Cast, new: Cast) -> None:
    third = factories.cast()

    def is_deleted(row: License) -> None:
        licenses.act(row.id, "note_deletion", THE_DESK)

    def goes_elsewhere(row: License) -> None:
        transfers.transfer(row.id, Transfer(third.agency.id, today()), cast.sam)

    for ends in (is_deleted, goes_elsewhere):
        ann = factories.licensee(life.ACTIVE, of=cast.agency)
        row = move(ann, new, today() + A_WEEK, cast.sam)
        ends(row)
        assert license_row(ann).moves_on is None


def test_only_hand_moves_people(cast: Cast, new: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    for on in (today(), today() + A_WEEK):
        with pytest.raises(Refused):
            move(ann, new, on, cast.admin)


def test_where_none_is_left_nobody_comes_unless_their_license_is_not_in_use(
    cast: Cast, new: Cast
) -> None:
    factories.licensee(life.ACTIVE, of=new.agency)
    limit(new.agency, 1)
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    for on in (today(), today() + A_WEEK):
        with pytest.raises(Refused, match="may have are in use"):
            move(ann, new, on, cast.sam)
    asleep = factories.licensee(life.INACTIVE, of=cast.agency)
    assert move(asleep, new, today(), cast.sam).agency_id == new.agency.id


def test_who_is_to_come_has_a_license_kept_for_them(
    cast: Cast, new: Cast, clock: FakeClock
) -> None:
    limit(new.agency, 1)
    ann, ben = (factories.licensee(life.ACTIVE, of=cast.agency) for _ in range(2))
    move(ann, new, today() + A_WEEK, cast.sam)
    with pytest.raises(Refused, match="may have are in use"):
        move(ben, new, today(), cast.sam)
    limit(new.agency, 1)
    clock.pass_by(A_WEEK)
    sweep()
    found = seats.usage(db.session(), db.session.get_one(Agency, new.agency.id))
    assert found is not None
    assert (license_row(ann).agency_id, found.used, found.over) == (new.agency.id, 1, 0)


def test_nobody_moves_to_an_agency_that_is_inactive_by_then_and_staff_hear_of_it(
    cast: Cast, new: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = move(ann, new, today() + A_WEEK, cast.sam)
    assert [each.id for each in transfers.coming(db.session(), new.agency.id)] == [ann.id]
    agencies.set_active(new.agency.id, False, factories.staff(manager=True))
    clock.pass_by(A_WEEK)
    sweep()
    sweep()
    row = license_row(ann)
    assert (row.agency_id, row.moves_on, row.moves_to_id) == (cast.agency.id, None, None)
    missed = [(who, role) for what, who, role in told(row) if what == "license/move_missed"]
    assert {role for _, role in missed} == {"staff"}
    assert cast.sam.person_id in {who for who, _ in missed}
    says = license_history(db.session(), row.id)[-1].data
    assert (says["from_name"], says["to_name"]) == (cast.agency.name, new.agency.name)
