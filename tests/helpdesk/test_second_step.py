"""The second step of signing in: who has one gets nowhere without it, and codes are good once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from helpdesk.access import recognize
from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.second_factor import RecoveryCode
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import counters, licenses, sessions
from helpdesk.services.admission import SignedIn, Unusable
from helpdesk.services.factors import second_step
from helpdesk.services.factors.second_step import CODES_PER_SESSION, Over, WrongCode
from helpdesk.services.sign_in import Failed, HalfWay, Slowed, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, name_of
from tests.second_steps import (
    HALF_MINUTE,
    factors,
    give_app,
    give_codes,
    recognized,
    session_of,
    shown,
)
from tests.support.fakes import FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

HERE = "192.0.2.1"
NEVER = "000000"


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)


@pytest.fixture
def secret(maria: Person) -> str:
    return give_app(maria.id)


def half_token(name: str = "maria.lopez") -> str:
    outcome = sign_in(name, PASSWORD, HERE)
    assert isinstance(outcome, HalfWay)
    return outcome.token


def half_way() -> WebSession:
    return session_of(half_token())


def license_row(of: Person) -> License:
    row = license_of(db.session(), of.id)
    assert row is not None
    db.session.refresh(row)
    return row


def letters() -> list[str]:
    return [name_of(effect) for effect in effects()]


def wrong(half: WebSession, times: int) -> list[second_step.Outcome]:
    return [second_step.by_code(half, NEVER, HERE) for _ in range(times)]


def test_the_right_password_leads_half_way_to_whoever_has_a_second_step(
    maria: Person, secret: str
) -> None:
    half = recognized(half_token())
    assert (half.web_session.proof, half.actor) == (Proof.HALF, None)
    assert license_row(maria).last_login_at is None


def test_a_desk_role_opens_no_half_session_either(app_context: AppContext) -> None:
    joan = factories.staff("joan", manager=True, password=PASSWORD)
    give_app(joan.person_id or 0)
    assert recognized(half_token("joan")).actor is None


def test_the_code_that_the_app_shows_completes_it_and_the_log_in_is_noted(
    maria: Person, secret: str, clock: FakeClock
) -> None:
    outcome = second_step.by_code(half_way(), shown(secret), HERE)
    assert isinstance(outcome, SignedIn)
    whole, actor = recognized(outcome.token)
    assert whole.proof is Proof.TWO_STEPS
    assert actor is not None
    assert actor.person_id == maria.id
    assert license_row(maria).last_login_at == clock.now


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}-{}"])
def test_spaces_and_dashes_in_a_code_do_not_matter(secret: str, typed: str) -> None:
    code = shown(secret)
    assert isinstance(
        second_step.by_code(half_way(), typed.format(code[:3], code[3:]), HERE), SignedIn
    )


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(secret: str, steps: int, taken: bool) -> None:
    code = shown(secret, HALF_MINUTE * steps)
    assert isinstance(second_step.by_code(half_way(), code, HERE), SignedIn) is taken


def test_a_phone_that_is_late_is_let_in_as_well(secret: str, clock: FakeClock) -> None:
    clock.pass_by(HALF_MINUTE * 2)
    late = shown(secret, -HALF_MINUTE)
    assert isinstance(second_step.by_code(half_way(), late, HERE), SignedIn)


def test_a_code_is_good_once(secret: str, clock: FakeClock) -> None:
    code = shown(secret)
    assert isinstance(second_step.by_code(half_way(), code, HERE), SignedIn)
    assert isinstance(second_step.by_code(half_way(), code, HERE), WrongCode)
    clock.pass_by(HALF_MINUTE)
    assert isinstance(second_step.by_code(half_way(), code, HERE), WrongCode)
    assert isinstance(second_step.by_code(half_way(), shown(secret), HERE), SignedIn)


def test_the_code_that_set_the_app_up_is_used_up(maria: Person, secret: str) -> None:
    before = shown(secret, -HALF_MINUTE)
    assert isinstance(second_step.by_code(half_way(), before, HERE), WrongCode)


def test_of_two_who_send_the_same_code_at_once_one_gets_in(secret: str, race: Race) -> None:
    halves, code = [half_way(), half_way()], shown(secret)
    outcomes = race(*(lambda half=half: second_step.by_code(half, code, HERE) for half in halves))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SignedIn", "WrongCode"]


def test_anothers_code_is_none(maria: Person, secret: str) -> None:
    other = factories.licensee(life.ACTIVE, username="omar", password=PASSWORD)
    codes, theirs = give_codes(other.id), give_app(other.id)
    for code in (shown(theirs), codes[0]):
        assert isinstance(second_step.by_code(half_way(), code, HERE), WrongCode)


def test_any_of_ones_apps_will_do(maria: Person, secret: str) -> None:
    tablet = give_app(maria.id, "Tablet")
    assert isinstance(second_step.by_code(half_way(), shown(tablet), HERE), SignedIn)
    used = {factor.name: factor.used_at is not None for factor in factors(maria.id)}
    assert used == {"My phone": False, "Tablet": True}


def test_a_recovery_code_lets_in_once_and_its_owner_is_told(maria: Person, secret: str) -> None:
    first, second, *_rest = give_codes(maria.id)
    assert isinstance(second_step.by_code(half_way(), first, HERE), SignedIn)
    assert isinstance(second_step.by_code(half_way(), first, HERE), WrongCode)
    assert isinstance(second_step.by_code(half_way(), second.replace(" ", ""), HERE), SignedIn)
    told = [e.payload["says"]["codes_left"] for e in effects() if "code_used" in name_of(e)]
    assert told == [9, 8]


def test_with_another_secret_key_no_code_of_an_app_is_right_and_recovery_codes_are(
    app: Flask, maria: Person, secret: str
) -> None:
    code, *_more = give_codes(maria.id)
    app.extensions["settings"] = replace(app.extensions["settings"], SECRET_KEY="another" * 6)
    half = half_way()
    assert isinstance(second_step.by_code(half, shown(secret), HERE), WrongCode)
    assert isinstance(second_step.by_code(half, code, HERE), SignedIn)


def test_of_two_who_send_the_same_recovery_code_at_once_one_gets_in(
    maria: Person, secret: str, race: Race
) -> None:
    halves, code = [half_way(), half_way()], give_codes(maria.id)[0]
    outcomes = race(*(lambda half=half: second_step.by_code(half, code, HERE) for half in halves))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SignedIn", "WrongCode"]
    assert letters().count("recovery_code_used") == 1


def test_wrong_codes_are_few_and_end_the_half_session(maria: Person, secret: str) -> None:
    half = half_way()
    outcomes = wrong(half, CODES_PER_SESSION)
    assert outcomes[:-1] == [WrongCode(left) for left in (4, 3, 2, 1)]
    assert isinstance(outcomes[-1], Over)
    assert db.session.get_one(WebSession, half.id).ended_at is not None


def test_many_tries_at_once_on_one_half_session_are_no_more_than_in_a_row(
    maria: Person, secret: str, race: Race
) -> None:
    half = half_way()
    outcomes = race(*(lambda: second_step.by_code(half, NEVER, HERE) for _ in range(8)))
    assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) < CODES_PER_SESSION


def test_wrong_codes_lock_no_license_and_tell_the_owner_once(maria: Person, secret: str) -> None:
    wrong(half_way(), CODES_PER_SESSION)
    assert license_row(maria).state == life.ACTIVE
    assert letters().count("wrong_codes") == 1


def test_wrong_codes_slow_the_next_ones_down_wherever_they_come_from(
    maria: Person, secret: str, clock: FakeClock
) -> None:
    wrong(half_way(), CODES_PER_SESSION)
    waits = []
    for number in range(4):
        source = f"198.51.100.{number}"
        slowed = second_step.by_code(half_way(), shown(secret), source)
        assert isinstance(slowed, Slowed)
        waits.append(slowed.wait.total_seconds())
        clock.pass_by(slowed.wait)
        assert isinstance(second_step.by_code(half_way(), NEVER, source), WrongCode)
    assert waits == [1, 2, 4, 8]
    clock.pass_by(counters.LONGEST_WAIT)
    assert isinstance(second_step.by_code(half_way(), shown(secret), HERE), SignedIn)
    assert isinstance(second_step.by_code(half_way(), NEVER, HERE), WrongCode)


def test_a_half_session_ends_after_ten_minutes(secret: str, clock: FakeClock) -> None:
    outcome = sign_in("maria.lopez", PASSWORD, HERE)
    assert isinstance(outcome, HalfWay)
    clock.pass_by(timedelta(minutes=10))
    assert recognize(db.session(), outcome.token) is None


def test_a_license_that_was_locked_meanwhile_is_told(maria: Person, secret: str) -> None:
    half = half_way()
    licenses.act(license_row(maria).id, "lock", THE_DESK)
    assert second_step.by_code(half, shown(secret), HERE) == Unusable(maria.id, life.LOCKED, None)


def test_a_right_code_opens_nothing_once_all_sessions_were_ended(
    maria: Person, secret: str
) -> None:
    half = half_way()
    with transaction() as session:
        sessions.end_all(session, maria.id)
    assert isinstance(second_step.by_code(half, shown(secret), HERE), Over)
    assert sessions.all_live(db.session(), maria.id) == []


def test_what_was_counted_against_a_name_is_forgotten_at_the_end_not_half_way(
    maria: Person, secret: str
) -> None:
    sign_in("maria.lopez", "wrong", HERE)
    half = half_way()
    assert sign_in("maria.lopez", "wrong", HERE) == Failed(2)
    second_step.by_code(half, shown(secret), HERE)
    assert sign_in("maria.lopez", "wrong", HERE) == Failed(1)


def test_a_second_step_tells_a_stranger_nothing(maria: Person, secret: str) -> None:
    factories.licensee(life.ACTIVE, username="omar", password=PASSWORD)
    heard = [[sign_in(name, "wrong", HERE) for _ in range(6)] for name in
             ("maria.lopez", "omar", "nobody")]  # fmt: skip
    assert heard[0] == heard[1] == heard[2]


def test_the_database_holds_neither_secrets_nor_codes(maria: Person, secret: str) -> None:
    codes = give_codes(maria.id)
    (app,) = factors(maria.id)
    assert secret not in app.key
    kept = " ".join(row.code_hash for row in db.session.query(RecoveryCode).all())
    assert not any(code.replace(" ", "") in kept for code in codes)
    assert kept.count("$argon2id$") == len(codes)


def test_an_expired_license_takes_both_steps_before_its_way_back_opens(
    maria: Person, secret: str
) -> None:
    licenses.act(license_row(maria).id, "expire", THE_DESK)
    half = half_way()
    told = second_step.by_code(half, shown(secret), HERE)
    assert isinstance(told, Unusable)
    assert (told.state, told.token is not None) == (life.EXPIRED, True)
