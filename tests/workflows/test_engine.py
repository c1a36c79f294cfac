"""What firing a step does: it moves, or it refuses with every reason."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any

import pytest

from tests.workflows.making import NOW, Facts, attempt, flow, holds, step
from workflows.engine import (
    Attempt,
    Guard,
    Mark,
    Party,
    Reason,
    Refused,
    Undeclared,
    UnknownState,
    Workflow,
)

DRY = holds("dry", "It rains.")
OILED = holds("oiled", "The hinge is stuck.")
NAMED = holds("named", "Say who you are.", on_form=True)


def door() -> Workflow[Facts]:
    return flow(
        step("shut", "open", "shut", guards=(DRY, OILED, NAMED)),
        step("knock", ("open", "shut"), None, marks=frozenset({Mark.RAISE_ATTENTION})),
        step("leave", "shut", "gone", when=lambda facts: "night" in facts),
        step("leave", "shut", "open", when=lambda facts: "day" in facts),
    )


def refusal(workflow: Workflow[Any], state: str, trigger: str, tried: Attempt[Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        workflow.fire(state, trigger, tried)
    return caught.value


def test_a_step_moves_when_all_its_guards_are_met() -> None:
    move = door().fire("open", "shut", attempt("dry", "oiled", "named"))
    assert (move.source, move.dest, move.step.trigger) == ("open", "shut", "shut")


def test_a_refusal_holds_every_reason_at_once_in_the_order_of_the_guards() -> None:
    refused = refusal(door(), "open", "shut", attempt())
    assert refused.reasons == (
        Reason("It rains."),
        Reason("The hinge is stuck."),
        Reason("Say who you are."),
    )
    assert str(refused) == "It rains. The hinge is stuck. Say who you are."


def test_a_refusal_leaves_out_the_guards_that_are_met() -> None:
    refused = refusal(door(), "open", "shut", attempt("dry", "named"))
    assert refused.reasons == (Reason("The hinge is stuck."),)


def test_firing_asks_the_guards_on_the_form_too() -> None:
    refused = refusal(door(), "open", "shut", attempt("dry", "oiled"))
    assert refused.reasons == (Reason("Say who you are."),)


def test_whoever_has_no_right_learns_whose_it_is_and_nothing_else() -> None:
    refused = refusal(door(), "open", "shut", attempt(by=[Party.AGENCY]))
    assert refused.reasons == (Reason("“Shut” is for HAND staff."),)


@pytest.mark.parametrize("party", Party)
def test_a_step_is_open_to_exactly_the_parties_it_names(party: Party) -> None:
    named = frozenset({Party.AGENCY, Party.MANAGER})
    workflow = flow(step("shut", "open", "shut", who=named))
    if party in named:
        assert workflow.fire("open", "shut", attempt(by=[party])).dest == "shut"
    else:
        words = refusal(workflow, "open", "shut", attempt(by=[party])).reasons[0].sentence
        assert words == "“Shut” is for a HAND manager or the agency’s admin."


def test_nobody_at_all_may_take_a_step() -> None:
    assert refusal(door(), "open", "knock", attempt(by=[])).reasons


def test_a_step_without_a_destination_stays_and_says_so() -> None:
    for state in ("open", "shut"):
        move = door().fire(state, "knock", attempt())
        assert (move.source, move.dest) == (state, state)


def test_a_move_carries_the_marks_of_its_step() -> None:
    assert door().fire("open", "knock", attempt()).step.marks == {Mark.RAISE_ATTENTION}


def test_of_several_steps_the_first_whose_condition_holds_is_taken() -> None:
    assert door().fire("shut", "leave", attempt("night")).dest == "gone"
    assert door().fire("shut", "leave", attempt("day")).dest == "open"
    assert door().fire("shut", "leave", attempt("day", "night")).dest == "gone"


def test_a_step_none_of_whose_conditions_holds_is_as_good_as_undeclared() -> None:
    refused = refusal(door(), "shut", "leave", attempt())
    assert isinstance(refused, Undeclared)
    assert refused.reasons


def test_a_refused_first_step_does_not_fall_through_to_the_second() -> None:
    workflow = flow(
        step("leave", "open", "gone", guards=(DRY,)),
        step("leave", "open", "shut"),
    )
    assert refusal(workflow, "open", "leave", attempt()).reasons == (Reason("It rains."),)


@pytest.mark.parametrize("trigger", ["fly", "", "to_gone", "to_open", "trigger", "__init__"])
def test_what_was_not_declared_is_not_possible(trigger: str) -> None:
    refused = refusal(door(), "open", trigger, attempt("dry", "oiled", "named"))
    assert isinstance(refused, Undeclared)
    assert refused.reasons == (
        Reason(f"Nothing called “{trigger}” can be done while this is Open."),
    )


def test_a_step_of_another_state_is_undeclared_here() -> None:
    assert isinstance(refusal(door(), "gone", "shut", attempt()), Undeclared)


def test_the_machine_has_no_steps_but_the_declared_ones() -> None:
    assert set(door()._machine.events) == {"shut", "knock", "leave"}


def test_asking_for_what_is_not_there_leaves_no_trace_in_the_machine() -> None:
    workflow = door()
    before = {name: set(event.transitions) for name, event in workflow._machine.events.items()}
    for state in ("open", "shut", "gone"):
        for trigger in ("shut", "knock", "leave", "fly", "to_gone"):
            workflow.step_from(state, trigger)
            workflow.options(state, attempt())
            try:
                workflow.fire(state, trigger, attempt())
            except Refused:
                continue
    after = {name: set(event.transitions) for name, event in workflow._machine.events.items()}
    assert after == before


def test_an_unknown_state_is_an_error_of_its_own_wherever_it_is_met() -> None:
    workflow = door()
    with pytest.raises(UnknownState, match="Door has no state 'ajar'"):
        workflow.fire("ajar", "shut", attempt())
    with pytest.raises(UnknownState):
        workflow.options("ajar", attempt())
    with pytest.raises(UnknownState):
        workflow.state("ajar")


def test_a_guard_knows_the_time_and_the_form_it_is_asked_with() -> None:
    seen: list[tuple[datetime, Any]] = []

    def look(tried: Attempt[Facts]) -> None:
        seen.append((tried.now, tried.data["word"]))

    guard: Guard[Facts] = Guard("It is seen.", look)
    flow(step("shut", "open", "shut", guards=(guard,))).fire("open", "shut", attempt(word="hi"))
    assert seen == [(NOW, "hi")]


def test_the_first_step_of_a_trigger_is_found_without_an_attempt() -> None:
    workflow = door()
    found = workflow.step_from("shut", "leave")
    assert found is not None
    assert found.dest == "gone"
    assert workflow.step_from("open", "leave") is None


def test_one_machine_serves_many_threads_without_mixing_them_up() -> None:
    workflow = door()
    words: dict[tuple[str, ...], str] = {
        ("night",): "gone",
        ("day",): "open",
        ("nothing",): "refused",
    }

    def walk(number: int) -> bool:
        facts = list(words)[number % 3]
        try:
            ended = workflow.fire("shut", "leave", attempt(*facts)).dest
        except Refused:
            ended = "refused"
        return ended == words[facts]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(walk, range(3000)))


def test_a_machine_holds_no_ticket() -> None:
    workflow = door()
    workflow.fire("open", "knock", attempt())
    assert workflow._machine.models == []


def test_nobody_can_change_a_step_or_an_attempt_on_its_way() -> None:
    workflow, tried = door(), attempt()
    with pytest.raises(FrozenInstanceError):
        workflow.steps[0].dest = "gone"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        tried.parties = frozenset(Party)  # type: ignore[misc]
