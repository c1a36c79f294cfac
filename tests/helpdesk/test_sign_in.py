"""Signing in: what is said depends on the typed name's attempts alone; three strikes lock."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from config import Config
from helpdesk.access import recognize
from helpdesk.directory.local import LocalDirectory
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.counter import Counter
from helpdesk.models.effect import Kind
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.outbox import performers
from helpdesk.services import passwords
from helpdesk.services.sign_in import Failed, Outcome, SignedIn, Slowed, Unusable, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import FakeClock
from workflows import common
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

WRONG = "not the password at all"
HERE = "192.0.2.1"


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)


def license_row(of: Person) -> License:
    row = license_of(db.session(), of.id)
    assert row is not None
    db.session.refresh(row)
    return row


def strikes(of: Person) -> int:
    account = factories.account_of(of)
    assert account is not None
    db.session.refresh(account)
    return account.bad_attempts


def fail(name: str, times: int, source: str = HERE) -> list[Outcome]:
    return [sign_in(name, WRONG, source) for _ in range(times)]


def letters() -> list[tuple[str, int]]:
    return [(name_of(effect), effect.person_id) for effect in effects()]


def test_the_right_password_signs_in_and_notes_when(maria: Person, clock: FakeClock) -> None:
    assert isinstance(sign_in("maria.lopez", PASSWORD, HERE), SignedIn)
    assert license_row(maria).last_login_at == clock.now


@pytest.mark.parametrize("typed", ["Maria.Lopez", "  maria.lopez ", "MARIA.LOPEZ"])
def test_case_and_space_around_the_name_do_not_matter(maria: Person, typed: str) -> None:
    assert isinstance(sign_in(typed, PASSWORD, HERE), SignedIn)


def test_advice_is_the_same_for_every_kind_of_name(maria: Person) -> None:
    """Active, locked, without license, disabled, staff, or nobody: attempt n says n."""
    factories.licensee(life.LOCKED, username="locked", password=PASSWORD)
    factories.licensee(life.EXPIRED, username="expired", password=PASSWORD)
    factories.person("no.license", password=PASSWORD)
    factories.licensee(life.ACTIVE, username="no.account", account=False)
    factories.staff("staff", password=PASSWORD)
    disabled = factories.licensee(life.ACTIVE, username="disabled", password=PASSWORD)
    with transaction():
        factories.account_of(disabled).disabled = True  # type: ignore[union-attr]
    names = ["maria.lopez", "locked", "expired", "no.license", "no.account", "staff", "disabled",
             "nobody"]  # fmt: skip
    heard = {name: fail(name, 5) for name in names}
    assert heard == {name: [Failed(n) for n in range(1, 6)] for name in names}
    assert {name: type(sign_in(name, WRONG, HERE)) for name in names} == dict.fromkeys(
        names, Slowed
    )


def test_the_third_strike_in_a_row_locks_tells_the_licensee_and_ends_sessions(
    maria: Person,
) -> None:
    signed_in = sign_in("maria.lopez", PASSWORD, HERE)
    assert isinstance(signed_in, SignedIn)
    fail("maria.lopez", 2)
    assert (license_row(maria).state, strikes(maria)) == (life.ACTIVE, 2)
    assert is_live(signed_in.token)
    fail("maria.lopez", 1)
    assert (license_row(maria).state, strikes(maria)) == (life.LOCKED, 3)
    assert not is_live(signed_in.token)
    assert letters() == [("locked", maria.id)]


def is_live(token: str) -> bool:
    return recognize(db.session(), token) is not None


def test_a_right_password_between_forgives(maria: Person) -> None:
    fail("maria.lopez", 2)
    sign_in("maria.lopez", PASSWORD, HERE)
    assert strikes(maria) == 0
    assert fail("maria.lopez", 2) == [Failed(1), Failed(2)]
    assert license_row(maria).state == life.ACTIVE


def test_locked_refuses_the_right_password_and_does_not_tell_that_it_was_right(
    maria: Person,
) -> None:
    fail("maria.lopez", 3)
    assert sign_in("maria.lopez", PASSWORD, HERE) == Failed(4)
    assert sign_in("maria.lopez", WRONG, "192.0.2.2") == Failed(5)
    assert license_row(maria).version == 3
    assert letters() == [("locked", maria.id)]


def test_a_locked_accounts_password_is_not_even_looked_at(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail("maria.lopez", 3)
    tried: list[str | None] = []

    def look(known: str | None, _typed: str) -> bool:
        tried.append(known)
        return False

    monkeypatch.setattr(passwords, "matches", look)
    sign_in("maria.lopez", PASSWORD, HERE)
    assert tried == [None]


@pytest.mark.parametrize("state", [life.INACTIVE, life.EXPIRED, life.SUSPENDED, life.DELETED])
def test_an_unusable_license_is_told_to_whoever_knows_the_password(
    app_context: AppContext, state: str
) -> None:
    ben = factories.licensee(state, username="ben", password=PASSWORD)
    assert sign_in("ben", WRONG, HERE) == Failed(1)
    told = sign_in("ben", PASSWORD, HERE)
    assert isinstance(told, Unusable)
    assert (told.person_id, told.state) == (ben.id, state)
    assert (told.token is not None) == (state == life.EXPIRED)


def test_strikes_lock_below_a_stronger_fact(app_context: AppContext) -> None:
    tess = factories.licensee(life.EXPIRED, username="tess", password=PASSWORD)
    fail("tess", 3)
    assert license_row(tess).state == life.EXPIRED
    assert license_row(tess).facts.locked
    assert sign_in("tess", PASSWORD, HERE) == Failed(4)


def test_a_name_nobody_bears_leaves_nothing_but_a_hashed_count(app_context: AppContext) -> None:
    fail("hunter2-oops", 5)
    counted = [row.key for row in db.session.query(Counter).all()]
    assert len(counted) >= 2
    assert not any("hunter2" in key for key in counted)
    assert effects() == []


def test_counts_are_forgotten_after_a_day_but_a_strike_is_not(
    maria: Person, clock: FakeClock
) -> None:
    fail("maria.lopez", 2)
    clock.pass_by(timedelta(hours=24))
    assert fail("maria.lopez", 1) == [Failed(1)]
    assert license_row(maria).state == life.LOCKED


def test_after_five_attempts_from_one_place_each_next_waits_longer(
    maria: Person, clock: FakeClock
) -> None:
    fail("maria.lopez", 5)
    waits = []
    for _ in range(12):
        slowed = sign_in("maria.lopez", WRONG, HERE)
        assert isinstance(slowed, Slowed)
        waits.append(slowed.wait.total_seconds())
        clock.pass_by(slowed.wait)
        assert isinstance(sign_in("maria.lopez", WRONG, HERE), Failed)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_waiting_is_for_name_and_place_together(maria: Person) -> None:
    fail("maria.lopez", 5)
    assert isinstance(sign_in("maria.lopez", WRONG, HERE), Slowed)
    assert isinstance(sign_in("maria.lopez", WRONG, "192.0.2.2"), Failed)
    assert isinstance(sign_in("somebody.else", WRONG, HERE), Failed)


def test_a_place_that_tries_many_names_is_slowed_and_later_let_in(
    maria: Person, clock: FakeClock
) -> None:
    for number in range(Config().SIGN_INS_PER_SOURCE):
        assert isinstance(sign_in(f"name{number}", WRONG, HERE), Failed)
    assert isinstance(sign_in("maria.lopez", PASSWORD, HERE), Slowed)
    assert isinstance(sign_in("maria.lopez", PASSWORD, "192.0.2.2"), SignedIn)
    clock.pass_by(timedelta(minutes=10))
    assert isinstance(sign_in("maria.lopez", PASSWORD, HERE), SignedIn)


def test_a_desk_role_is_slowed_and_warned_but_never_locked_out(
    app_context: AppContext, clock: FakeClock
) -> None:
    sam = factories.staff("sam", password=PASSWORD)
    for number in range(12):
        fail("sam", 1, f"192.0.2.{number}")
    assert letters() == [("attempts", sam.person_id)]
    assert isinstance(sign_in("sam", PASSWORD, "198.51.100.7"), SignedIn)


def test_an_admins_license_locks_and_the_desk_role_signs_in_still(
    app_context: AppContext,
) -> None:
    dana = factories.licensee(life.ACTIVE, username="dana", password=PASSWORD)
    factories.grant(dana, Role.AGENCY_ADMIN, factories.agency().id)
    session = sign_in("dana", PASSWORD, HERE)
    assert isinstance(session, SignedIn)
    for number in range(6):
        fail("dana", 1, f"192.0.2.{number}")
    assert license_row(dana).state == life.LOCKED
    assert letters() == [("locked", dana.id), ("attempts", dana.id)]
    assert is_live(session.token)
    assert isinstance(sign_in("dana", PASSWORD, "198.51.100.7"), SignedIn)
    assert license_row(dana).state == life.LOCKED


@pytest.mark.parametrize("length", [257, 4096, 100_000])
def test_a_very_long_password_never_matches_and_is_never_hashed(
    app_context: AppContext, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    long = "x" * length
    factories.licensee(life.ACTIVE, username="maria", password=long)
    hashed: list[int] = []
    verify = passwords.HASHER.verify

    class Looking:
        @staticmethod
        def verify(known: str, typed: str) -> bool:
            hashed.append(len(typed))
            return verify(known, typed)

    monkeypatch.setattr(passwords, "HASHER", Looking)
    assert sign_in("maria", long, HERE) == Failed(1)
    assert hashed == [0]


def test_a_disabled_account_is_refused_without_telling(maria: Person) -> None:
    with transaction():
        factories.account_of(maria).disabled = True  # type: ignore[union-attr]
    assert sign_in("maria.lopez", PASSWORD, HERE) == Failed(1)


def test_strikes_that_fall_while_a_license_is_set_up_leave_no_dead_end(
    app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the directory's answer and the desk's note of it: who is active can get in."""
    cast = factories.cast()
    omar = factories.licensee(life.ACTIVE, of=cast.agency, username="omar", password=PASSWORD)

    class Attacked(LocalDirectory):
        def unlock(self, key: str, username: str) -> None:
            super().unlock(key, username)
            fail("omar", 3)

    monkeypatch.setattr(performers, "directory", Attacked)
    factories.ticket(common.APPROVED, by=cast, about=omar, owing=True)
    drain(Kind.ACCOUNT)
    db.session.expire_all()
    gets_in = isinstance(sign_in("omar", PASSWORD, "198.51.100.7"), SignedIn)
    assert gets_in == (license_row(omar).state == life.ACTIVE)


def test_a_password_that_is_changed_while_we_look_at_the_old_one_lets_nobody_in(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows the old one may have tried it at that very moment."""
    matches = passwords.matches

    def change_meanwhile(known: str | None, typed: str) -> bool:
        right = matches(known, typed)
        with transaction():
            factories.account_of(maria).password_hash = factories.hashed("nine marble stairs")  # type: ignore[union-attr]
        return right

    monkeypatch.setattr(passwords, "matches", change_meanwhile)
    assert sign_in("maria.lopez", PASSWORD, HERE) == Failed(1)


def test_an_account_that_is_disabled_while_we_look_at_its_password_lets_nobody_in(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = passwords.matches

    def disable_meanwhile(known: str | None, typed: str) -> bool:
        right = matches(known, typed)
        with transaction():
            factories.account_of(maria).disabled = True  # type: ignore[union-attr]
        return right

    monkeypatch.setattr(passwords, "matches", disable_meanwhile)
    assert sign_in("maria.lopez", PASSWORD, HERE) == Failed(1)
