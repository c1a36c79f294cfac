"""A license that HAND suspends: at once, with a reason, everybody told; and given back."""

from dataclasses import replace

import pytest
from flask import Flask

from helpdesk import links
from helpdesk.actor import THE_DESK, Actor
from helpdesk.directory.base import DirectoryRefused
from helpdesk.extensions import db, now
from helpdesk.jobs.drain import drain
from helpdesk.models.account import Account
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.person import Person
from helpdesk.models.role import Role, grants_of
from helpdesk.services import licenses, repairs, sessions, sign_in, suspensions, tickets
from helpdesk.services.facts import today
from helpdesk.services.suspensions import Why
from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import transaction
from tests import factories, second_steps
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import DAY, change, events, letters, license_row, someone
from tests.helpdesk.owed import effects
from tests.support.fakes import Fails, FakeDirectory, FakeMailer
from workflows import common
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_USER, RECERTIFY

pytestmark = pytest.mark.usefixtures("clock")

WHY = Why("Two people used it.", "Please call us about the Code of Ethics.")
BACK = Why("The training is done.", "Thank you for the talk.")


@pytest.fixture
def ann(cast: Cast) -> Person:
    return someone(cast, password=PASSWORD)


@pytest.fixture
def morgan(cast: Cast) -> Actor:
    return factories.staff(manager=True)


def suspend(who: Person, by: Actor) -> None:
    suspensions.suspend(license_row(who).id, WHY, by)


def lift(who: Person, by: Actor) -> None:
    suspensions.lift(license_row(who).id, BACK, by)


def account(who: Person) -> Account:
    found = factories.account_of(who)
    assert found is not None
    db.session.refresh(found)
    return found


def actions(who: Person) -> list[tuple[str, Status]]:
    found = effects(person_id=who.id, kind=Kind.ACCOUNT)
    return [(each.payload["action"], each.status) for each in found]


def last(who: Person) -> Effect:
    return effects(person_id=who.id, kind=Kind.ACCOUNT)[-1]


def test_it_holds_at_once_and_its_reason_is_in_the_history(ann: Person, cast: Cast) -> None:
    suspend(ann, cast.sam)
    row, event = license_row(ann), events(ann)[-1]
    assert (row.state, row.suspended_at) == (life.SUSPENDED, now())
    assert (event.trigger, event.actor_name) == ("suspend", cast.sam.name)
    assert event.data == {"message": WHY.reason, "said": WHY.said}


def test_sessions_and_links_end_and_the_account_is_shut(ann: Person, cast: Cast) -> None:
    with transaction() as session:
        links.mint(session, links.Purpose.SET_PASSWORD, ann.id, "of-a-test")
    second_steps.begin(ann.id)
    suspend(ann, cast.sam)
    assert sessions.all_live(db.session(), ann.id) == []
    (link,) = db.session.query(OneTimeLink).filter_by(person_id=ann.id)
    assert link.ended_at == now()
    drain(Kind.ACCOUNT)
    assert not account(ann).hmis_access
    assert actions(ann) == [("deactivate", Status.DONE)]


def test_the_right_password_leads_to_hand_and_to_no_session(ann: Person, cast: Cast) -> None:
    suspend(ann, cast.sam)
    outcome = sign_in.sign_in(ann.username or "", PASSWORD, "10.0.0.1")
    assert outcome == sign_in.Unusable(ann.id, life.SUSPENDED, None)


def test_the_person_and_the_agencys_admins_are_told_and_never_the_reason(
    ann: Person, cast: Cast, mailer: FakeMailer
) -> None:
    suspend(ann, cast.sam)
    drain(Kind.ACCOUNT)
    assert letters() == [("suspended", ann.id), ("suspended", cast.admin.person_id)]
    drain(Kind.MAIL)
    own, to_admin = mailer.posted
    assert own.subject == "Your Community Services license is suspended"
    assert to_admin.subject == f"{ann.name}’s Community Services license is suspended"
    for mail in mailer.posted:
        assert WHY.said in mail.text
        assert WHY.reason not in mail.text
        assert "/requests/new" not in mail.text


def test_a_role_at_the_desk_stays(ann: Person, cast: Cast) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    suspend(ann, cast.sam)
    assert len(grants_of(db.session(), ann.id)) == 1
    outcome = sign_in.sign_in(ann.username or "", PASSWORD, "10.0.0.1")
    assert isinstance(outcome, sign_in.SignedIn)


@pytest.mark.parametrize("state", [life.LOCKED, life.INACTIVE, life.EXPIRED])
def test_what_was_so_before_shows_again(state: str, cast: Cast, morgan: Actor) -> None:
    who = someone(cast, state)
    suspend(who, cast.sam)
    lift(who, morgan)
    assert license_row(who).state == state
    opens = [("reactivate", Status.DUE)] if state == life.LOCKED else []
    assert actions(who) == [("deactivate", Status.DUE), *opens]


