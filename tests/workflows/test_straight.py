"""The desk's own approval by a rule: for itself alone, and with every guard that people have."""

from typing import Any

import pytest

from tests.workflows.making import ANN, DANA, ticket_attempt
from workflows.common import STATES
from workflows.engine import Party, Reason, Refused, Undeclared
from workflows.guards import NEW_PASSWORD
from workflows.registry import ticket_type
from workflows.straight import BY_RULE, DRAWN, OFF, UNTRIED, WATCHED
from workflows.straight_facts import Measure, Oddity, StraightFacts

FLOW = ticket_type(NEW_PASSWORD).workflow
GOOD = StraightFacts(version=1, on=True, trusted=True, by_link=True)
FACTS: dict[str, Any] = {
    "actor_id": None, "filer_ids": frozenset({ANN}), "license_state": "locked", "straight": GOOD,
    "fields": {"identity": "link", "happened": "locked", "note": ""},
}  # fmt: skip


def reasons(*by: Party, **more: Any) -> tuple[Reason, ...]:
    with pytest.raises(Refused) as refused:
        FLOW.fire("submitted", BY_RULE, ticket_attempt(*(by or (Party.SYSTEM,)), **FACTS | more))
    return refused.value.reasons


def straight(**changes: Any) -> StraightFacts:
    return StraightFacts(**vars(GOOD) | changes)


def test_the_desk_approves_what_is_proved_and_ordinary() -> None:
    move = FLOW.fire("submitted", BY_RULE, ticket_attempt(Party.SYSTEM, **FACTS))
    assert move.dest == "approved"


@pytest.mark.parametrize("party", [party for party in Party if party is not Party.SYSTEM])
def test_nobody_else_takes_its_step(party: Party) -> None:
    assert reasons(party) == (Reason("“Approve by rule” is for the desk itself."),)


@pytest.mark.parametrize("state", [s.name for s in STATES if s.name != "submitted"])
def test_it_approves_only_what_nobody_has_looked_at(state: str) -> None:
    with pytest.raises(Undeclared):
        FLOW.fire(state, BY_RULE, ticket_attempt(Party.SYSTEM, **FACTS))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"on": False}, OFF), ({"trusted": False}, UNTRIED), ({"drawn": True}, DRAWN)],
)
def test_where_the_rule_alone_speaks_against_it_it_is_watched(
    changes: dict[str, bool], reason: Reason
) -> None:
    assert reasons(straight=straight(**changes)) == (reason,)
    assert reason in WATCHED


@pytest.mark.parametrize("oddity", Oddity)
def test_each_oddity_is_for_people(oddity: Oddity) -> None:
    (reason,) = reasons(straight=straight(oddities=frozenset({oddity})))
    assert reason not in WATCHED


@pytest.mark.parametrize(
    "changes",
    [
        {"filer_ids": frozenset({ANN, DANA})},
        {"filer_ids": frozenset({DANA})},
        {"straight": straight(by_link=False)},
        {"straight": straight(moved=True)},
        {"fields": FACTS["fields"] | {"identity": "agency"}},
        {"fields": FACTS["fields"] | {"note": "Please call."}},
        {"fields": FACTS["fields"] | {"happened": "other"}},
        {"license_state": "suspended"},
        {"license_state": "expired"},
        {"left_since": True},
        {"being_deleted": True},
        {"has_username": False},
    ],
)
def test_whatever_speaks_against_the_request_itself_leaves_it_to_people(
    changes: dict[str, Any],
) -> None:
    assert not WATCHED & set(reasons(**changes))


def test_what_nobody_has_looked_up_is_approved_by_nobody() -> None:
    assert OFF in reasons(straight=None)


@pytest.mark.parametrize(
    ("judged", "faulted", "limit", "over"),
    [(0, 0, 0, False), (20, 1, 5, False), (19, 1, 5, True), (30, 0, 0, False), (30, 1, 0, True)],
)
def test_a_limit_is_itself_allowed(judged: int, faulted: int, limit: int, over: bool) -> None:
    assert Measure(judged, faulted).over(limit) is over
