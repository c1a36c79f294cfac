"""Claiming: due effects at the head of their lane, leased for a while, to one worker each."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import text

from config import Config
from helpdesk.extensions import db, settings
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.outbox import settle
from helpdesk.outbox.claim import anything_due
from helpdesk.transaction import release, transaction
from tests import factories
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, keys, owe_some, settled, statuses, take
from tests.support.fakes import FakeClock

LEASE = Config().EFFECT_LEASE


@pytest.fixture
def ann(app_context: AppContext, clock: FakeClock) -> Person:
    return factories.person()


def test_nothing_is_due_in_an_empty_outbox(ann: Person) -> None:
    assert take() == []
    assert not anything_due(db.session(), Kind.MAIL)


def test_what_is_claimed_is_leased_and_counted(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    (claimed,) = take()
    assert (claimed.key, claimed.attempt, claimed.lease_ends) == ("a", 1, clock.now + LEASE)
    (row,) = effects()
    assert (row.status, row.attempts, row.due_at) == (Status.LEASED, 1, clock.now + LEASE)
    assert take() == []


def test_claims_come_in_the_order_in_which_they_fell_due(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "first", "second")
    clock.pass_by(timedelta(seconds=1))
    owe_some(ann.id, "third")
    assert keys(take(limit=2)) == ["first", "second"]
    assert keys(take(limit=2)) == ["third"]


def test_the_kinds_do_not_see_each_other(ann: Person) -> None:
    owe_some(ann.id, "mail", lane="shared")
    owe_some(ann.id, "account", kind=Kind.ACCOUNT)
    assert keys(take(Kind.ACCOUNT)) == ["account"]
    assert keys(take(Kind.MAIL)) == ["mail"]


def test_what_is_not_due_yet_waits(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    settled(settle.later, take()[0], "The server was busy.")
    assert take() == []
    assert not anything_due(db.session(), Kind.MAIL)
    clock.pass_by(timedelta(hours=1))
    assert anything_due(db.session(), Kind.MAIL)
    assert keys(take()) == ["a"]


@pytest.mark.parametrize("kind", Kind)
def test_of_a_lane_only_the_head_is_claimed(ann: Person, kind: Kind) -> None:
    owe_some(ann.id, "a1", "a2", "a3", kind=kind, lane="a")
    owe_some(ann.id, "b1", "b2", kind=kind, lane="b")
    first = take(kind)
    assert keys(first) == ["a1", "b1"]
    settled(settle.done, first[0])
    assert keys(take(kind)) == ["a2"]


def test_a_head_that_is_retried_later_holds_its_lane_and_no_other(
    ann: Person, clock: FakeClock
) -> None:
    owe_some(ann.id, "a1", "a2", lane="a")
    owe_some(ann.id, "b1", lane="b")
    settled(settle.later, take(limit=1)[0], "busy")
    assert keys(take()) == ["b1"]
    clock.pass_by(timedelta(hours=1))
    assert "a2" not in keys(take())


@pytest.mark.parametrize("end", [Status.DONE, Status.DEAD, Status.GIVEN_UP, Status.RECALLED])
def test_what_has_ended_in_whatever_way_blocks_nothing(ann: Person, end: Status) -> None:
    owe_some(ann.id, "a1", "a2", lane="a")
    with transaction():
        effects(key="a1")[0].status = end
    assert keys(take()) == ["a2"]


def test_a_lease_that_ran_out_is_anybodys_again(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    (lost,) = take()
    clock.pass_by(LEASE - timedelta(seconds=1))
    assert take() == []
    clock.pass_by(timedelta(seconds=1))
    (again,) = take()
    assert (again.id, again.attempt, lost.attempt) == (lost.id, 2, 1)


def test_a_worker_that_outlived_its_lease_writes_nothing(ann: Person, clock: FakeClock) -> None:
    owe_some(ann.id, "a")
    (old,) = take()
    clock.pass_by(LEASE)
    (new,) = take()
    for how, words in ALL_WAYS:
        with pytest.raises(settle.LeaseLost):
            settled(how, old, *words)
        assert effects()[0].attempts == 2
        assert effects()[0].status == Status.LEASED
    settled(settle.done, new)
    assert statuses() == {"a": Status.DONE}


def test_a_late_worker_may_still_settle_while_nobody_else_has_it(
    ann: Person, clock: FakeClock
) -> None:
    owe_some(ann.id, "a")
    (late,) = take()
    clock.pass_by(LEASE * 2)
    settled(settle.done, late)
    assert statuses() == {"a": Status.DONE}


ALL_WAYS = (
    (settle.done, ()),
    (settle.dead, ("error",)),
    (settle.later, ("error",)),
    (settle.put_back, ()),
    (settle.hold, ()),
)


def test_nothing_is_settled_twice(ann: Person) -> None:
    owe_some(ann.id, "a")
    (claimed,) = take()
    settled(settle.done, claimed)
    for how, words in ALL_WAYS:
        with pytest.raises(settle.LeaseLost):
            settled(how, claimed, *words)
    assert statuses() == {"a": Status.DONE}


def test_what_is_put_back_is_due_at_once_and_did_not_count(ann: Person) -> None:
    owe_some(ann.id, "a")
    allowed = settings().EFFECT_ATTEMPTS
    for _ in range(allowed + 3):
        (claimed,) = take()
        assert not settle.is_last(claimed)
        settled(settle.put_back, claimed)
    for left in reversed(range(allowed)):
        (claimed,) = take()
        assert settle.is_last(claimed) == (left == 0)
        with transaction() as session:
            settle.later(session, claimed, "busy")
            effects()[0].due_at = claimed.created_at


@pytest.mark.parametrize("kind", Kind)
def test_many_workers_at_once_never_get_the_same_row(ann: Person, race: Race, kind: Kind) -> None:
    owe_some(ann.id, *(f"e{number:03}" for number in range(60)), kind=kind)

    def work() -> list[int]:
        found: list[int] = []
        while claimed := take(kind, limit=3):
            assert len(claimed) <= 3
            found += [each.id for each in claimed]
        return found

    taken = [number for some in race(*[work] * 8) for number in some]
    release()
    assert len(taken) == len(set(taken)) == 60
    assert {(effect.status, effect.attempts) for effect in effects()} == {(Status.LEASED, 1)}


def test_many_workers_at_once_keep_every_lane_in_order(ann: Person, race: Race) -> None:
    lanes = [f"lane-{number}" for number in range(4)]
    for turn in range(6):
        for lane in lanes:
            owe_some(ann.id, f"{lane}:{turn}", lane=lane)
    performed: list[str] = []

    def work() -> None:
        while anything_due(db.session(), Kind.MAIL):
            release()
            for claimed in take(limit=2):
                performed.append(claimed.key)
                settled(settle.done, claimed)
            release()

    assert race(*[work] * 6) == [None] * 6
    for lane in lanes:
        of_lane = [key for key in performed if key.startswith(lane)]
        assert of_lane == [f"{lane}:{turn}" for turn in range(6)]


@pytest.mark.parametrize(
    "switched_off",
    [(), ("enable_hashjoin", "enable_mergejoin"), ("enable_hashjoin", "enable_material"),
     ("enable_hashagg", "enable_hashjoin", "enable_sort"), ("enable_seqscan",)],
    ids=lambda ways: "+".join(ways) or "as it is",
)  # fmt: skip
def test_a_claim_never_takes_more_than_its_limit(
    ann: Person, switched_off: tuple[str, ...]
) -> None:
    """A subquery with LIMIT and SKIP LOCKED that is planned anew for each row would take more."""
    owe_some(ann.id, *(f"e{number:03}" for number in range(40)))
    with transaction() as session:
        for way in switched_off if db.engine.dialect.name == "postgresql" else ():
            session.execute(text(f"SET LOCAL {way} = off"))
        taken = len(take(limit=3))
    assert taken == 3
    assert sum(effect.status is Status.LEASED for effect in effects()) == 3
