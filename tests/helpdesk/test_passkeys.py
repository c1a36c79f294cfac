"""Passkeys: what a device's answer has to prove, and that it proves it once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import licenses
from helpdesk.services.admission import SignedIn, Unusable
from helpdesk.services.factors import confirming, passkeys, second_step
from helpdesk.services.factors.passkeys import NoProof
from helpdesk.services.sign_in import HalfWay, Slowed, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Race
from tests.second_steps import NO_SESSION, begin, factors, grow_stale, owner, session_of
from tests.support.authenticator import Authenticator
from tests.support.fakes import FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

HERE = "192.0.2.1"
Spoil = Callable[[Authenticator], None]


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)


@pytest.fixture
def laptop(maria: Person) -> Authenticator:
    return give(maria)


def give(who: Person) -> Authenticator:
    device = Authenticator()
    add(who, device)
    return device


def add(who: Person, device: Authenticator) -> None:
    asked = passkeys.ask_for_new(who)
    answer = device.make(asked.options)
    passkeys.add(asked.sealed, answer, "Laptop", owner(who.id), NO_SESSION)


def alone(device: Authenticator) -> SignedIn | Slowed | Unusable:
    asked = passkeys.ask()
    return second_step.by_passkey_alone(asked.sealed, device.use(asked.options), HERE)


def test_a_passkey_signs_in_alone_and_its_use_is_noted(
    maria: Person, laptop: Authenticator, clock: FakeClock
) -> None:
    outcome = alone(laptop)
    assert isinstance(outcome, SignedIn)
    whole = session_of(outcome.token)
    assert (whole.person_id, whole.proof) == (maria.id, Proof.PASSKEY)
    (kept,) = factors(maria.id)
    assert (kept.counter, kept.used_at) == (1, clock.now)


def test_a_passkey_is_a_second_step_as_well(maria: Person, laptop: Authenticator) -> None:
    halfway = sign_in("maria.lopez", PASSWORD, HERE)
    assert isinstance(halfway, HalfWay)
    half, asked = session_of(halfway.token), passkeys.ask(maria.id)
    outcome = second_step.by_passkey(half, asked.sealed, laptop.use(asked.options), HERE)
    assert isinstance(outcome, SignedIn)
    assert session_of(outcome.token).proof is Proof.TWO_STEPS


def test_an_answer_is_good_once(laptop: Authenticator) -> None:
    asked = passkeys.ask()
    answer = laptop.use(asked.options)
    assert isinstance(second_step.by_passkey_alone(asked.sealed, answer, HERE), SignedIn)
    with pytest.raises(NoProof):
        second_step.by_passkey_alone(asked.sealed, answer, HERE)


def test_a_passkey_that_does_not_count_answers_each_challenge_once(laptop: Authenticator) -> None:
    """As those do that live on several devices at once."""
    for _ in range(2):
        laptop.count = -1
        asked = passkeys.ask()
        answer = laptop.use(asked.options)
        assert isinstance(second_step.by_passkey_alone(asked.sealed, answer, HERE), SignedIn)
        with pytest.raises(NoProof):
            second_step.by_passkey_alone(asked.sealed, answer, HERE)


def test_of_two_who_send_the_same_answer_at_once_one_gets_in(
    laptop: Authenticator, race: Race
) -> None:
    laptop.count = -1
    asked = passkeys.ask()
    answer = laptop.use(asked.options)
    outcomes = race(*[lambda: second_step.by_passkey_alone(asked.sealed, answer, HERE)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoProof", "SignedIn"]


def test_a_challenge_runs_out(laptop: Authenticator, clock: FakeClock) -> None:
    asked = passkeys.ask()
    clock.pass_by(passkeys.LIFE + timedelta(seconds=1))
    with pytest.raises(NoProof):
        second_step.by_passkey_alone(asked.sealed, laptop.use(asked.options), HERE)


def elsewhere(device: Authenticator) -> None:
    device.origin = "https://desk.evil.example"


def another_host(device: Authenticator) -> None:
    device.host = "evil.example"


def not_unlocked(device: Authenticator) -> None:
    device.verified = False


def another_key(device: Authenticator) -> None:
    device.key = Authenticator().key


def unknown(device: Authenticator) -> None:
    device.id = b"never heard of"


@pytest.mark.parametrize("spoil", [elsewhere, another_host, not_unlocked, another_key, unknown])
def test_what_does_not_fit_is_no_proof(spoil: Spoil, laptop: Authenticator) -> None:
    spoil(laptop)
    with pytest.raises(NoProof):
        alone(laptop)


@pytest.mark.parametrize("spoil", [elsewhere, another_host, not_unlocked])
def test_nor_does_it_make_a_passkey(spoil: Spoil, maria: Person) -> None:
    device = Authenticator()
    spoil(device)
    with pytest.raises(NoProof):
        add(maria, device)
    assert factors(maria.id) == []


def test_a_count_that_went_back_tells_of_a_copy(laptop: Authenticator) -> None:
    laptop.count = 7
    alone(laptop)
    laptop.count = 5
    with pytest.raises(NoProof):
        alone(laptop)


HALF_RIGHT = (
    '{"id": "%s", "rawId": "%s", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "attestationObject": "AAAA", "signature": "\u00e9"}}'
)
RUBBISH = ["", "{}", "[]", "null", "x" * 9000, '{"id": 7}', "[" * 5000,
           '{"id": "%s", "rawId": "=="}', HALF_RIGHT]  # fmt: skip


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_no_proof(rubbish: str, maria: Person, laptop: Authenticator) -> None:
    answer = rubbish.replace("%s", laptop.name)
    with pytest.raises(NoProof):
        second_step.by_passkey_alone(passkeys.ask().sealed, answer, HERE)
    asked = passkeys.ask_for_new(maria)
    with pytest.raises(NoProof):
        passkeys.add(asked.sealed, answer, "Laptop", owner(maria.id), NO_SESSION)


def test_a_challenge_serves_the_purpose_and_the_person_it_was_made_for(
    maria: Person, laptop: Authenticator
) -> None:
    omar = factories.licensee(life.ACTIVE, username="omar")
    for asked in (passkeys.ask(maria.id), passkeys.ask(omar.id), passkeys.ask_for_new(maria)):
        with pytest.raises(NoProof):
            second_step.by_passkey_alone(asked.sealed, laptop.use(asked.options), HERE)
    asked = passkeys.ask_for_new(omar)
    with pytest.raises(NoProof):
        passkeys.add(asked.sealed, Authenticator().make(asked.options), "x", owner(maria.id), 0)


def test_anothers_passkey_is_no_second_step(maria: Person, laptop: Authenticator) -> None:
    theirs = give(factories.licensee(life.ACTIVE, username="omar"))
    halfway = sign_in("maria.lopez", PASSWORD, HERE)
    assert isinstance(halfway, HalfWay)
    asked = passkeys.ask(maria.id)
    with pytest.raises(NoProof):
        second_step.by_passkey(
            session_of(halfway.token), asked.sealed, theirs.use(asked.options), HERE
        )


def test_a_passkey_that_somebody_has_cannot_be_claimed_by_another(
    maria: Person, laptop: Authenticator
) -> None:
    omar = factories.licensee(life.ACTIVE, username="omar")
    with pytest.raises(NoProof):
        add(omar, Authenticator(id=laptop.id))
    assert factors(omar.id) == []


@pytest.mark.parametrize("state", [life.LOCKED, life.EXPIRED, life.SUSPENDED])
def test_the_license_is_asked_as_with_a_password(state: str, app_context: AppContext) -> None:
    tess = factories.licensee(state, username="tess")
    device = give(tess)
    outcome = alone(device)
    assert isinstance(outcome, Unusable)
    assert outcome.state == state
    factories.grant(tess, Role.AGENCY_ADMIN, factories.agency().id)
    assert isinstance(alone(device), SignedIn)


def test_a_lock_that_falls_meanwhile_counts(maria: Person, laptop: Authenticator) -> None:
    row = license_of(db.session(), maria.id)
    assert row is not None
    licenses.act(row.id, "lock", THE_DESK)
    outcome = alone(laptop)
    assert isinstance(outcome, Unusable)
    assert outcome.state == life.LOCKED


def test_a_disabled_account_is_refused_without_telling(
    maria: Person, laptop: Authenticator
) -> None:
    with transaction():
        factories.account_of(maria).disabled = True  # type: ignore[union-attr]
    with pytest.raises(NoProof):
        alone(laptop)


def test_a_place_that_tries_much_is_slowed(laptop: Authenticator, app_context: AppContext) -> None:
    asked = passkeys.ask()
    for _ in range(60):
        with pytest.raises(NoProof):
            second_step.by_passkey_alone(asked.sealed, "{}", HERE)
    assert isinstance(alone(laptop), Slowed)


def test_a_passkey_confirms_a_session_of_its_owner(maria: Person, laptop: Authenticator) -> None:
    mine, theirs = begin(maria.id), begin(factories.licensee(life.ACTIVE).id)
    grow_stale()
    asked = passkeys.ask(maria.id)
    answer = laptop.use(asked.options)
    with pytest.raises(NoProof):
        confirming.by_passkey(theirs, asked.sealed, answer)
    confirming.by_passkey(mine, asked.sealed, answer)
    db.session.expire_all()
    assert db.session.get_one(WebSession, mine.id).confirmed_at is not None
    assert db.session.get_one(WebSession, theirs.id).confirmed_at is None
