"""The end of a license: warned of, proposed, decided by staff; the account goes first, then it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.actor import THE_DESK
from helpdesk.directory.base import DirectoryBusy, DirectoryRefused
from helpdesk.extensions import db, now, settings
from helpdesk.jobs.drain import drain
from helpdesk.models.agency import Agency
from helpdesk.models.checklist import Checklist
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.person import Person
from helpdesk.models.role import Role, grants_of
from helpdesk.services import (
    checklists,
    deletions,
    licenses,
    repairs,
    sessions,
    tickets,
    transfers,
)
from helpdesk.services.facts import today
from helpdesk.services.sweep.run import sweep
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import transaction
from tests import factories, second_steps
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import DAY, change, events, letters, license_row, someone, steps
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects
from tests.support.fakes import Fails, FakeClock, FakeDirectory, FakeMailer
from workflows import common
from workflows import license as life
from workflows.dates import in_words
from workflows.engine import Refused
from workflows.guards import NEW_USER, REACTIVATE

pytestmark = pytest.mark.usefixtures("clock")

A_WEEK = timedelta(days=7)
PROPOSED = ["warn_deletion", "propose_deletion"]
CONFIRMED = [*PROPOSED, "confirm_deletion"]


def unused(cast: Cast, days: int, state: str = life.INACTIVE) -> Person:
    """Somebody whose license has been inactive or expired for so long."""
    who = someone(cast, state, idle=days + 36)
    change(who, **{f"{state}_at": now() - days * DAY})
    return who


def confirm(who: Person, cast: Cast) -> list[str]:
    return deletions.confirm([license_row(who).id], cast.sam)[1]


def action(who: Person) -> Effect:
    return effects(person_id=who.id, kind=Kind.ACCOUNT)[-1]


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Staff are asked whether to delete her license."""
    return factories.proposed(cast.agency, password=PASSWORD)


@pytest.mark.parametrize("state", [life.INACTIVE, life.EXPIRED])
def test_sixty_days_bring_a_warning_and_a_week_later_the_proposal(
    state: str, cast: Cast, clock: FakeClock
) -> None:
    who = unused(cast, 52, state)
    seen = []
    for _day in range(11):
        seen.append(list(sweep().taken))
        clock.pass_by(DAY)
    assert [names for names in seen if names] == [["Warn of the deletion"], ["Propose to delete"]]
    assert (seen[1], seen[8]) == (["Warn of the deletion"], ["Propose to delete"])
    assert letters() == [("deletion_warning", who.id),
                         ("deletion_warning", cast.admin.person_id)]  # fmt: skip
    assert license_row(who).state == state


def test_however_long_ago_it_was_nobody_is_proposed_unwarned(cast: Cast, clock: FakeClock) -> None:
    who = unused(cast, 400)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}
    clock.pass_by(6 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Propose to delete": 1}
    assert steps(who)[-2:] == PROPOSED


def test_the_warning_says_from_when_on_and_what_keeps_the_license(
    cast: Cast, mailer: FakeMailer
) -> None:
    who = unused(cast, 53)
    sweep()
    drain(Kind.MAIL)
    own, to_admin = mailer.posted
    day = in_words(today() + A_WEEK)
    assert own.subject == f"Your Community Services license may be deleted from {day} on"
    assert "tell your agency admin" in own.text
    assert f"/requests/new/{REACTIVATE}?person={who.id}" in to_admin.text
    assert "/requests/new" not in own.text


def test_who_has_left_is_warned_the_next_day_and_who_is_on_leave_is_left_alone(
    cast: Cast, clock: FakeClock
) -> None:
    gone, away = someone(cast), someone(cast)
    day = today().isoformat()
    licenses.act(license_row(gone).id, "depart", cast.sam, {"on": day})
    back = (today() + 90 * DAY).isoformat()
    licenses.act(license_row(away).id, "take_leave", cast.sam, {"on": day, "back_on": back})
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}
    clock.pass_by(A_WEEK)
    assert dict(sweep().taken) == {"Propose to delete": 1}
    assert steps(gone)[-2:] == PROPOSED
    clock.pass_by(80 * DAY)
    sweep()
    assert set(PROPOSED).isdisjoint(steps(away))


def test_a_sweep_that_is_run_twice_or_by_two_at_once_proposes_once(
    cast: Cast, race: Race, clock: FakeClock
) -> None:
    who = unused(cast, 53)
    race(sweep, sweep, sweep)
    assert len(letters()) == 2
    clock.pass_by(A_WEEK)
    race(sweep, sweep, sweep)
    assert dict(sweep().taken) == {}
    assert steps(who)[-2:] == PROPOSED


