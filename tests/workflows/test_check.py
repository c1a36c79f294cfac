"""Each kind of fault in a definition is named, and the real definitions have none."""

import pytest

from tests.workflows.making import GONE, OPEN, SHUT, Facts, attempt, flow, holds, step
from workflows import license as licenses
from workflows.check import AnyWorkflow, Surroundings, faults
from workflows.effects import AccountAction, Action, Effect, Mail, Recipient
from workflows.engine import Guard, State, Step, Workflow
from workflows.registry import ticket_types

LEAVE = step("leave", ("open", "shut"), "gone")
SHUT_IT = step("shut", "open", "shut")


def sound(*more: Step[Facts]) -> Workflow[Facts]:
    """Nothing is wrong with it until a test adds something."""
    return flow(SHUT_IT, LEAVE, *more)


def about(trigger: str, fault: str) -> str:
    return f"Door, step “{trigger}”: {fault}"


def test_a_sound_workflow_has_no_faults() -> None:
    assert faults(sound()) == []


@pytest.mark.parametrize(
    "workflow",
    [*(kind.workflow for kind in ticket_types().values()), licenses.WORKFLOW],
    ids=lambda workflow: workflow.name,
)
def test_the_real_workflows_are_sound(workflow: AnyWorkflow) -> None:
    assert faults(workflow) == []


def test_a_state_that_cannot_be_reached_is_named() -> None:
    attic = State("attic", "Attic", final=True)
    workflow = flow(SHUT_IT, LEAVE, states=(OPEN, SHUT, GONE, attic))
    assert faults(workflow) == ["Door: state “attic” cannot be reached."]


def test_a_state_reached_only_from_an_unreachable_one_is_named_too() -> None:
    states = (OPEN, SHUT, GONE, State("attic", "Attic"), State("roof", "Roof"))
    climb, fall = step("climb", "attic", "roof"), step("fall", "roof", "gone")
    assert faults(flow(SHUT_IT, LEAVE, climb, fall, states=states)) == [
        "Door: state “attic” cannot be reached.",
        "Door: state “roof” cannot be reached.",
    ]


def test_a_state_without_a_way_to_an_end_is_named() -> None:
    workflow = flow(SHUT_IT, step("leave", "open", "gone"))
    assert faults(workflow) == ["Door: from state “shut” no end can be reached."]


def test_a_circle_that_never_ends_is_named_for_each_of_its_states() -> None:
    states = (OPEN, SHUT, State("ajar", "Ajar"), GONE)
    around = (step("pull", "shut", "ajar"), step("push", "ajar", "shut"))
    workflow = flow(SHUT_IT, step("leave", "open", "gone"), *around, states=states)
    assert faults(workflow) == [
        "Door: from state “shut” no end can be reached.",
        "Door: from state “ajar” no end can be reached.",
    ]


def test_a_workflow_without_any_end_is_a_fault() -> None:
    workflow = flow(SHUT_IT, step("reopen", "shut", "open"), states=(OPEN, SHUT))
    assert faults(workflow) == [
        "Door: from state “open” no end can be reached.",
        "Door: from state “shut” no end can be reached.",
    ]


def test_a_step_that_stays_is_no_way_to_an_end() -> None:
    workflow = flow(SHUT_IT, step("leave", "open", "gone"), step("knock", "shut", None))
    assert faults(workflow) == ["Door: from state “shut” no end can be reached."]


def test_a_state_without_a_label_is_named() -> None:
    workflow = flow(SHUT_IT, LEAVE, states=(OPEN, State("shut", " "), GONE))
    assert faults(workflow) == ["Door: state “shut” has no label."]


def test_a_step_without_a_label_is_named() -> None:
    assert faults(sound(step("knock", "open", None, label=" "))) == [
        about("knock", "it has no label.")
    ]


def test_a_step_without_words_for_the_history_is_named() -> None:
    assert faults(sound(step("knock", "open", None, done=""))) == [
        about("knock", "it has no words for the history.")
    ]


def test_a_step_that_nobody_may_take_is_named() -> None:
    assert faults(sound(step("knock", "open", None, who=frozenset()))) == [
        about("knock", "nobody has the right to take it.")
    ]


@pytest.mark.parametrize(("source", "dest"), [("attic", "gone"), ("open", "attic")])
def test_a_step_from_or_to_an_unknown_state_is_named(source: str, dest: str) -> None:
    found = faults(sound(step("climb", source, dest)))
    assert about("climb", "there is no state “attic”.") in found


def test_an_unknown_first_state_is_named() -> None:
    found = faults(flow(SHUT_IT, LEAVE, initial="attic"))
    assert "Door: it begins in “attic”, and there is no such state." in found


def test_a_step_that_is_never_taken_because_an_earlier_one_always_is_is_named() -> None:
    found = faults(sound(step("shut", "open", "gone")))
    assert found == [
        "Door: a second “shut” from “open” is never taken, because the first always applies."
    ]


def test_a_step_behind_a_conditional_one_is_not_shadowed() -> None:
    first = step("burn", "open", "gone", when=lambda facts: "dry" in facts)
    assert faults(sound(first, step("burn", "open", "shut"))) == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("", "a guard has no sentence."),
        ("  ", "a guard has no sentence."),
        ("dry", "the guard “dry” is not a sentence."),
        ("It is dry", "the guard “It is dry” is not a sentence."),
    ],
)
def test_a_guard_without_a_sentence_is_named(rule: str, fault: str) -> None:
    guard: Guard[Facts] = Guard(rule, holds("dry", "It rains.").unmet)
    assert faults(sound(step("knock", "open", None, guards=(guard,)))) == [about("knock", fault)]


@pytest.mark.parametrize("effect", [Mail("bell", Recipient.FILER), AccountAction(Action.UNLOCK)])
def test_an_effect_that_the_house_cannot_perform_is_named(effect: Effect) -> None:
    def only_other(workflow: AnyWorkflow, asked: Effect) -> str | None:
        assert workflow.name == "door"
        return "nobody can do that." if asked == effect else None

    workflow = sound(step("knock", "open", None, effects=(effect,)))
    assert faults(workflow, Surroundings(effect=only_other)) == [
        about("knock", "nobody can do that.")
    ]


def test_a_form_that_is_missing_is_named() -> None:
    def none_but_note(_workflow: AnyWorkflow, name: str) -> str | None:
        return None if name == "note" else f"there is no form “{name}”."

    workflow = sound(step("knock", "open", None, form="note"), step("ring", "open", None, form="x"))
    assert faults(workflow, Surroundings(form=none_but_note)) == [
        about("ring", "there is no form “x”.")
    ]


def test_a_step_without_a_form_is_not_asked_for_one() -> None:
    def nothing(_workflow: AnyWorkflow, name: str) -> str | None:
        raise AssertionError(f"asked for {name}")

    assert faults(sound(), Surroundings(form=nothing)) == []


def test_all_faults_are_named_at_once_and_each_but_once() -> None:
    broken = step("knock", ("open", "shut"), "attic", label="", done="", who=frozenset())
    found = faults(sound(broken))
    assert len(found) == len(set(found))
    assert {
        about("knock", "it has no label."),
        about("knock", "it has no words for the history."),
        about("knock", "nobody has the right to take it."),
        about("knock", "there is no state “attic”."),
    } <= set(found)


def test_a_workflow_with_faults_can_still_be_asked_for_them() -> None:
    """A broken definition must reach the check, not die while it is read."""
    workflow = flow(states=(), initial="nowhere")
    assert faults(workflow)
    assert workflow.step_from("nowhere", "knock") is None
    assert attempt().data == {}
