"""After an attempt: waits that grow and are spread, an end after the last, a person's decision."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from hypothesis import given
from hypothesis import strategies as st

from config import Config
from helpdesk.extensions import db
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.person import Person
from helpdesk.outbox import settle
from helpdesk.services import repairs
from helpdesk.transaction import effects_owed, transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, keys, owe_some, settled, statuses, take
from tests.support.fakes import FakeClock

FIRST = Config().EFFECT_BACKOFF
LONGEST = Config().EFFECT_BACKOFF_MAX


@pytest.fixture
def ann(app_context: AppContext, clock: FakeClock) -> Person:
    return factories.person()


def the_effect() -> Effect:
    (effect,) = effects()
    return effect


def test_waits_double_up_to_the_longest(app_context: AppContext) -> None:
    waits = [settle.backoff(attempt, 0.5) for attempt in range(1, 15)]
    assert waits[:4] == [FIRST, FIRST * 2, FIRST * 4, FIRST * 8]
    assert waits[-1] == LONGEST
    assert settle.backoff(10_000, 0.5) == LONGEST


def test_chance_spreads_a_wait_between_half_and_one_and_a_half(app_context: AppContext) -> None:
    @given(attempt=st.integers(1, 100), chance=st.floats(0, 1))
    def holds(attempt: int, chance: float) -> None:
        middle = settle.backoff(attempt, 0.5)
        assert middle * 0.5 <= settle.backoff(attempt, chance) <= middle * 1.5

    holds()


def test_a_retry_is_due_within_its_bounds_and_not_all_at_once(
    ann: Person, clock: FakeClock
) -> None:
    owe_some(ann.id, *(f"e{number}" for number in range(20)))
    for claimed in take():
        settled(settle.later, claimed, "busy")
    waits = [effect.due_at - clock.now for effect in effects()]
    assert all(FIRST * 0.5 <= wait <= FIRST * 1.5 for wait in waits)
    assert len(set(waits)) > 10


def test_the_last_error_is_kept_until_it_is_done(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    settled(settle.later, take()[0], "The server was busy.")
    assert the_effect().error == "The server was busy."
    clock.pass_by(timedelta(hours=1))
    settled(settle.done, take()[0])
    assert (the_effect().error, the_effect().settled_at) == (None, clock.now)


def die(clock: FakeClock) -> None:
    settled(settle.dead, take()[0], "No such mailbox.")


def test_staff_see_what_died_newest_first(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a", "b", "c")
    for claimed in take()[:2]:
        settled(settle.dead, claimed, f"{claimed.key} is wrong")
    seen = [(effect.key, effect.error) for effect, _, _ in repairs.failures(db.session(), 10)]
    assert seen == [("b", "b is wrong"), ("a", "a is wrong")]
    older = repairs.failures(db.session(), 10, before=effects(key="b")[0].id)
    assert [effect.key for effect, _, _ in older] == ["a"]
    assert repairs.failure(db.session(), effects(key="c")[0].id) is None


def test_retry_makes_it_due_with_the_same_key_and_a_fresh_allowance(
    ann: Person, clock: FakeClock
) -> None:
    owe_some(ann.id, "a")
    die(clock)
    told: list[object] = []

    def note(sender: object, kinds: object) -> None:
        told.append(kinds)

    with effects_owed.connected_to(note):
        repairs.retry(the_effect().id)
    assert told == [{Kind.MAIL}]
    assert (the_effect().status, the_effect().settled_at) == (Status.DUE, None)
    for left in reversed(range(Config().EFFECT_ATTEMPTS)):
        (claimed,) = take()
        assert claimed.key == "a"
        assert settle.is_last(claimed) == (left == 0)
        settled(settle.later, claimed, "busy")
        clock.pass_by(LONGEST * 2)


def test_after_a_retry_the_waits_begin_anew(ann: Person, clock: FakeClock) -> None:
    def waits(count: int) -> list[timedelta]:
        found = []
        for _ in range(count):
            settled(settle.later, take()[0], "busy")
            found.append(the_effect().due_at - clock.now)
            clock.pass_by(LONGEST * 2)
        return found

    def fit(found: list[timedelta]) -> bool:
        middles = (FIRST * 2**place for place in range(len(found)))
        return all(m * 0.5 <= wait <= m * 1.5 for m, wait in zip(middles, found, strict=True))

    owe_some(ann.id, "a")
    assert fit(waits(6))
    for _ in range(2):
        die(clock)
        repairs.retry(the_effect().id)
        assert fit(waits(4))


def test_what_was_put_back_untried_lengthens_no_wait(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    for _ in range(5):
        settled(settle.put_back, take()[0])
    settled(settle.later, take()[0], "busy")
    assert the_effect().due_at - clock.now <= FIRST * 1.5


@pytest.mark.parametrize("allowed", [1, 3, 40])
def test_an_allowance_of_other_settings_makes_no_wait_longer_than_the_longest(
    ann: Person, clock: FakeClock, allowed: int
) -> None:
    owe_some(ann.id, "a")
    with transaction() as session:
        session.query(Effect).update({"allowed_attempts": allowed})
    for _ in range(3):
        settled(settle.later, take()[0], "busy")
        assert FIRST * 0.5 <= the_effect().due_at - clock.now <= LONGEST * 1.5
        clock.pass_by(LONGEST * 2)


def test_giving_up_keeps_who_and_why(cast: Cast, clock: FakeClock) -> None:
    owe_some(factories.person().id, "a")
    die(clock)
    repairs.give_up(the_effect().id, cast.sam, "She has been told by phone.")
    effect = the_effect()
    assert (effect.status, effect.closed_by_id, effect.closed_reason) == (
        Status.GIVEN_UP, cast.sam.person_id, "She has been told by phone.",
    )  # fmt: skip
    assert repairs.failures(db.session(), 10) == []
    assert take() == []


@pytest.mark.parametrize("state", ["due", "leased", "done", "given up"])
def test_only_what_is_dead_can_be_repaired(cast: Cast, clock: FakeClock, state: str) -> None:
    owe_some(factories.person().id, "a")
    if state == "given up":
        die(clock)
        repairs.give_up(the_effect().id, cast.sam, "Enough.")
    elif state != "due":
        (claimed,) = take()
        if state == "done":
            settled(settle.done, claimed)
    before = statuses()
    with pytest.raises(repairs.NotDead):
        repairs.retry(the_effect().id)
    with pytest.raises(repairs.NotDead):
        repairs.give_up(the_effect().id, cast.joan, "Because.")
    assert statuses() == before


def test_of_two_who_decide_at_once_one_is_told_that_the_other_was_faster(
    cast: Cast, clock: FakeClock, race: Race
) -> None:
    owe_some(factories.person().id, "a")
    die(clock)
    effect_id = the_effect().id
    outcomes = race(
        lambda: repairs.retry(effect_id),
        lambda: repairs.give_up(effect_id, cast.sam, "Enough."),
    )
    assert sum(isinstance(one, repairs.NotDead) for one in outcomes) == 1
    assert keys(take()) == (["a"] if outcomes[0] is None else [])
