"""The daily sweep: licenses take the steps that are due, each once, whoever runs it how often."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, now
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import licenses, sign_in
from helpdesk.services.facts import today
from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import (
    DAY,
    change,
    events,
    letters,
    license_row,
    roster_tells_of,
    someone,
    steps,
)
from tests.helpdesk.conftest import Dump, Race
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common
from workflows import license as life
from workflows.guards import RECERTIFY
from workflows.training import STANDARD, Purpose

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]
YEARLY = [course.label for course in STANDARD.required(None, Purpose.YEARLY)]


def taken() -> dict[str, int]:
    report = sweep()
    assert report.well
    return dict(report.taken)


def test_a_license_that_ends_soon_is_reminded_of_to_its_holder_and_the_agencys_admins(
    cast: Cast,
) -> None:
    factories.admin(factories.agency())
    ann = someone(cast, ends_in=30)
    assert taken() == {"Remind of the expiry": 1}
    assert letters() == [("expires_soon", ann.id), ("expires_soon", cast.admin.person_id)]
    until = (today() + 30 * DAY).isoformat()
    assert events(ann)[-1].data == {"until": until, "days": 30, "courses": YEARLY}
    assert license_row(ann).state == life.ACTIVE


def test_the_last_day_counts_and_the_day_after_it_is_too_late(
    cast: Cast, clock: FakeClock
) -> None:
    ann = someone(cast, ends_in=0)
    clock.pass_by(timedelta(hours=13, minutes=59))  # a minute to midnight, in Detroit
    taken()
    assert license_row(ann).state == life.ACTIVE
    clock.pass_by(timedelta(minutes=1))
    assert taken() == {"Expire": 1}
    row = license_row(ann)
    assert (row.state, row.expired_at) == (life.EXPIRED, now())
    assert letters()[2:] == [("expired", ann.id), ("expired", cast.admin.person_id)]


def test_thirty_days_without_a_log_in_bring_a_notice_and_five_more_end_it(
    cast: Cast, clock: FakeClock
) -> None:
    ann = someone(cast, idle=29)
    seen = []
    for _day in range(8):
        seen.append(dict(taken()))
        clock.pass_by(DAY)
    notice, end = {"Notice of no log-in": 1}, {"Inactivate": 1}
    assert seen == [{}, notice, {}, {}, {}, {}, {}, end]
    assert steps(ann) == ["notice_idle", "inactivate"]
    assert license_row(ann).state == life.INACTIVE


def test_a_log_in_begins_the_days_anew(cast: Cast, clock: FakeClock) -> None:
    ann = someone(cast, idle=34, password=PASSWORD)
    taken()
    clock.pass_by(timedelta(hours=1))
    assert isinstance(sign_in.sign_in(ann.username or "", PASSWORD, "10.0.0.1"), sign_in.SignedIn)
    clock.pass_by(29 * DAY)
    assert taken() == {}
    clock.pass_by(DAY)
    assert taken() == {"Notice of no log-in": 1}
    assert steps(ann) == ["notice_idle", "notice_idle"]


@pytest.mark.parametrize(
    ("state", "step"),
    [(life.REQUESTED, "create"), (life.LOCKED, "unlock"), (life.INACTIVE, "reactivate"),
     (life.ACTIVE, "extend")],
)  # fmt: skip
def test_idle_days_count_from_what_made_the_license_usable(
    state: str, step: str, cast: Cast, clock: FakeClock
) -> None:
    ann = someone(cast, state, idle=90)
    licenses.act(license_row(ann).id, step, THE_DESK)
    change(ann, log_in_by=None)
    clock.pass_by(29 * DAY)
    assert taken() == {}
    clock.pass_by(DAY)
    assert taken() == {"Notice of no log-in": 1}


def test_what_nobody_knows_is_never_due(cast: Cast) -> None:
    ann = someone(cast, idle=None, ends_in=None)
    assert taken() == {}
    assert steps(ann) == []


def test_a_license_of_no_agency_is_left_alone(cast: Cast) -> None:
    ann = someone(cast, idle=99, ends_in=-9)
    change(ann, agency_id=None)
    assert taken() == {}


@pytest.mark.parametrize("state", [life.REQUESTED, life.NOT_ISSUED, life.DELETED])
def test_a_license_that_nobody_holds_has_no_deadlines(state: str, cast: Cast) -> None:
    someone(cast, state, idle=99, ends_in=-9)
    assert taken() == {}


def test_a_suspended_license_expires_and_nobody_is_told_to_renew_it(cast: Cast) -> None:
    ann = someone(cast, life.SUSPENDED, ends_in=-1)
    assert taken() == {"Expire": 1}
    assert (license_row(ann).state, letters()) == (life.SUSPENDED, [])
    assert license_row(ann).expired_at is not None


def test_whoever_is_both_licensee_and_admin_is_told_once(cast: Cast) -> None:
    own = factories.person()
    factories.grant(own, Role.AGENCY_ADMIN, cast.agency.id)
    factories.give_license(own, life.ACTIVE, cast.agency)
    change(own, expires_on=today() + DAY)
    taken()
    assert sorted(who for _name, who in letters()) == sorted([own.id, cast.admin.person_id or 0])


def test_a_second_sweep_changes_nothing(cast: Cast, dump: DumpNow) -> None:
    someone(cast, ends_in=7)
    someone(cast, ends_in=-1)
    someone(cast, idle=30)
    someone(cast, idle=36)
    assert sum(taken().values()) == 4
    before = dump()
    assert taken() == {}
    assert dump() == before


def test_after_missed_days_only_the_nearest_reminder_is_sent(
    cast: Cast, clock: FakeClock
) -> None:
    ann = someone(cast, ends_in=61, idle=None)
    clock.pass_by(57 * DAY)
    assert taken() == {"Remind of the expiry": 1}
    assert events(ann)[-1].data["days"] == 7
    clock.pass_by(3 * DAY)
    assert taken() == {"Remind of the expiry": 1}
    assert events(ann)[-1].data["days"] == 1


def test_after_missed_days_everything_ends_as_it_would_have(
    cast: Cast, clock: FakeClock
) -> None:
    """Idle first, expired then: both facts hold, as though each day had been swept."""
    ann = someone(cast, idle=0, ends_in=50)
    clock.pass_by(90 * DAY)
    assert taken() == {"Inactivate": 1, "Expire": 1}
    row = license_row(ann)
    assert (row.state, row.inactive_at, row.expired_at) == (life.EXPIRED, now(), now())
    assert steps(ann) == ["inactivate", "expire"]


def test_four_sweeps_at_once_are_as_one(cast: Cast, race: Race) -> None:
    people = [someone(cast, ends_in=-1), someone(cast, ends_in=7), someone(cast, idle=30)]
    reports = race(*[sweep] * 4)
    assert [report.failed for report in reports] == [0] * 4
    assert sum(sum(report.taken.values()) for report in reports) == 3
    assert [len(steps(ann)) for ann in people] == [1, 1, 1]
    assert len(letters()) == 6


def test_one_that_cannot_go_on_keeps_no_other_from_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bea = someone(cast, ends_in=-1), someone(cast, ends_in=-1)
    act, odd = licenses.act, license_row(ann).id

    def broken_for_one(license_id: int, *more: object) -> object:
        if license_id == odd:
            raise RuntimeError("something odd")
        return act(license_id, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(licenses, "act", broken_for_one)
    report = sweep()
    assert (report.failed, report.well, dict(report.taken)) == (1, False, {"Expire": 1})
    assert (license_row(ann).state, license_row(bea).state) == (life.ACTIVE, life.EXPIRED)


def test_more_licenses_than_are_read_at_once_are_all_swept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.services.sweep.calendar.CHUNK", 2)
    people = [someone(cast, ends_in=-1) for _number in range(5)]
    assert taken() == {"Expire": 5}
    assert {license_row(ann).state for ann in people} == {life.EXPIRED}


def test_courses_of_the_last_renewal_are_missing_again_and_new_ones_are_not(
    cast: Cast, clock: FakeClock
) -> None:
    ann = someone(cast, ends_in=10)
    first, *others = [course.name for course in STANDARD.required(None, Purpose.YEARLY)]
    done = {first: today() - 20 * DAY} | dict.fromkeys(others, today() - 350 * DAY)
    fields = {"courses": {name: day.isoformat() for name, day in done.items()}}
    row = factories.ticket(common.IN_REVIEW, by=cast, about=ann, type=RECERTIFY)
    with transaction():
        row.fields = fields
    for step in ("approve", "setup_started", "provisioned"):
        factories.step(row, step, cast)
    taken()
    assert events(ann)[-1].data["courses"] == YEARLY[1:]


def test_the_mails_name_the_courses_and_lead_to_the_form_for_this_very_person(
    cast: Cast, mailer: FakeMailer
) -> None:
    ann = someone(cast, ends_in=14)
    taken()
    drain(Kind.MAIL)
    own, to_admin = mailer.posted
    assert own.to == ann.email
    assert own.subject == "Your Community Services license expires in 14 days"
    assert to_admin.subject == f"{ann.name}’s Community Services license expires in 14 days"
    for mail in (own, to_admin):
        assert all(f"- {label}" in mail.text for label in YEARLY)
    form = "http://127.0.0.1:8000/requests/new/recertification"
    assert f"{form}\n" in own.text
    assert f"{form}?person={ann.id}\n" in to_admin.text


def test_whoever_cannot_sign_in_is_shown_the_way_that_needs_no_password(
    cast: Cast, mailer: FakeMailer
) -> None:
    someone(cast, life.LOCKED, ends_in=14)
    someone(cast, ends_in=-1)
    taken()
    drain(Kind.MAIL)
    of_licensees = mailer.posted[::2]
    assert len(of_licensees) == 2
    assert all("http://127.0.0.1:8000/cant-log-in" in mail.text for mail in of_licensees)
    to_admins = mailer.posted[1::2]
    assert "/requests/new/request_new_password?person=" in to_admins[0].text
    assert "/requests/new/recertification?person=" in to_admins[1].text


def test_an_inactive_license_is_brought_back_by_the_admins_request(
    cast: Cast, mailer: FakeMailer
) -> None:
    ann = someone(cast, idle=36)
    taken()
    drain(Kind.MAIL)
    own, to_admin = mailer.posted
    assert "36 days" in own.text
    assert f"/requests/new/reactivate_license?person={ann.id}" in to_admin.text
    assert "/requests/new" not in own.text


def test_a_dry_run_tells_what_would_be_done_and_to_whom_and_does_nothing(
    app: Flask, cast: Cast, dump: DumpNow
) -> None:
    ann, bea = someone(cast, ends_in=-1), someone(cast, ends_in=7, email=factories.NO_EMAIL)
    before = dump()
    result = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
    assert dump() == before
    admin = f"{cast.admin.name} <{db.session.get_one(Person, cast.admin.person_id).email}>"
    assert result.output.splitlines() == [
        f"Expire: {ann.name}. Mail to {ann.name} <{ann.email}>, {admin}.",
        f"Remind of the expiry: {bea.name}. Mail to {admin}.",
        f"Send the weekly email: {cast.admin.name}. Mail to {admin}.",
        "Expire: 1",
        "Remind of the expiry: 1",
        "Send the weekly email: 1",
        "Nothing was done, and nobody was told.",
    ]
    assert result.exit_code == 0


def test_the_command_takes_the_steps_and_sends_their_mails(
    app: Flask, cast: Cast, mailer: FakeMailer
) -> None:
    ann = someone(cast, ends_in=-1)
    result = app.test_cli_runner().invoke(args=["sweep"])
    assert (result.exit_code, result.output.splitlines()) == (
        0, ["Expire: 1", "Send the weekly email: 1", "Performed 3 effects."]
    )  # fmt: skip
    assert len(mailer.posted) == 3
    assert license_row(ann).state == life.EXPIRED
    again = app.test_cli_runner().invoke(args=["sweep"])
    assert (again.exit_code, again.output) == (0, "Performed 0 effects.\n")


def test_the_command_fails_when_a_license_was_left_as_it_is(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone(cast, ends_in=-1)
    monkeypatch.delattr(licenses, "act")
    for args in (["sweep"], ["sweep", "--dry-run"]):
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code == 1
        assert "1 could not go on" in result.output


def test_the_worker_sweeps(app: Flask, cast: Cast) -> None:
    ann = someone(cast, ends_in=-1)
    app.extensions["jobs"]._run_sweep()
    assert license_row(ann).state == life.EXPIRED


def test_log_ins_that_nobody_told_of_for_a_week_stop_the_idle_part_only(make_app: MakeApp) -> None:
    clock = FakeClock()
    app = make_app(DIRECTORY="manual")
    app.extensions["clock"] = clock
    with app.app_context():
        cast = factories.cast()
        people = [someone(cast, idle=25), someone(cast, idle=30), someone(cast, idle=None)]
        change(people[2], idle_from=now() - 90 * DAY)
        roster_tells_of(people)
        clock.pass_by(7 * DAY)
        assert taken() == {"Notice of no log-in": 1}
        clock.pass_by(DAY)
        change(people[0], expires_on=today() - DAY)
        assert dict(sweep().taken) == {"Expire": 1}
        assert [steps(who) for who in people] == [["expire"], ["notice_idle"], []]


def test_a_roster_judges_nobody_but_those_it_told_of(make_app: MakeApp) -> None:
    with make_app(DIRECTORY="manual").app_context():
        cast = factories.cast()
        ann, ben = someone(cast, idle=40), someone(cast, idle=40)
        roster_tells_of([ann])
        assert taken() == {"Inactivate": 1}
        assert (steps(ann), steps(ben)) == (["inactivate"], [])


def test_where_nobody_tells_of_log_ins_nobody_is_idle(make_app: MakeApp) -> None:
    with make_app(DIRECTORY="manual").app_context():
        someone(factories.cast(), idle=99)
        assert taken() == {}


def test_numbers_are_the_sites_own(make_app: MakeApp) -> None:
    app = make_app(EXPIRY_REMINDERS=(10,), IDLE_NOTICE_DAYS=3, IDLE_GRACE_DAYS=1)
    with app.app_context():
        cast = factories.cast()
        people = [someone(cast, ends_in=11), someone(cast, ends_in=10), someone(cast, idle=3),
                  someone(cast, idle=5)]  # fmt: skip
        taken()
        made_of = [steps(person) for person in people]
    assert made_of == [[], ["remind"], ["notice_idle"], ["inactivate"]]
