"""Departures and leaves: what is reported, what comes of it on the day, what can be taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from helpdesk.actor import THE_DESK, Actor
from helpdesk.directory.base import DirectoryRefused
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.event import license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import absences, licenses, repairs, sessions, tickets
from helpdesk.services.absences import Absence, Report
from helpdesk.services.facts import today
from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Dump
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import Fails, FakeClock, FakeDirectory
from workflows import license as life
from workflows.common import APPROVED, IN_REVIEW
from workflows.engine import Refused
from workflows.guards import REACTIVATE

pytestmark = pytest.mark.usefixtures("clock")
A_WEEK = timedelta(days=7)


def license_row(of: Person) -> License:
    row = license_of(db.session(), of.id)
    assert row is not None
    return row


def leaves(on: date, words: str = "") -> Report:
    return Report(Absence.DEPARTURE, on, words=words)


def away(on: date, back_on: date | None = None) -> Report:
    return Report(Absence.LEAVE, on, back_on)


def report(about: Person, told: Report, by: Actor) -> License:
    return absences.report(license_row(about).id, told, by)


def owed(about: License) -> dict[str, list[str]]:
    """What is owed for the license's own steps, by what it is: whom each goes to, by username."""
    found: dict[str, list[str]] = {}
    for effect in db.session.query(Effect).order_by(Effect.id):
        if effect.key.startswith(f"license:{about.id}:") and effect.status is Status.DUE:
            what = effect.payload.get("action") or effect.payload["folders"][0]
            person = db.session.get_one(Person, effect.person_id)
            found.setdefault(what, []).append(person.username or "")
    return found


