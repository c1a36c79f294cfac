"""A rule's measure, its stop by itself, managers who change it, and workers that crash or race."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.straight import Outcome, rule_history
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.gateway import Stale
from helpdesk.services.straight import decide, rules
from helpdesk.services.straight.measure import counts, measured
from helpdesk.services.sweep.run import daily
from helpdesk.transaction import release
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.straight import ON, approvals, by_link, case_of, judged, switch
from workflows.common import APPROVED, IN_REVIEW
from workflows.engine import Refused
from workflows.guards import NEW_PASSWORD
from workflows.straight_facts import Measure

pytestmark = pytest.mark.usefixtures("clock")

DRAWN = replace(ON, share=100)


@pytest.fixture
def manager(cast: Cast) -> Actor:
    return factories.staff(manager=True)


def measure(latest: int = 30) -> Measure:
    return measured(db.session(), NEW_PASSWORD, latest)


def letters() -> list[tuple[str, int]]:
    query = db.session.query(Effect).filter(Effect.key.like("straight:%")).order_by(Effect.id)
    return [(effect.payload["folders"][0], effect.person_id) for effect in query]


@pytest.mark.parametrize(
    ("trigger", "faulted"), [("approve", 0), ("reject", 1), ("ask_for_more", 1), ("convert", 1)]
)
def test_a_sample_counts_by_what_a_person_did_of_it(
    cast: Cast, trigger: str, faulted: int
) -> None:
    switch(DRAWN)
    row = by_link(cast, factories.licensee("active", of=cast.agency))
    decide.run()
    factories.step(row, "take", cast)
    assert measure() == Measure(0, 0)
    factories.step(row, trigger, cast)
    assert measure() == Measure(1, faulted)


def test_what_came_of_it_later_changes_nothing(cast: Cast) -> None:
    switch(DRAWN)
    row = judged(cast, "ask_for_more")
    factories.step(row, "record_answer", cast, message="They sent it.")
    factories.step(row, "approve", cast)
    assert measure() == Measure(1, 1)


def test_nobody_judges_what_was_withdrawn_or_never_a_sample(cast: Cast) -> None:
    switch(DRAWN)
    withdrawn, unusual = by_link(cast), by_link(cast, fields={"note": "Please call."})
    decide.run()
    tickets.act(withdrawn.id, "withdraw", cast.admin)
    factories.step(unusual, "take", cast)
    factories.step(unusual, "reject", cast)
    assert measure() == Measure(0, 0)


def test_only_the_latest_samples_count(cast: Cast) -> None:
    switch(DRAWN)
    for trigger in ("reject", "approve", "approve"):
        judged(cast, trigger)
    assert measure(3) == Measure(3, 1)
    assert measure(2) == Measure(2, 0)


def test_it_stops_by_itself_and_tells_each_manager_once(cast: Cast, manager: Actor) -> None:
    switch(replace(DRAWN, fault_limit=40), by=manager)
    judged(cast, "approve")
    judged(cast, "reject")
    release()

    daily()
    daily()

    off, on = rule_history(db.session(), NEW_PASSWORD)
    assert (off.active, on.active) == (False, True)
    assert off.changed_by_id is None
    assert "1 of the latest 2 samples, more than 40 %" in off.reason
    assert letters() == [("desk/rule_stopped", manager.person_id)]


def test_it_stops_before_it_would_approve_one_more(cast: Cast, manager: Actor) -> None:
    switch(replace(DRAWN, fault_limit=40), by=manager)
    judged(cast, "reject")
    row = by_link(cast)
    assert decide.decide(row.id) is Outcome.SAMPLED
    assert not rules.standing(db.session(), NEW_PASSWORD).terms.active
    assert approvals(row) == []


def test_few_faults_do_not_stop_it(cast: Cast, manager: Actor) -> None:
    switch(replace(ON, fault_limit=50), by=manager)
    switch(replace(DRAWN, fault_limit=50), by=manager)
    judged(cast, "approve")
    judged(cast, "reject")
    switch(replace(ON, fault_limit=50), by=manager)
    row = by_link(cast)
    assert decide.decide(row.id) is Outcome.APPROVED


def test_samples_of_a_rule_that_is_off_count_when_it_is_switched_on(
    cast: Cast, manager: Actor
) -> None:
    judged(cast, "approve")
    switch(replace(ON, least=1), by=manager)
    row = by_link(cast)
    assert decide.decide(row.id) is Outcome.APPROVED


def test_it_is_not_switched_on_while_it_would_stop_at_once(cast: Cast, manager: Actor) -> None:
    judged(cast, "reject")
    with pytest.raises(rules.TooManyFaults):
        switch(replace(ON, least=1), by=manager)
    assert rule_history(db.session(), NEW_PASSWORD) == []


def test_of_two_managers_the_later_learns_that_it_has_changed(cast: Cast, manager: Actor) -> None:
    switch(by=manager)
    with pytest.raises(rules.Overtaken):
        rules.change(NEW_PASSWORD, ON, "I was here, too.", 0, manager)
    assert len(rule_history(db.session(), NEW_PASSWORD)) == 1


def test_of_two_managers_at_once_one_changes_it(
    cast: Cast, manager: Actor, race: Race
) -> None:
    def change() -> int:
        return rules.change(NEW_PASSWORD, ON, "At once.", 0, manager).version

    results = race(change, change)
    assert sorted(str(type(each).__name__) for each in results) == ["Overtaken", "int"]


def test_figures_say_how_many_came_to_which_end(cast: Cast, manager: Actor) -> None:
    switch(by=manager)
    by_link(cast)
    by_link(cast, fields={"note": "Please call."})
    decide.run()
    switch(DRAWN, by=manager)
    by_link(cast)
    decide.run()
    assert counts(db.session(), NEW_PASSWORD) == dict.fromkeys(Outcome, 1)


@contextmanager
def power_cut() -> Iterator[None]:
    """The next commit never comes: the process is gone in the middle of it."""

    def cut(_session: Session) -> None:
        raise KeyboardInterrupt

    event.listen(Session, "before_commit", cut)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", cut)


def test_a_crash_before_the_rule_has_decided_loses_nothing_and_doubles_nothing(
    cast: Cast, dump: Any
) -> None:
    switch()
    row = by_link(cast)
    release()
    before: Dump = dump()

    with power_cut(), pytest.raises(KeyboardInterrupt):
        decide.run()
    assert dump() == before

    assert decide.run() == 1
    assert decide.run() == 0
    assert len(approvals(row)) == 1


def test_many_workers_at_once_approve_it_once(cast: Cast, race: Race) -> None:
    switch()
    row = by_link(cast)
    results = race(*[lambda: decide.decide(row.id)] * 4)
    assert sorted(map(str, results)) == ["None", "None", "None", "approved"]
    assert len(approvals(row)) == 1
    actions = db.session.query(Effect).filter_by(ticket_id=row.id, kind=Kind.ACCOUNT).count()
    assert actions == 1


def test_between_the_rule_and_a_person_one_is_first(cast: Cast, race: Race) -> None:
    switch()
    for _round in range(4):
        row = by_link(cast)
        decided, taken = race(lambda r=row: decide.decide(r.id),
                              lambda r=row: tickets.act(r.id, "take", cast.sam))  # fmt: skip
        state = db.session.get_one(Ticket, row.id, populate_existing=True).state
        if decided is Outcome.APPROVED:
            assert state == APPROVED
            assert isinstance(taken, (Refused, Stale))
        else:
            assert (decided, state) == (None, IN_REVIEW)
            assert case_of(row) is None


def test_once_a_manager_has_switched_it_off_nothing_more_is_approved(
    cast: Cast, manager: Actor, race: Race
) -> None:
    seen = switch(by=manager).version
    rows = [by_link(cast) for _number in range(6)]

    def off() -> int:
        rules.change(NEW_PASSWORD, replace(ON, active=False), "Stop.", seen, manager)
        with db.engine.connect() as link:
            return int(link.exec_driver_sql(
                "SELECT count(*) FROM ticket WHERE state = 'approved'").scalar_one())  # fmt: skip

    _looked, approved = race(decide.run, off)
    after = db.session.query(Ticket).filter_by(state=APPROVED).count()
    assert after == approved
    assert len([row for row in rows if case_of(row)]) == 6
