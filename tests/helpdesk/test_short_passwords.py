"""A password that is short because a second step stands beside it, and what it is without."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.ctx import AppContext

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.links import Purpose
from helpdesk.models.person import Person
from helpdesk.models.web_session import WebSession
from helpdesk.services import credentials
from helpdesk.services.admission import SignedIn
from helpdesk.services.credentials import WeakPassword
from helpdesk.services.factors import held, rescue
from helpdesk.services.sign_in import Failed, HalfWay, TooShort, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.second_steps import factors, give_app, owner
from tests.web.visitor import Visitor
from workflows import license as life

SHORT, LONG = "blueotter7", "seven kettles hum at dusk"
HERE = "192.0.2.1"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez")


def choose(who: Person, password: str) -> None:
    with transaction() as session:
        link = links.mint(session, Purpose.SET_PASSWORD, who.id, f"key-of-{password}")
    credentials.set_password(link.rpartition("/")[2], password)


def try_in(password: str = SHORT) -> object:
    return sign_in("maria.lopez", password, HERE)


def give_up(who: Person) -> None:
    for factor in factors(who.id):
        held.remove(factor.id, owner(who.id))


def taken_away(who: Person) -> None:
    rescue.reset(who.id, "The phone is lost.", factories.staff(manager=True))


def test_it_takes_a_second_step_to_choose_one(maria: Person) -> None:
    with pytest.raises(WeakPassword, match="at least 15 characters"):
        choose(maria, SHORT)
    give_app(maria.id)
    choose(maria, SHORT)
    assert isinstance(try_in(), HalfWay)


@pytest.mark.parametrize("end", [give_up, taken_away])
def test_without_the_second_step_it_opens_nothing_until_there_is_a_longer_one(
    end: Callable[[Person], None], maria: Person
) -> None:
    give_app(maria.id)
    choose(maria, SHORT)
    end(maria)
    assert isinstance(try_in("something else"), Failed)
    assert isinstance(try_in(), TooShort)
    with transaction() as session:
        assert session.query(WebSession).filter_by(person_id=maria.id, ended_at=None).all() == []
    choose(maria, LONG)
    assert isinstance(try_in(LONG), SignedIn)


def test_a_long_one_that_was_chosen_beside_it_stands_alone(maria: Person) -> None:
    give_app(maria.id)
    choose(maria, LONG)
    give_up(maria)
    assert isinstance(try_in(LONG), SignedIn)


def test_once_the_rule_is_eased_it_is_long_enough_and_stays_so(
    app: Flask, maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(maria.id)
    choose(maria, SHORT)
    give_up(maria)
    eased = replace(app.extensions["settings"], PASSWORD_MIN=len(SHORT))
    monkeypatch.setitem(app.extensions, "settings", eased)
    assert isinstance(try_in(), SignedIn)
    assert not held.missed(db.session(), maria.id)


def test_another_second_step_is_as_good(maria: Person) -> None:
    give_app(maria.id)
    choose(maria, SHORT)
    give_app(maria.id, "My tablet")
    held.remove(factors(maria.id)[0].id, owner(maria.id))
    assert isinstance(try_in(), HalfWay)


def test_an_expired_license_is_no_way_round_it(app_context: AppContext) -> None:
    maria = factories.licensee(life.EXPIRED, username="maria.lopez")
    give_app(maria.id)
    choose(maria, SHORT)
    give_up(maria)
    assert isinstance(try_in(), TooShort)


def test_the_page_says_what_to_do(app: Flask, maria: Person) -> None:
    give_app(maria.id)
    choose(maria, SHORT)
    give_up(maria)
    page = Visitor(app).fill("/sign-in", username="maria.lopez", password=SHORT)
    assert page.status == 403
    assert "On its own a password takes at least 15 characters" in page.words
    assert 'href="/forgot-password"' in page.text