def test_a_dry_run_tells_of_warnings_and_proposals_and_does_nothing(
    app: Flask, cast: Cast, clock: FakeClock
) -> None:
    who = unused(cast, 53)
    admin = db.session.get_one(Person, cast.admin.person_id)

    def dry() -> list[str]:
        result = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
        return result.output.splitlines()

    assert dry()[0] == (f"Warn of the deletion: {who.name}. Mail to {who.name} <{who.email}>, "
                        f"{admin.name} <{admin.email}>.")  # fmt: skip
    assert steps(who) == ["inactivate"]
    sweep()
    clock.pass_by(A_WEEK)
    assert dry()[0].startswith(f"Propose to delete: {who.name}.")


def test_a_warning_changes_no_license_so_many_of_them_stop_no_sweep(cast: Cast) -> None:
    people = [unused(cast, 53) for _number in range(settings().SWEEP_BRAKE_LEAST + 1)]
    report = sweep()
    assert (report.waits, dict(report.taken)) == (None, {"Warn of the deletion": len(people)})


def test_whoever_is_back_takes_the_proposal_with_them(ann: Person, clock: FakeClock) -> None:
    licenses.act(license_row(ann).id, "reactivate", THE_DESK)
    assert deletions.count(db.session()) == 0
    row = license_row(ann)
    assert (row.deletable_on, row.deletion_proposed_at) == (None, None)


