"""Sessions live on the server; what a bearer may do is read afresh at each request."""

from datetime import timedelta
from typing import NoReturn

import pytest
from flask.ctx import AppContext
from sqlalchemy.exc import OperationalError

from config import Config
from helpdesk.access import recognize
from helpdesk.actor import THE_DESK, Actor, Channel
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import licenses, sessions
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

MINUTE = timedelta(minutes=1)


def sign_in(who: Person, proof: Proof = Proof.PASSWORD) -> str:
    with transaction() as session:
        return sessions.begin(session, who.id, proof)


def asks(token: str) -> Actor | None:
    """As the guard does at each request: with a database session of its own."""
    db.session.remove()
    found = recognize(db.session(), token)
    if found and found.actor:
        sessions.seen(found.web_session)
    return found.actor if found else None


def person_of(actor: Actor) -> Person:
    return db.session.get_one(Person, actor.person_id)


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE)


def test_a_session_names_its_bearer(maria: Person) -> None:
    actor = asks(sign_in(maria))
    assert actor is not None
    assert (actor.person_id, actor.name, actor.channel) == (maria.id, maria.name, Channel.WEB)
    assert (actor.licensee, actor.staff, actor.manager, actor.agencies) == (
        True, False, False, {},
    )  # fmt: skip


@pytest.mark.parametrize("token", ["", "guessed", "0" * 43])
def test_an_unknown_token_names_nobody(maria: Person, token: str) -> None:
    sign_in(maria)
    assert asks(token) is None


def test_the_database_knows_no_token(maria: Person) -> None:
    token = sign_in(maria)
    (row,) = db.session.query(WebSession).all()
    assert token not in repr(vars(row))
    assert asks(row.token_hash) is None


def test_an_idle_session_ends(maria: Person, clock: FakeClock) -> None:
    token = sign_in(maria)
    clock.pass_by(Config().SESSION_IDLE)
    assert asks(token) is None


def test_use_keeps_a_session_alive_up_to_its_age(maria: Person, clock: FakeClock) -> None:
    token, began = sign_in(maria), clock.now
    while clock.now + Config().SESSION_IDLE / 2 < began + Config().SESSION_MAX:
        clock.pass_by(Config().SESSION_IDLE / 2)
        assert asks(token) is not None
    clock.now = began + Config().SESSION_MAX
    assert asks(token) is None


def test_use_is_written_down_once_a_minute_at_most(maria: Person, clock: FakeClock) -> None:
    token, began = sign_in(maria), clock.now
    seen = []
    for _ in range(4):
        clock.pass_by(MINUTE * 0.4)
        asks(token)
        seen.append(db.session.query(WebSession).one().seen_at - began)
    assert seen == [timedelta(), timedelta(), MINUTE * 1.2, MINUTE * 1.2]


def test_a_database_that_cannot_note_the_use_is_no_reason_to_fail(
    maria: Person, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked() -> NoReturn:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    token = sign_in(maria)
    clock.pass_by(MINUTE)
    with monkeypatch.context() as busy:
        busy.setattr(sessions, "transaction", locked)
        assert asks(token) is not None
    db.session.remove()
    assert db.session.query(WebSession).one().seen_at == clock.now - MINUTE


def test_a_session_that_takes_anothers_place_ends_it(maria: Person) -> None:
    first, second = sign_in(maria), sign_in(maria, Proof.LINK)
    assert sessions.succeed(first, second)
    assert asks(first) is None
    assert asks(second) is not None


def test_only_what_time_has_ended_is_succeeded_by_the_same_person(
    maria: Person, clock: FakeClock
) -> None:
    other, early = sign_in(factories.licensee(life.ACTIVE)), sign_in(maria)
    clock.pass_by(Config().SESSION_MAX)
    second, third = sign_in(maria), sign_in(maria)
    assert sessions.succeed(early, second)
    assert not sessions.succeed(other, second)
    assert not sessions.succeed(None, second)
    assert not sessions.succeed("planted", second)
    sessions.sign_out(second)
    assert not sessions.succeed(second, third)


def test_signing_out_ends_this_session_alone(maria: Person) -> None:
    first, second = sign_in(maria), sign_in(maria)
    sessions.sign_out(first)
    assert asks(first) is None
    assert asks(second) is not None


def test_a_disabled_account_ends_at_the_next_request(maria: Person) -> None:
    tokens = [sign_in(maria), sign_in(maria, Proof.LINK)]
    with transaction() as session:
        session.query(Account).filter_by(person_id=maria.id).one().disabled = True
    assert [asks(token) for token in tokens] == [None, None]


def test_a_changed_role_bites_at_the_next_request(cast: Cast) -> None:
    token = sign_in(person_of(cast.sam))
    assert asks(token) == cast.sam
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.sam.person_id).one().role = Role.MANAGER
    promoted = asks(token)
    assert promoted is not None
    assert (promoted.staff, promoted.manager) == (True, True)
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.sam.person_id).delete()
    assert asks(token) is None


def test_roles_add_up(cast: Cast) -> None:
    dana = factories.licensee(life.ACTIVE, of=cast.agency)
    other = factories.agency()
    for role, place in [(Role.AGENCY_ADMIN, cast.agency.id), (Role.AGENCY_ADMIN, other.id)]:
        factories.grant(dana, role, place)
    factories.grant(dana, Role.STAFF)
    actor = asks(sign_in(dana))
    assert actor is not None
    assert (actor.staff, actor.manager, actor.licensee) == (True, False, True)
    assert set(actor.agencies) == {cast.agency.id, other.id}


@pytest.mark.parametrize("state", sorted(set(factories.LICENSE_STEPS) - {life.ACTIVE}))
def test_a_licensees_view_goes_with_the_license_and_a_desk_role_stays(
    cast: Cast, state: str
) -> None:
    plain = factories.licensee(state)
    assert asks(sign_in(plain)) is None
    dana = factories.licensee(state)
    factories.grant(dana, Role.AGENCY_ADMIN, cast.agency.id)
    actor = asks(sign_in(dana))
    assert actor is not None
    assert (actor.licensee, actor.agencies) == (False, {cast.agency.id: cast.agency.name})


def test_a_lock_bites_at_the_next_request(maria: Person) -> None:
    token = sign_in(maria)
    row = license_of(db.session(), maria.id)
    assert row is not None
    licenses.act(row.id, "lock", THE_DESK)
    assert asks(token) is None


@pytest.mark.parametrize("state", [life.LOCKED, life.ACTIVE, life.EXPIRED, life.SUSPENDED])
def test_a_link_gives_a_licensees_rights_and_no_more(cast: Cast, state: str) -> None:
    """Not even to a manager: whoever reads their mail is not them."""
    dana = factories.licensee(state, of=cast.agency)
    factories.grant(dana, Role.MANAGER)
    factories.grant(dana, Role.AGENCY_ADMIN, cast.agency.id)
    actor = asks(sign_in(dana, Proof.LINK))
    assert actor == Actor(dana.id, dana.name, Channel.LINK, licensee=True)


def test_a_link_gives_nothing_to_somebody_without_a_license(cast: Cast) -> None:
    assert asks(sign_in(person_of(cast.sam), Proof.LINK)) is None
