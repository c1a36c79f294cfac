"""People: found by words and pages, added with a role, put into an agency, kept out."""

import pytest
from flask.ctx import AppContext

from helpdesk.actor import Actor
from helpdesk.directory.local import LocalDirectory
from helpdesk.extensions import db
from helpdesk.links import Purpose, mint
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import accounts, credentials, people, sessions, tickets
from helpdesk.services.accounts import Known, Newcomer
from helpdesk.services.people import Which
from helpdesk.services.roles import NotPossible
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, name_of
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def manager(app_context: AppContext) -> Actor:
    return factories.staff("morgan.hale", manager=True)


def newcomer(**changes: object) -> Newcomer:
    values: dict[str, object] = {
        "first_name": "Nia", "last_name": "Brandt", "username": "nia.brandt",
        "email": "nia@hand.example", "role": Role.STAFF, "agency_id": None,
    }  # fmt: skip
    return Newcomer(**values | changes)  # type: ignore[arg-type]


def found(**which: object) -> list[str | None]:
    page = people.page(db.session(), Which(**which))  # type: ignore[arg-type]
    return [line.person.username for line in page.lines]


@pytest.mark.parametrize(
    "words", ["ann", "ANN lee", "lee ann", "ann.lee", "annlee@harbor", "harbor.example  ann"]
)
def test_every_word_is_looked_for_in_name_username_and_email(manager: Actor, words: str) -> None:
    factories.licensee(username="ann.lee", email="annlee@harbor.example")
    factories.licensee(username="bo.kim")
    with transaction() as session:
        session.query(Person).filter_by(username="ann.lee").update({"last_name": "Lee"})
    assert found(words=words) == ["ann.lee"]


def test_whoever_came_without_a_username_is_given_one_and_an_account(
    manager: Actor, cast: factories.Cast
) -> None:
    ann = factories.nameless(life.LOCKED, cast.agency)
    accounts.set_username(ann.id, "Ann.Lee", manager)
    account = factories.account_of(ann)
    assert account is not None
    assert (db.session.get_one(Person, ann.id).username, account.hmis_access) == ("ann.lee", True)
    assert account.password_hash is None
    ticket = tickets.open_ticket(factories.request(ann, cast.admin), cast.joan)
    for trigger in ("take", "approve", "setup_started"):
        factories.step(ticket, trigger, cast)
    LocalDirectory().unlock("key-1", "ann.lee")


def test_a_username_of_somebody_else_or_a_second_one_is_not_taken(manager: Actor) -> None:
    other = factories.person("ann.lee")
    ann, named = factories.nameless(), factories.person("ann.too")
    for who, told in ((ann, other), (named, named)):
        with pytest.raises(Known) as known:
            accounts.set_username(who.id, "ann.lee" if who is ann else "ann.three", manager)
        assert (known.value.field, known.value.person_id) == ("username", told.id)
    assert ann.username is None


@pytest.mark.parametrize("words", ["%", "_", "\\", "ann%", "'; --", "😀", "nobody"])
def test_signs_in_a_search_are_only_signs(manager: Actor, words: str) -> None:
    factories.licensee(username="ann.lee")
    assert found(words=words) == []


def test_pages_follow_each_other_without_gap_or_repetition(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 3)
    for _ in range(7):
        factories.licensee()
    with transaction() as session:
        session.query(Person).update({"last_name": "Same"})
    seen: list[int] = []
    after = None
    for _ in range(4):
        page = people.page(db.session(), Which(), after)
        seen += [line.person.id for line in page.lines]
        after = page.following
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 8


def test_a_place_that_nobody_has_is_the_first_page(manager: Actor) -> None:
    assert people.page(db.session(), Which(), after=999_999).lines


def test_the_unassigned_are_those_with_a_license_of_no_agency(manager: Actor) -> None:
    factories.licensee(of=factories.agency())
    adrift = factories.licensee()
    factories.licensee(life.DELETED)
    assert found(unassigned=True) == [adrift.username]
    assert found(with_role=True) == ["morgan.hale"]