def test_a_confirmed_deletion_takes_the_account_and_then_the_license(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    assert confirm(ann, cast) == []
    assert license_row(ann).state == life.INACTIVE
    assert [each.decided_by for each in deletions.under_way(db.session())] == [cast.sam.name]
    drain(Kind.ACCOUNT)
    row = license_row(ann)
    assert (row.state, row.deleted_at) == (life.DELETED, now())
    assert directory.deeds == [("delete", ann.username)]
    assert steps(ann)[-4:] == [*CONFIRMED, "delete"]
    assert [event.actor_name for event in events(ann)[-2:]] == [cast.sam.name, THE_DESK.name]
    assert (deletions.count(db.session()), deletions.under_way(db.session())) == (0, [])


def test_the_ways_in_end_with_the_license_and_the_history_stays(ann: Person, cast: Cast) -> None:
    second_steps.give_app(ann.id)
    open_session = second_steps.begin(ann.id)
    confirm(ann, cast)
    assert sessions.all_live(db.session(), ann.id) != []
    drain(Kind.ACCOUNT)
    assert sessions.all_live(db.session(), open_session.person_id) == []
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert (account.password_hash, account.hmis_access) == (None, False)
    assert second_steps.factors(ann.id) == []
    assert len(events(ann)) == 7


def test_a_role_at_the_desk_and_what_it_signs_in_with_outlive_the_license(
    ann: Person, cast: Cast
) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    second_steps.give_app(ann.id)
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert license_row(ann).state == life.DELETED
    assert (account.password_hash is None, account.disabled) == (False, False)
    assert len(grants_of(db.session(), ann.id)) == len(second_steps.factors(ann.id)) == 1


def test_an_admin_of_an_agency_that_rests_keeps_the_way_in_for_when_it_is_back(
    ann: Person, cast: Cast
) -> None:
    resting = factories.agency()
    factories.grant(ann, Role.AGENCY_ADMIN, resting.id)
    with transaction() as session:
        session.get_one(Agency, resting.id).active = False
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert license_row(ann).state == life.DELETED
    assert account.password_hash is not None


def test_whoever_comes_back_asks_for_a_new_license(ann: Person, cast: Cast) -> None:
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    ticket = factories.ticket(common.IN_REVIEW, by=cast, about=ann, type=NEW_USER)
    factories.step(ticket, "approve", cast)
    drain(Kind.ACCOUNT)
    row = license_row(ann)
    assert (row.state, row.deleted_at, row.deletion_confirmed_at) == (life.ACTIVE, None, None)


def test_confirming_twice_owes_one_deletion(ann: Person, cast: Cast, race: Race) -> None:
    license_id = license_row(ann).id
    both = race(*[lambda: deletions.confirm([license_id], cast.sam)] * 2)
    assert sorted(done for done, _why in both) == [0, 1]
    assert len(effects(person_id=ann.id, kind=Kind.ACCOUNT, status=Status.DUE)) == 1
    assert steps(ann)[-3:] == CONFIRMED


def test_an_open_request_is_decided_first(ann: Person, cast: Cast) -> None:
    ticket = factories.ticket(by=cast, about=ann, type=REACTIVATE)
    assert confirm(ann, cast) == [
        f"{ann.name}: decide on {ticket.number} first, which is open."
    ]
    assert steps(ann)[-2:] == PROPOSED


def test_nobody_decides_about_their_own_license(ann: Person, cast: Cast) -> None:
    own = replace(cast.sam, person_id=ann.id)
    license_id = license_row(ann).id
    assert deletions.confirm([license_id], own) == (
        0, ["It is your own license. A colleague at HAND has to decide."],
    )  # fmt: skip
    with pytest.raises(Refused, match="your own license"):
        deletions.keep(license_id, "I like it.", own)


def test_what_is_kept_is_proposed_again_after_as_many_days(
    ann: Person, cast: Cast, clock: FakeClock
) -> None:
    deletions.keep(license_row(ann).id, "She is back in spring.", cast.sam)
    assert (steps(ann)[-1], events(ann)[-1].data) == ("keep", {"message": "She is back in spring."})
    clock.pass_by(52 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}


def test_who_has_left_and_is_kept_has_the_same_days_as_everybody(
    cast: Cast, clock: FakeClock
) -> None:
    who = someone(cast)
    licenses.act(license_row(who).id, "depart", cast.sam, {"on": today().isoformat()})
    for _week in range(2):
        clock.pass_by(A_WEEK + DAY)
        sweep()
    assert steps(who)[-2:] == PROPOSED
    deletions.keep(license_row(who).id, "They may be back in spring.", cast.sam)
    clock.pass_by(52 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}


def test_a_leave_without_a_known_return_is_no_reason_to_delete(
    cast: Cast, clock: FakeClock
) -> None:
    who = someone(cast)
    told = {"on": today().isoformat(), "back_on": None}
    licenses.act(license_row(who).id, "take_leave", cast.sam, told)
    clock.pass_by(200 * DAY)
    assert dict(sweep().taken) == {}


def test_no_request_is_filed_about_what_is_being_deleted_until_it_is_kept(
    ann: Person, cast: Cast
) -> None:
    confirm(ann, cast)
    asking = factories.request(ann, cast.admin, type=REACTIVATE)
    with pytest.raises(Refused, match="license is being deleted; HAND can keep it"):
        tickets.open_ticket(asking, cast.admin)
    deletions.keep(license_row(ann).id, "The agency has called.", cast.sam)
    assert tickets.open_ticket(asking, cast.admin).open


def test_what_is_kept_after_all_keeps_its_account(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    confirm(ann, cast)
    deletions.keep(license_row(ann).id, "The agency has called.", cast.joan)
    assert drain(Kind.ACCOUNT) == 0
    assert directory.deeds == []
    assert (action(ann).status, action(ann).closed_reason) == (
        Status.RECALLED, "The license is kept after all.",
    )  # fmt: skip
    assert license_row(ann).state == life.INACTIVE


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


def test_nobody_is_moved_while_the_license_is_being_deleted(ann: Person, cast: Cast) -> None:
    other = factories.agency()
    confirm(ann, cast)
    for day in (today(), today() + A_WEEK):
        with pytest.raises(Refused, match="It is being deleted"):
            transfers.transfer(license_row(ann).id, Transfer(other.id, day), cast.sam)
    assert license_row(ann).facts.confirmed


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


def test_the_list_of_proposals_is_read_in_pages_the_longest_waiting_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "PAGE", 2)
    people = [factories.proposed(cast.agency) for _number in range(3)]
    first = deletions.page(db.session())
    assert [each.person.id for each in first] == [who.id for who in people]
    rest = deletions.page(db.session(), after=first[1].license.id)
    assert [each.person.id for each in rest] == [people[2].id]


def test_the_next_page_begins_at_the_top_once_the_last_of_the_one_before_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "PAGE", 2)
    people = [factories.proposed(cast.agency) for _number in range(3)]
    last = license_row(people[1]).id
    deletions.keep(last, "She is back in spring.", cast.sam)
    found = [each.person.id for each in deletions.page(db.session(), after=last)]
    assert found == [people[0].id, people[2].id]


def test_each_of_several_is_a_commit_of_its_own(cast: Cast) -> None:
    people = [factories.proposed(cast.agency) for _number in range(3)]
    factories.ticket(by=cast, about=people[1], type=REACTIVATE)
    ids = [license_row(who).id for who in people]
    done, reasons = deletions.confirm(ids, cast.sam)
    assert (done, len(reasons)) == (2, 1)
    with transaction():
        assert [license_row(who).facts.confirmed for who in people] == [True, False, True]