def test_lifted_the_account_opens_again_and_everybody_is_told(
    ann: Person, cast: Cast, morgan: Actor, mailer: FakeMailer
) -> None:
    suspend(ann, cast.sam)
    drain(Kind.ACCOUNT)
    drain(Kind.MAIL)
    lift(ann, morgan)
    drain(Kind.ACCOUNT)
    assert (license_row(ann).state, license_row(ann).suspended_at) == (life.ACTIVE, None)
    assert account(ann).hmis_access
    assert actions(ann) == [("deactivate", Status.DONE), ("reactivate", Status.DONE)]
    drain(Kind.MAIL)
    own, to_admin = mailer.posted[2:]
    assert own.subject == "The suspension of your Community Services license is lifted"
    assert BACK.said in own.text
    assert BACK.reason not in own.text + to_admin.text
    outcome = sign_in.sign_in(ann.username or "", PASSWORD, "10.0.0.1")
    assert isinstance(outcome, sign_in.SignedIn)


def test_lifted_from_an_expired_license_the_mail_leads_to_the_request_that_helps(
    cast: Cast, morgan: Actor, mailer: FakeMailer
) -> None:
    who = someone(cast, life.EXPIRED)
    suspend(who, cast.sam)
    lift(who, morgan)
    drain(Kind.MAIL)
    own, to_admin = mailer.posted[2:]
    assert "The license is expired, as it was beneath the suspension." in own.text
    assert "/cant-log-in" in own.text
    assert f"/requests/new/{RECERTIFY}?person={who.id}" in to_admin.text


def test_what_expires_meanwhile_is_expired_afterwards(
    ann: Person, cast: Cast, morgan: Actor
) -> None:
    change(ann, expires_on=today() - DAY)
    suspend(ann, cast.sam)
    assert dict(sweep().taken) == {"Expire": 1}
    assert license_row(ann).state == life.SUSPENDED
    lift(ann, morgan)
    assert (license_row(ann).state, actions(ann)) == (
        life.EXPIRED, [("deactivate", Status.DUE)],
    )  # fmt: skip


def test_staff_suspend_and_only_a_manager_lifts_and_nobody_their_own(
    ann: Person, cast: Cast, morgan: Actor
) -> None:
    with pytest.raises(Refused):
        suspend(ann, cast.admin)
    with pytest.raises(Refused, match="your own license"):
        suspend(ann, replace(cast.sam, person_id=ann.id))
    suspend(ann, cast.sam)
    with pytest.raises(Refused, match="a HAND manager"):
        lift(ann, cast.sam)
    with pytest.raises(Refused, match="your own license"):
        lift(ann, replace(morgan, person_id=ann.id))
    lift(ann, morgan)
    assert license_row(ann).state == life.ACTIVE


def test_neither_goes_without_a_reason(ann: Person, cast: Cast, morgan: Actor) -> None:
    with pytest.raises(Refused, match="Say why the license is suspended"):
        suspensions.suspend(license_row(ann).id, Why(" "), cast.sam)
    suspend(ann, cast.sam)
    with pytest.raises(Refused, match="Say why the suspension is lifted"):
        suspensions.lift(license_row(ann).id, Why(""), morgan)


def test_a_request_that_is_under_way_cannot_be_carried_out_meanwhile(
    cast: Cast, directory: FakeDirectory
) -> None:
    ticket = factories.ticket(common.APPROVED, by=cast, owing=True)
    who = db.session.get_one(Person, ticket.person_id)
    suspend(who, cast.sam)
    drain(Kind.ACCOUNT)
    db.session.refresh(ticket)
    assert (ticket.state, ticket.needs_attention) == (common.APPROVED, True)
    assert directory.deeds == [("deactivate", who.username)]


def test_whoever_was_deleted_while_suspended_is_hired_again_once_it_is_lifted(
    ann: Person, cast: Cast, morgan: Actor
) -> None:
    suspend(ann, cast.sam)
    licenses.act(license_row(ann).id, "note_deletion", THE_DESK)
    asking = factories.request(ann, cast.admin, type=NEW_USER)
    with pytest.raises(Refused, match="A HAND manager has to lift that first"):
        tickets.open_ticket(asking, cast.admin)
    lift(ann, morgan)
    assert license_row(ann).state == life.DELETED
    assert tickets.open_ticket(asking, cast.admin).open


def test_what_failed_is_not_tried_again_once_it_is_the_other_way_round(
    ann: Person, cast: Cast, morgan: Actor, directory: FakeDirectory
) -> None:
    directory.plan = [Fails(DirectoryRefused("No such user."))] * 2
    suspend(ann, cast.sam)
    drain(Kind.ACCOUNT)
    lift(ann, morgan)
    shut = effects(person_id=ann.id, kind=Kind.ACCOUNT)[0]
    assert "in use again" in (repairs.retry(shut.id) or "")
    drain(Kind.ACCOUNT)
    assert actions(ann) == [("deactivate", Status.RECALLED), ("reactivate", Status.DEAD)]
    opening = last(ann)
    suspend(ann, cast.sam)
    assert repairs.retry(opening.id) == (
        f"{ann.name}’s license is suspended by now: the account stays shut."
    )
    drain(Kind.ACCOUNT)
    assert directory.deeds == [("deactivate", ann.username)]


def test_by_hand_a_lift_leaves_no_checklist_to_shut_the_account(
    app: Flask, ann: Person, cast: Cast, morgan: Actor
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY="manual")
    suspend(ann, cast.sam)
    drain(Kind.ACCOUNT)
    assert actions(ann) == [("deactivate", Status.HANDED_OVER)]
    lift(ann, morgan)
    assert actions(ann) == [("deactivate", Status.RECALLED), ("reactivate", Status.DUE)]