def test_a_line_tells_roles_license_and_account(manager: Actor) -> None:
    harbor = factories.agency()
    dana = factories.admin(harbor, username="dana.price")
    factories.give_license(db.session.get_one(Person, dana.person_id), life.ACTIVE, harbor)
    accounts.set_disabled(dana.person_id or 0, True, manager)
    (line,) = people.page(db.session(), Which(agency=harbor.id)).lines
    assert (line.roles, line.agency, line.disabled) == ([Role.AGENCY_ADMIN], harbor.name, True)
    assert line.license is not None
    assert line.license.state == life.ACTIVE


def test_somebody_new_has_a_role_an_account_and_a_link_to_come(manager: Actor) -> None:
    harbor = factories.agency()
    nia = accounts.add(newcomer(role=Role.AGENCY_ADMIN, agency_id=harbor.id), manager)
    account = factories.account_of(nia)
    assert account is not None
    assert (account.password_hash, account.hmis_access) == (None, False)
    row = db.session.query(Grant).filter_by(person_id=nia.id).one()
    assert (row.role, row.agency_id) == (Role.AGENCY_ADMIN, harbor.id)
    assert [name_of(effect) for effect in effects(person_id=nia.id)] == ["invited"]
    assert license_of(db.session(), nia.id) is None


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("username", {"username": "Ann.Lee"}),
        ("email", {"email": " ANN@harbor.example"}),
    ],
)
def test_somebody_who_is_on_file_is_not_added_again(
    manager: Actor, field: str, changes: dict[str, str]
) -> None:
    ann = factories.person("ann.lee", email="Ann@Harbor.example")
    with pytest.raises(Known) as known:
        accounts.add(newcomer(**changes), manager)
    assert (known.value.field, known.value.person_id) == (field, ann.id)
    assert db.session.query(Person).filter_by(last_name="Brandt").count() == 0


def test_of_two_who_add_the_same_person_at_once_one_is_told(manager: Actor, race: Race) -> None:
    results = race(*[lambda: accounts.add(newcomer(), manager)] * 2)
    assert {type(result) for result in results} == {Person, Known}
    assert db.session.query(Person).filter_by(username="nia.brandt").count() == 1


def test_a_link_is_sent_again_as_long_as_no_password_is_chosen(manager: Actor) -> None:
    nia = accounts.add(newcomer(), manager)
    assert accounts.invite_again(nia.id, manager)
    assert len({effect.key for effect in effects(person_id=nia.id)}) == 2
    with transaction() as session:
        token = mint(session, Purpose.SET_PASSWORD, nia.id, "k").rpartition("/")[2]
    credentials.set_password(token, PASSWORD)
    assert not accounts.invite_again(nia.id, manager)


def test_nobody_without_a_role_is_invited(manager: Actor) -> None:
    assert not accounts.invite_again(factories.licensee().id, manager)


def test_disabling_ends_sessions_and_links_and_leaves_the_license(manager: Actor) -> None:
    ann = factories.licensee(life.ACTIVE)
    with transaction() as session:
        sessions.begin(session, ann.id, Proof.PASSWORD)
        token = mint(session, Purpose.ACCESS, ann.id, "k").rpartition("/")[2]
    accounts.set_disabled(ann.id, True, manager)
    assert db.session.query(WebSession).filter_by(person_id=ann.id, ended_at=None).count() == 0
    with pytest.raises(credentials.LinkEnded):
        credentials.open_session(token)
    row = license_of(db.session(), ann.id)
    assert row is not None
    assert row.state == life.ACTIVE


def test_nobody_disables_themselves(manager: Actor) -> None:
    factories.staff(manager=True)
    with pytest.raises(NotPossible, match="themselves"):
        accounts.set_disabled(manager.person_id or 0, True, manager)
