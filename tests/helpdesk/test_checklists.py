"""The manual directory: an account action waits for staff's hands, and nothing claims it is done
before its last step is confirmed."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from helpdesk.actor import THE_DESK
from helpdesk.directory.base import HandedOver
from helpdesk.extensions import db, settings
from helpdesk.jobs.drain import drain
from helpdesk.models.checklist import Checklist
from helpdesk.models.effect import Kind, Status
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox import performers
from helpdesk.services import checklists, licenses, provisioning, queue, repairs
from helpdesk.services.checklists import NotYours, Overtaken
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import ANY_STAFF, Cast
from tests.helpdesk.accounts import approve, fresh, license_row, triggers, unlocks
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import action_of, effects, mails_of, owe_some, take
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common
from workflows import license as life
from workflows.engine import Needs
from workflows.guards import NEW_USER

pytestmark = pytest.mark.usefixtures("clock", "by_hand")

LONG = timedelta(days=30)
LEASE = Config().EFFECT_LEASE


@pytest.fixture
def by_hand(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY="manual")


@pytest.fixture
def waiting(cast: Cast) -> Ticket:
    """Approved, and handed over to staff."""
    ticket = approve(cast)
    assert drain(Kind.ACCOUNT) == 1
    return ticket


def checklist_of(ticket: Ticket) -> Checklist:
    query = select(Checklist).where(Checklist.key == action_of(ticket).key)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def carry_out(ticket: Ticket, *hands: Any) -> None:
    """All steps that are left, by these people in turn."""
    row = checklist_of(ticket)
    for place in range(len(row.confirmed), len(row.steps)):
        checklists.confirm(row.id, row.round, place, hands[place % len(hands)])


def words_of(row: Checklist) -> str:
    return "\n".join(step["says"] for step in row.steps)


def values_of(row: Checklist) -> dict[str, str]:
    return {label: value for step in row.steps for label, value in step["copy"]}


def test_an_approved_action_waits_for_staff_and_claims_nothing(waiting: Ticket) -> None:
    ticket = fresh(waiting)
    assert (ticket.state, ticket.waits_on) == (common.BEING_SET_UP, Needs.STAFF)
    assert triggers(ticket)[-2:] == ["setup_started", "hand_to_staff"]
    assert action_of(ticket).status is Status.HANDED_OVER
    assert license_row(ticket).state == life.LOCKED
    assert "completed" not in [name for name, _person in mails_of(ticket, None)]


def test_the_queue_shows_it_among_what_staff_have_to_do(waiting: Ticket, cast: Cast) -> None:
    page = queue.read_page(db.session(), queue.View.MINE, queue.Filters(), cast.sam.person_id)
    assert [line.id for line in page.lines] == [waiting.id]


def test_waiting_costs_no_attempts_however_long_it_takes(
    waiting: Ticket, clock: FakeClock
) -> None:
    for _ in range(3):
        clock.pass_by(LONG)
        assert drain(Kind.ACCOUNT) == 0
    assert (action_of(waiting).status, action_of(waiting).attempts) == (Status.HANDED_OVER, 1)


def test_the_last_confirmed_step_completes_the_ticket_whoever_did_the_others(
    waiting: Ticket, cast: Cast
) -> None:
    carry_out(waiting, cast.sam, cast.joan)
    ticket = fresh(waiting)
    assert (ticket.state, action_of(ticket).status) == (common.COMPLETED, Status.DONE)
    assert (license_row(ticket).state, unlocks(ticket)) == (life.ACTIVE, 1)
    assert [name for name, _person in mails_of(ticket)][-2:] == ["completed", "completed"]
    last = history(db.session(), ticket.id)[-1]
    assert last.data == {"message": f"Carried out in Community Services by {cast.joan.name}."}
    row = checklist_of(ticket)
    assert [each["name"] for each in row.confirmed] == [cast.sam.name, cast.joan.name] * 2
    assert row.closed_by_id == cast.joan.person_id


def test_nothing_is_completed_before_the_last_step(waiting: Ticket, cast: Cast) -> None:
    row = checklist_of(waiting)
    for place in range(len(row.steps) - 1):
        checklists.confirm(row.id, row.round, place, cast.sam)
        assert fresh(waiting).state == common.BEING_SET_UP
        assert license_row(waiting).state == life.LOCKED


def test_confirming_twice_is_harmless(waiting: Ticket, cast: Cast) -> None:
    row = checklist_of(waiting)
    checklists.confirm(row.id, row.round, 0, cast.sam)
    checklists.confirm(row.id, row.round, 0, cast.sam)
    assert len(checklist_of(waiting).confirmed) == 1
    carry_out(waiting, cast.sam)
    steps = triggers(waiting)
    checklists.confirm(row.id, row.round, len(row.steps) - 1, cast.sam)
    assert triggers(waiting) == steps


def test_a_colleagues_step_is_not_confirmed_again_and_none_is_skipped(
    waiting: Ticket, cast: Cast
) -> None:
    row = checklist_of(waiting)
    checklists.confirm(row.id, row.round, 0, cast.sam)
    for place in (0, 2, 99, -1):
        with pytest.raises(Overtaken):
            checklists.confirm(row.id, row.round, place, cast.joan)
    assert [each["by"] for each in checklist_of(waiting).confirmed] == [cast.sam.person_id]


def test_of_two_who_confirm_the_last_step_at_once_one_completes_it(
    waiting: Ticket, cast: Cast, race: Race
) -> None:
    row = checklist_of(waiting)
    last = len(row.steps) - 1
    for place in range(last):
        checklists.confirm(row.id, row.round, place, cast.sam)
    ended = race(
        lambda: checklists.confirm(row.id, row.round, last, cast.sam),
        lambda: checklists.confirm(row.id, row.round, last, cast.joan),
    )
    assert sorted(type(each).__name__ for each in ended) == ["NoneType", "Overtaken"]
    assert triggers(waiting).count("provisioned") == 1
    assert unlocks(waiting) == 1


def test_what_cannot_be_done_needs_attention_and_can_be_tried_again(
    waiting: Ticket, cast: Cast
) -> None:
    row = checklist_of(waiting)
    checklists.confirm(row.id, row.round, 0, cast.sam)
    checklists.could_not(row.id, row.round, "There is no such user.", cast.sam)
    ticket = fresh(waiting)
    assert (ticket.state, ticket.needs_attention) == (common.APPROVED, True)
    assert action_of(ticket).status is Status.DEAD
    why = f"{cast.sam.name} could not do it: There is no such user."
    assert (action_of(ticket).error, history(db.session(), ticket.id)[-1].data["message"]) == (
        why, why,
    )  # fmt: skip
    with transaction():
        db.session.get_one(Person, ticket.person_id).email = "new@agency.example"
    repairs.retry(action_of(ticket).id)
    drain(Kind.ACCOUNT)
    again = checklist_of(ticket)
    assert (again.id, again.round, again.confirmed) == (row.id, 2, [])
    assert values_of(again)["Email"] == "new@agency.example"
    with pytest.raises(checklists.Overtaken):
        checklists.confirm(again.id, 1, 0, cast.joan)  # on a page of the round before
    carry_out(ticket, cast.joan)
    assert fresh(ticket).state == common.COMPLETED
    assert not fresh(ticket).needs_attention


def test_a_page_of_an_earlier_round_ends_no_later_one(waiting: Ticket, cast: Cast) -> None:
    row = checklist_of(waiting)
    checklists.could_not(row.id, 1, "There is no such user.", cast.sam)
    repairs.retry(action_of(waiting).id)
    drain(Kind.ACCOUNT)
    with pytest.raises(Overtaken):
        checklists.could_not(row.id, 1, "There is no such user.", cast.joan)
    assert action_of(waiting).status is Status.HANDED_OVER


def test_nobody_ends_what_has_ended(waiting: Ticket, cast: Cast) -> None:
    carry_out(waiting, cast.sam)
    row = checklist_of(waiting)
    with pytest.raises(Overtaken):
        checklists.could_not(row.id, row.round, "It went wrong after all.", cast.joan)
    with pytest.raises(Overtaken):
        checklists.confirm(row.id, row.round, 0, cast.joan)
    assert fresh(waiting).state == common.COMPLETED


def test_nobody_carries_out_what_is_about_themselves(waiting: Ticket) -> None:
    row, owner = checklist_of(waiting), db.session.get_one(Person, waiting.person_id)
    themselves = replace(ANY_STAFF, person_id=owner.id, name=owner.name)
    with pytest.raises(NotYours):
        checklists.confirm(row.id, row.round, 0, themselves)
    with pytest.raises(NotYours):
        checklists.could_not(row.id, 1, "No.", themselves)
    assert checklist_of(waiting).confirmed == []


def test_a_worker_that_dies_in_between_leaves_one_checklist_and_the_next_hands_it_over(
    cast: Cast, clock: FakeClock
) -> None:
    ticket = approve(cast)
    (claimed,) = take(Kind.ACCOUNT)
    assert provisioning.start(claimed)
    with suppress(HandedOver):
        performers.change_account(claimed)
    row = checklist_of(ticket)
    assert checklists.open_tasks(db.session(), 10) == []
    with pytest.raises(Overtaken):
        checklists.confirm(row.id, row.round, 0, cast.sam)
    clock.pass_by(LEASE)
    assert drain(Kind.ACCOUNT) == 1
    assert checklist_of(ticket).id == row.id
    assert triggers(ticket).count("hand_to_staff") == 1
    carry_out(ticket, cast.sam)
    assert fresh(ticket).state == common.COMPLETED


def test_a_license_that_is_deleted_meanwhile_makes_a_visible_failure(
    waiting: Ticket, cast: Cast
) -> None:
    licenses.act(license_row(waiting).id, "note_deletion", THE_DESK)
    carry_out(waiting, cast.sam)
    assert action_of(waiting).status is Status.DEAD
    assert (action_of(waiting).error or "").startswith("The account was changed, but:")
    assert fresh(waiting).needs_attention


def test_later_actions_of_one_license_wait_for_it_and_others_do_not(
    waiting: Ticket, cast: Cast
) -> None:
    owe_some(waiting.person_id, "later", kind=Kind.ACCOUNT, lane=action_of(waiting).lane)
    other = approve(cast)
    assert [each.key for each in take(Kind.ACCOUNT)] == [action_of(other).key]


def test_what_is_said_meanwhile_leaves_it_with_staff(waiting: Ticket, cast: Cast) -> None:
    for trigger in ("comment", "note"):
        factories.step(waiting, trigger, cast)
        assert fresh(waiting).waits_on == Needs.STAFF


def test_the_list_tells_the_longest_waiting_first_and_how_many(
    waiting: Ticket, cast: Cast
) -> None:
    second = approve(cast)
    drain(Kind.ACCOUNT)
    session = db.session()
    tasks = checklists.open_tasks(session, 10)
    assert [task.ticket and task.ticket.id for task in tasks] == [waiting.id, second.id]
    assert checklists.count_open(session) == 2
    carry_out(waiting, cast.sam)
    left = checklists.open_tasks(session, 10)
    assert [task.ticket and task.ticket.id for task in left] == [second.id]
    assert checklists.count_open(session) == 1


def test_unlocking_names_the_user_the_address_and_the_count(waiting: Ticket) -> None:
    row, person = checklist_of(waiting), db.session.get_one(Person, waiting.person_id)
    assert values_of(row) == {
        "Username": person.username, "Email": person.email, "Consecutive Bad Logins": "0",
    }  # fmt: skip
    assert person.name in words_of(row)
    assert "Generate Password" in words_of(row)


def test_creating_gives_all_that_was_asked_for(cast: Cast) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=NEW_USER)
    factories.step(ticket, "approve", cast)
    drain(Kind.ACCOUNT)
    values = values_of(checklist_of(ticket))
    fields, person = ticket.fields, db.session.get_one(Person, ticket.person_id)
    db.session.refresh(person)
    assert values["Username"] == person.username
    assert values["Default provider"] == fields["provider"]
    assert values["Access level"] != fields["access_level"]  # the words, not our name for it
    assert values["Expires"].endswith("/2027")
    carry_out(ticket, cast.sam)
    assert (fresh(ticket).state, license_row(ticket).state) == (common.COMPLETED, life.ACTIVE)


def test_the_mail_says_where_the_password_comes_from(
    waiting: Ticket, cast: Cast, mailer: FakeMailer
) -> None:
    carry_out(waiting, cast.sam)
    drain(Kind.MAIL)
    person = db.session.get_one(Person, waiting.person_id)
    told = [mail.text for mail in mailer.to(person.email)][-1]
    assert "Community Services emails you a temporary password" in told
    assert "/set-password/" not in told
    filer = db.session.get_one(Person, waiting.filer_id)
    assert "with a temporary password" in [mail.text for mail in mailer.to(filer.email)][-1]


def test_no_password_is_kept_or_asked_for(waiting: Ticket) -> None:
    assert not any("assword" in label for label in values_of(checklist_of(waiting)))
    assert settings().DIRECTORY == "manual"
    assert effects(waiting, kind=Kind.ACCOUNT)[0].payload["terms"] == {}
