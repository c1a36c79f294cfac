"""A request's way to a SCIM directory: changed once, tried again as told, told in true words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind, Status
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import checklists, deletions, repairs
from tests import factories
from tests.factories import Cast
from tests.helpdesk.accounts import approve, fresh, license_row, unlocks
from tests.helpdesk.owed import action_of, effects
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.scim import HMIS, LOCKED, Mishap, ScimServer
from workflows import common
from workflows import license as life
from workflows.guards import NEW_USER, RECERTIFY

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def desk(app: Flask, scim_server: ScimServer) -> Iterator[None]:
    app.extensions["settings"] = replace(
        app.extensions["settings"], **scim_server.of_the_desk()
    )
    yield
    assert scim_server.plan == []


def person_of(ticket: Ticket) -> Person:
    return db.session.get_one(Person, ticket.person_id, populate_existing=True)


@pytest.fixture
def approved(cast: Cast, clock: FakeClock, scim_server: ScimServer) -> Ticket:
    """To be unlocked, and there."""
    ticket = approve(cast)
    person = person_of(ticket)
    emails = [{"value": person.email}]
    scim_server.add(person.username or "", emails=emails, **{HMIS: {"locked": True}})
    scim_server.asked.clear()
    return ticket


def is_locked(server: ScimServer, ticket: Ticket) -> object:
    return server.users[person_of(ticket).username or ""][HMIS]["locked"]


def test_a_license_is_unlocked_and_everybody_told_where_the_password_comes_from(
    approved: Ticket, scim_server: ScimServer, mailer: FakeMailer
) -> None:
    assert drain(Kind.ACCOUNT) == 1
    assert fresh(approved).state == common.COMPLETED
    assert is_locked(scim_server, approved) is False
    drain(Kind.MAIL)
    told = mailer.to(person_of(approved).email)[-1].text
    assert "choose Forgot Password and enter your username" in told
    assert "/set-password/" not in told


def test_a_new_license_becomes_a_user_with_all_that_was_asked_for(
    cast: Cast, clock: FakeClock, scim_server: ScimServer
) -> None:
    ticket = factories.step(
        factories.ticket(common.IN_REVIEW, by=cast, type=NEW_USER), "approve", cast
    )
    drain(Kind.ACCOUNT)
    assert fresh(ticket).state == common.COMPLETED
    (user,) = scim_server.users.values()
    assert (user["userName"], user["externalId"]) == (
        person_of(ticket).username, action_of(ticket).key,
    )  # fmt: skip
    assert user[HMIS]["accessLevel"]


def test_a_recertified_license_ends_later(
    cast: Cast, clock: FakeClock, scim_server: ScimServer
) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=RECERTIFY)
    scim_server.add(person_of(ticket).username or "", active=False)
    factories.step(ticket, "approve", cast)
    drain(Kind.ACCOUNT)
    assert (fresh(ticket).state, license_row(ticket).state) == (common.COMPLETED, life.ACTIVE)
    (user,) = scim_server.users.values()
    assert user["active"]


def test_it_is_tried_again_no_sooner_than_the_directory_says(
    approved: Ticket, scim_server: ScimServer, clock: FakeClock
) -> None:
    scim_server.plan = [
        Mishap("429 Too Many Requests", headers={"Retry-After": "3600"}, method="PATCH")
    ]
    drain(Kind.ACCOUNT)
    assert action_of(approved).status is Status.DUE
    assert action_of(approved).due_at >= clock.now + HOUR
    assert fresh(approved).state == common.BEING_SET_UP
    clock.pass_by(HOUR - timedelta(seconds=1))
    assert drain(Kind.ACCOUNT) == 0
    clock.pass_by(timedelta(seconds=1))
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED


def test_a_change_whose_answer_was_lost_is_looked_up_and_not_made_again(
    approved: Ticket, scim_server: ScimServer, clock: FakeClock
) -> None:
    scim_server.plan = [Mishap("502 Bad Gateway", after=True, method="PATCH")]
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.BEING_SET_UP
    clock.pass_by(timedelta(days=1))
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED
    assert scim_server.methods().count("PATCH") == 1
    assert unlocks(approved) == 1


def test_a_refusal_is_seen_on_the_ticket_and_a_retry_completes(
    approved: Ticket, scim_server: ScimServer
) -> None:
    scim_server.plan = [Mishap("403 Forbidden", method="PATCH")]
    drain(Kind.ACCOUNT)
    assert (fresh(approved).needs_attention, action_of(approved).status) == (True, Status.DEAD)
    assert action_of(approved).error == "The directory answered 403."
    repairs.retry(action_of(approved).id)
    drain(Kind.ACCOUNT)
    assert fresh(approved).state == common.COMPLETED


def test_what_the_directory_does_not_offer_waits_for_staff(
    app: Flask, approved: Ticket, scim_server: ScimServer, cast: Cast, mailer: FakeMailer
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], SCIM_LOCKED="")
    drain(Kind.ACCOUNT)
    assert action_of(approved).status is Status.HANDED_OVER
    assert is_locked(scim_server, approved) is True
    (task,) = checklists.open_tasks(db.session(), 10)
    for place in range(len(task.checklist.steps)):
        checklists.confirm(task.checklist.id, task.checklist.round, place, cast.joan)
    assert fresh(approved).state == common.COMPLETED
    assert LOCKED not in str([each.body for each in scim_server.asked])
    drain(Kind.MAIL)
    told = mailer.to(person_of(approved).email)[-1].text
    assert "temporary password" in told
    assert "Forgot Password" not in told


def test_a_deletion_whose_answer_was_lost_is_tried_again_and_done(
    cast: Cast, clock: FakeClock, scim_server: ScimServer
) -> None:
    ann = factories.proposed(cast.agency)
    scim_server.add(ann.username or "", emails=[{"value": ann.email}])
    scim_server.plan = [Mishap("503 Busy", after=True, method="DELETE")]
    row = license_of(db.session(), ann.id)
    assert row is not None
    deletions.confirm([row.id], cast.sam)
    drain(Kind.ACCOUNT)
    clock.pass_by(timedelta(days=1))
    drain(Kind.ACCOUNT)
    db.session.refresh(row)
    assert effects(person_id=ann.id, kind=Kind.ACCOUNT)[-1].status is Status.DONE
    assert row.state == life.DELETED
