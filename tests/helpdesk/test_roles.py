"""Desk roles: given and taken, with a manager left, and who can approve."""

import logging

import pytest
from flask.ctx import AppContext

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.role import Grant, Role
from helpdesk.services import accounts, roles
from helpdesk.services.roles import NotPossible
from helpdesk.services.sign_in import Failed, SignedIn, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, name_of
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def manager(app_context: AppContext) -> Actor:
    return factories.staff(manager=True)


@pytest.fixture
def harbor(app_context: AppContext) -> Agency:
    return factories.agency()


def grants(person_id: int | None) -> list[tuple[Role, int | None]]:
    rows = db.session.query(Grant).filter_by(person_id=person_id).order_by(Grant.id)
    return [(row.role, row.agency_id) for row in rows]


def grant_of(actor: Actor) -> int:
    return db.session.query(Grant).filter_by(person_id=actor.person_id).one().id


def letters(person_id: int | None) -> list[str]:
    return [name_of(effect) for effect in effects(person_id=person_id)]


def test_a_role_is_given_once_however_often_it_is_asked_for(
    manager: Actor, harbor: Agency
) -> None:
    who = factories.person()
    for _ in range(2):
        roles.grant(who.id, Role.AGENCY_ADMIN, harbor.id, manager)
        roles.grant(who.id, Role.STAFF, None, manager)
    assert grants(who.id) == [(Role.AGENCY_ADMIN, harbor.id), (Role.STAFF, None)]


def test_two_who_give_the_same_role_at_once_give_it_once(manager: Actor, race: Race) -> None:
    who = factories.person()
    results = race(*[lambda: roles.grant(who.id, Role.STAFF, None, manager)] * 3)
    assert sorted(map(str, results)) == ["False", "False", "True"]
    assert grants(who.id) == [(Role.STAFF, None)]


def test_whoever_has_no_password_gets_a_link_to_choose_one(
    manager: Actor, harbor: Agency
) -> None:
    new = factories.person(account=False)
    assert roles.grant(new.id, Role.AGENCY_ADMIN, harbor.id, manager)
    (letter,) = effects(person_id=new.id)
    assert (name_of(letter), letter.payload["link"]) == ("invited", "desk_password")
    assert letter.payload["says"]["role_words"] == f"agency admin of {harbor.name}"
    assert factories.account_of(new) is not None


def test_whoever_has_a_password_gets_no_link(manager: Actor) -> None:
    old = factories.person(password=PASSWORD)
    assert not roles.grant(old.id, Role.STAFF, None, manager)
    assert letters(old.id) == []


def test_without_an_address_there_is_an_account_and_no_mail(manager: Actor) -> None:
    silent = factories.person(account=False, email=factories.NO_EMAIL)
    assert not roles.grant(silent.id, Role.STAFF, None, manager)
    assert factories.account_of(silent) is not None


def test_without_a_username_there_is_nothing_to_sign_in_with(manager: Actor) -> None:
    who = factories.person()
    with transaction() as session:
        session.get_one(type(who), who.id).username = None
    with pytest.raises(NotPossible, match="no username"):
        roles.grant(who.id, Role.STAFF, None, manager)
    assert grants(who.id) == []


def test_a_role_is_taken_away_and_taking_it_again_is_nothing(manager: Actor) -> None:
    sam = factories.staff()
    number = grant_of(sam)
    for _ in range(2):
        roles.revoke(sam.person_id or 0, number, manager)
    assert grants(sam.person_id) == []


def test_a_grant_is_found_only_with_its_own_person(manager: Actor) -> None:
    sam, joan = factories.staff(), factories.staff()
    roles.revoke(joan.person_id or 0, grant_of(sam), manager)
    assert grants(sam.person_id) == [(Role.STAFF, None)]


def test_nobody_takes_a_role_from_themselves(manager: Actor) -> None:
    factories.staff(manager=True)
    with pytest.raises(NotPossible, match="themselves"):
        roles.revoke(manager.person_id or 0, grant_of(manager), manager)
    assert grants(manager.person_id) == [(Role.MANAGER, None)]


def test_the_last_manager_who_can_sign_in_stays(manager: Actor) -> None:
    other = factories.staff(manager=True)
    accounts.set_disabled(other.person_id or 0, True, manager)
    with pytest.raises(NotPossible, match="last manager"):
        roles.revoke(manager.person_id or 0, grant_of(manager), other)
    with pytest.raises(NotPossible, match="last manager"):
        accounts.set_disabled(manager.person_id or 0, True, other)


def test_of_two_managers_who_remove_each_other_one_stays(manager: Actor, race: Race) -> None:
    other = factories.staff(manager=True)
    mine, theirs = grant_of(manager), grant_of(other)
    results = race(
        lambda: roles.revoke(other.person_id or 0, theirs, manager),
        lambda: accounts.set_disabled(manager.person_id or 0, True, other),
        lambda: roles.revoke(manager.person_id or 0, mine, other),
    )
    assert [type(result) for result in results].count(NotPossible) >= 1
    able = db.session.query(Grant).join(Account, Account.person_id == Grant.person_id)
    assert able.filter(Grant.role == Role.MANAGER, Account.disabled.is_(False)).count() == 1


def test_approvers_are_those_of_hand_who_can_sign_in(manager: Actor, harbor: Agency) -> None:
    factories.admin(harbor)
    sam = factories.staff(password=PASSWORD)
    gone = factories.staff()
    accounts.set_disabled(gone.person_id or 0, True, manager)
    found = {a.person.id: (a.manager, a.ready) for a in roles.who_can_approve(db.session())}
    assert found == {manager.person_id: (True, False), sam.person_id: (False, True)}


def test_an_admin_of_an_inactive_agency_has_nothing_to_sign_in_for(
    manager: Actor, harbor: Agency
) -> None:
    factories.admin(harbor, username="dana.price", password=PASSWORD)
    with transaction() as session:
        session.get_one(Agency, harbor.id).active = False
    assert not isinstance(sign_in("dana.price", PASSWORD, "192.0.2.1"), SignedIn)
    with transaction() as session:
        session.get_one(Agency, harbor.id).active = True
    assert isinstance(sign_in("dana.price", PASSWORD, "192.0.2.1"), SignedIn)


def test_a_disabled_account_signs_nobody_in(manager: Actor) -> None:
    sam = factories.staff("sam.reed", password=PASSWORD)
    accounts.set_disabled(sam.person_id or 0, True, manager)
    assert isinstance(sign_in("sam.reed", PASSWORD, "192.0.2.1"), Failed)
    accounts.set_disabled(sam.person_id or 0, False, manager)
    assert isinstance(sign_in("sam.reed", PASSWORD, "192.0.2.1"), SignedIn)


def test_each_change_of_a_role_leaves_a_line_with_ids_alone(
    manager: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    who = factories.licensee(life.ACTIVE)
    with caplog.at_level(logging.WARNING, "helpdesk.services.trace"):
        roles.grant(who.id, Role.STAFF, None, manager)
        number = db.session.query(Grant).filter_by(person_id=who.id).one().id
        roles.revoke(who.id, number, manager)
    assert caplog.messages == [
        f"roles of person {who.id}: None -> 'staff', by person {manager.person_id}",
        f"roles of person {who.id}: 'staff' -> None, by person {manager.person_id}",
    ]