def test_a_departure_today_ends_everything_at_once_and_tells_both(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    with transaction() as session:
        sessions.begin(session, ann.id, Proof.PASSWORD)
    row = report(ann, leaves(today(), "Her contract ended."), cast.admin)
    assert (row.state, row.departed_on) == (life.INACTIVE, today())
    assert db.session.query(WebSession).filter_by(person_id=ann.id, ended_at=None).count() == 0
    admin = db.session.get_one(Person, cast.admin.person_id)
    assert owed(row) == {
        "deactivate": [ann.username],
        "license/departed": [ann.username, admin.username],
    }
    last = license_history(db.session(), row.id)[-1]
    assert (last.actor_id, last.data["message"]) == (cast.admin.person_id, "Her contract ended.")


def test_a_last_day_to_come_is_kept_told_of_and_can_be_taken_back(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, leaves(today() + A_WEEK), cast.sam)
    assert (row.state, row.departs_on) == (life.ACTIVE, today() + A_WEEK)
    assert set(owed(row)) == {"license/departure_planned"}
    row = absences.cancel(row.id, Absence.DEPARTURE, cast.admin)
    assert (row.state, row.departs_on) == (life.ACTIVE, None)
    assert set(owed(row)) == {"license/departure_planned", "license/departure_canceled"}
    with pytest.raises(Refused, match="no departure to take back"):
        absences.cancel(row.id, Absence.DEPARTURE, cast.admin)


def test_the_same_report_sent_twice_is_one(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    for told in (away(today() + A_WEEK), leaves(today() + A_WEEK), leaves(today())):
        row = report(ann, told, cast.admin)
        version, mails = row.version, owed(row)
        row = report(ann, told, cast.admin)
        assert (row.version, owed(row)) == (version, mails)


def test_what_was_planned_ends_with_the_license_and_with_a_move(cast: Cast) -> None:
    for trigger in ("note_deletion", life.MOVE):
        ann = factories.licensee(life.ACTIVE, of=cast.agency)
        report(ann, away(today() + A_WEEK, today() + 2 * A_WEEK), cast.admin)
        row = report(ann, leaves(today() + A_WEEK), cast.admin)
        by = factories.staff(manager=True) if trigger == life.MOVE else THE_DESK
        row = licenses.act(row.id, trigger, by, {"agency_id": cast.agency.id})
        assert (row.departs_on, row.leave_from, row.leave_until) == (None, None, None)


def test_a_move_keeps_the_day_of_return_of_a_leave_that_has_begun(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, away(today(), today() + A_WEEK), cast.admin)
    manager, elsewhere = factories.staff(manager=True), factories.agency()
    row = licenses.act(row.id, life.MOVE, manager, {"agency_id": elsewhere.id})
    assert (row.on_leave_since, row.leave_until) == (today(), today() + A_WEEK)


def test_a_renewal_keeps_the_day_of_return_of_a_leave_to_come(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, away(today() + A_WEEK, today() + 2 * A_WEEK), cast.admin)
    until = (today() + timedelta(days=365)).isoformat()
    row = licenses.act(row.id, "extend", THE_DESK, {"until": until})
    assert (row.leave_from, row.leave_until) == (today() + A_WEEK, today() + 2 * A_WEEK)


def test_a_leave_today_makes_the_license_inactive_until_it_is_reactivated(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, away(today(), today() + A_WEEK), cast.admin)
    assert (row.state, row.on_leave_since, row.leave_until) == (
        life.INACTIVE, today(), today() + A_WEEK)  # fmt: skip
    assert set(owed(row)) == {"deactivate", "license/on_leave"}
    row = report(ann, away(today(), today() + 2 * A_WEEK), cast.admin)
    assert row.leave_until == today() + 2 * A_WEEK
    row = licenses.act(row.id, "reactivate", THE_DESK)
    assert (row.state, row.on_leave_since, row.leave_until) == (life.ACTIVE, None, None)


def test_a_leave_to_come_is_kept_and_can_be_taken_back(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, away(today() + A_WEEK), cast.admin)
    assert (row.state, row.leave_from, row.leave_until) == (life.ACTIVE, today() + A_WEEK, None)
    row = absences.cancel(row.id, Absence.LEAVE, cast.admin)
    assert (row.state, row.leave_from) == (life.ACTIVE, None)


@pytest.mark.parametrize("state", [life.LOCKED, life.EXPIRED, life.SUSPENDED, life.INACTIVE])
def test_whatever_state_a_license_is_in_its_holder_can_leave(state: str, cast: Cast) -> None:
    ann = factories.licensee(state, of=cast.agency)
    row = report(ann, leaves(today()), cast.admin)
    assert row.facts.inactive
    assert row.facts.left
    assert row.state in {state, life.INACTIVE}


def test_others_report_nothing(cast: Cast, dump: Callable[[], Dump]) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    others = (factories.cast().admin, factories.as_licensee(ann))
    before = dump()
    for other in others:
        for told in (leaves(today()), away(today()), leaves(today() + A_WEEK)):
            with pytest.raises(Refused):
                report(ann, told, other)
    assert dump() == before


def test_the_roles_at_the_agency_end_and_no_others(cast: Cast) -> None:
    elsewhere = factories.agency()
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    factories.grant(ann, Role.AGENCY_ADMIN, elsewhere.id)
    factories.grant(ann, Role.STAFF)
    row = report(ann, leaves(today()), cast.sam)
    left = {(g.role, g.agency_id) for g in db.session.query(Grant).filter_by(person_id=ann.id)}
    assert left == {(Role.AGENCY_ADMIN, elsewhere.id), (Role.STAFF, None)}
    assert "license/forsaken" not in owed(row)


def test_hand_is_told_when_the_last_admin_has_left(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    admin = db.session.query(Grant).filter_by(person_id=cast.admin.person_id).one()
    with transaction() as session:
        session.delete(session.merge(admin))
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    row = report(ann, leaves(today()), cast.sam)
    sam = db.session.get_one(Person, cast.sam.person_id)
    assert sam.username in owed(row)["license/forsaken"]


def test_the_account_is_deactivated_once_in_order_with_whatever_else_is_owed(
    cast: Cast, directory: FakeDirectory
) -> None:
    ann = factories.licensee(life.INACTIVE, of=cast.agency)
    ticket = factories.ticket(APPROVED, by=cast, about=ann, type=REACTIVATE, owing=True)
    row = report(ann, leaves(today()), cast.admin)
    key = f"license:{row.id}:{row.version}:0"
    for _ in range(2):
        drain(Kind.ACCOUNT)
        assert directory.deeds == [("deactivate", ann.username)]
        assert directory.asked == [key]
    assert license_row(ann).state == life.INACTIVE
    ticket = db.session.get_one(Ticket, ticket.id)
    assert (ticket.state, ticket.needs_attention) == (APPROVED, True)


def test_a_failed_deactivation_is_seen_by_staff_and_can_be_tried_again(
    cast: Cast, directory: FakeDirectory
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, leaves(today()), cast.admin)
    directory.plan.append(Fails(DirectoryRefused("There is no account of that name.")))
    drain(Kind.ACCOUNT)
    (effect,) = db.session.query(Effect).filter_by(kind=Kind.ACCOUNT, person_id=ann.id)
    assert (effect.status, effect.error) == (Status.DEAD, "There is no account of that name.")
    assert license_row(ann).state == life.INACTIVE
    repairs.retry(effect.id)
    drain(Kind.ACCOUNT)
    assert directory.asked == [f"license:{row.id}:{row.version}:0"] * 2
    assert directory.deeds == [("deactivate", ann.username)]


def test_a_request_from_before_they_left_brings_nobody_back(cast: Cast, clock: FakeClock) -> None:
    ann = factories.licensee(life.INACTIVE, of=cast.agency)
    before = factories.ticket(IN_REVIEW, by=cast, about=ann, type=REACTIVATE)
    clock.pass_by(timedelta(hours=1))
    report(ann, leaves(today()), cast.admin)
    with pytest.raises(Refused, match="has left the agency since this was filed"):
        factories.step(before, "approve", cast)
    factories.step(before, "reject", cast)
    clock.pass_by(timedelta(hours=1))
    after = factories.ticket(IN_REVIEW, by=cast, about=ann, type=REACTIVATE)
    assert factories.step(after, "approve", cast).state == APPROVED
    for step in ("setup_started", "provisioned"):
        tickets.act(after.id, step, cast.actor(step))


def test_what_is_told_of_a_day_says_the_day(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, away(date(2026, 12, 1), date(2027, 2, 1)), cast.admin)
    says: dict[str, Any] = (
        db.session.query(Effect).filter(Effect.key.startswith(f"license:{row.id}:"))
        .filter_by(kind=Kind.MAIL).first() or Effect(payload={})
    ).payload["says"]  # fmt: skip
    assert (says["on_words"], says["back_words"]) == ("Dec 1, 2026", "Feb 1, 2027")
    assert (says["agency_name"], says["actor_name"]) == (cast.agency.name, cast.admin.name)


def swept() -> dict[str, int]:
    report = sweep()
    assert report.well
    return dict(report.taken)


def test_the_day_after_the_last_one_the_desk_does_it_in_the_name_of_who_told(
    cast: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    row = report(ann, leaves(today() + A_WEEK, "A new job."), cast.admin)
    clock.pass_by(A_WEEK)
    assert swept() == {}
    clock.pass_by(timedelta(days=1))
    assert swept() == {"Report a departure": 1}
    assert swept() == {}
    row = license_row(ann)
    assert (row.state, row.departed_on, row.departs_on) == (
        life.INACTIVE, today() - timedelta(days=1), None)  # fmt: skip
    (mail, *_) = [
        effect for effect in db.session.query(Effect).filter_by(kind=Kind.MAIL)
        if effect.payload["folders"] == ["license/departed"]
    ]  # fmt: skip
    assert mail.payload["says"]["actor_name"] == cast.admin.name
    assert mail.payload["says"]["message"] == "A new job."
    assert license_history(db.session(), row.id)[-1].actor_id is None


def test_a_leave_begins_on_its_day_and_its_end_is_told_of_once(
    cast: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    report(ann, away(today() + A_WEEK, today() + 2 * A_WEEK), cast.admin)
    clock.pass_by(A_WEEK)
    assert swept() == {"Report a leave": 1}
    row = license_row(ann)
    assert (row.state, row.leave_from) == (life.INACTIVE, None)
    clock.pass_by(A_WEEK)
    assert swept() == {"Note the end of the leave": 1}
    assert swept() == {}
    told = owed(row)["license/leave_over"]
    assert len(told) == 2
    says = [
        effect.payload["says"] for effect in db.session.query(Effect).filter_by(kind=Kind.MAIL)
        if effect.payload["folders"] == ["license/leave_over"]
    ]  # fmt: skip
    path = f"/requests/new/{REACTIVATE}?person={ann.id}"
    assert {each["recipient"]: each["path"] for each in says} == {"licensee": None, "admins": path}


def test_a_leave_that_goes_on_is_told_of_again_at_its_new_end(
    cast: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    report(ann, away(today(), today() + A_WEEK), cast.admin)
    clock.pass_by(A_WEEK)
    assert swept() == {"Note the end of the leave": 1}
    report(ann, away(today() - A_WEEK, today() + A_WEEK), cast.admin)
    assert swept() == {}
    clock.pass_by(A_WEEK)
    assert swept() == {"Note the end of the leave": 1}


def test_who_has_left_is_not_reminded_and_the_license_expires_without_a_word(
    cast: Cast, clock: FakeClock
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    with transaction():
        license_row(ann).expires_on = today() + timedelta(days=40)
    report(ann, leaves(today()), cast.admin)
    seen = []
    for _week in range(10):
        clock.pass_by(A_WEEK)
        seen.append(swept())
    assert [each for each in seen if each] == [
        {"Warn of the deletion": 1}, {"Propose to delete": 1}, {"Expire after a departure": 1},
    ]  # fmt: skip
    assert license_row(ann).state == life.EXPIRED
    mails = effects(kind=Kind.MAIL)
    assert {name_of(mail) for mail in mails} == {"departed", "deletion_warning"}
