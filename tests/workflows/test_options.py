"""What can be done from here, asked before anybody does it."""

from tests.workflows.making import Facts, attempt, flow, holds, step
from workflows.engine import Attempt, Guard, Party, Reason

DRY = holds("dry", "It rains.")
NAMED = holds("named", "Say who you are.", on_form=True)


def test_the_options_are_the_steps_from_here_in_the_order_of_their_declaration() -> None:
    workflow = flow(
        step("paint", "open", None),
        step("shut", "open", "shut"),
        step("reopen", "shut", "open"),
        step("burn", ("open", "shut"), "gone"),
    )
    assert [o.step.trigger for o in workflow.options("open", attempt())] == [
        "paint", "shut", "burn",
    ]  # fmt: skip
    assert [o.step.trigger for o in workflow.options("shut", attempt())] == ["reopen", "burn"]
    assert workflow.options("gone", attempt()) == ()


def test_an_option_carries_every_reason_against_it() -> None:
    oiled = holds("oiled", "The hinge is stuck.")
    workflow = flow(step("shut", "open", "shut", guards=(DRY, oiled)))
    (option,) = workflow.options("open", attempt())
    assert not option.allowed
    assert option.reasons == (Reason("It rains."), Reason("The hinge is stuck."))


def test_what_the_form_will_bring_is_not_asked_beforehand() -> None:
    (option,) = flow(step("shut", "open", "shut", guards=(NAMED,))).options("open", attempt())
    assert option.allowed


def test_a_step_for_others_is_listed_with_whom_it_is_for() -> None:
    workflow = flow(step("shut", "open", "shut", guards=(DRY,)))
    (option,) = workflow.options("open", attempt(by=[Party.LICENSEE]))
    assert option.reasons == (Reason("“Shut” is for HAND staff."),)


def test_of_several_steps_of_one_trigger_only_the_one_that_applies_is_listed() -> None:
    workflow = flow(
        step("leave", "open", "gone", label="Leave for good", when=lambda facts: "night" in facts),
        step("leave", "open", "shut", label="Leave", when=lambda facts: "day" in facts),
    )
    assert [o.step.label for o in workflow.options("open", attempt("day"))] == ["Leave"]
    assert [o.step.label for o in workflow.options("open", attempt("day", "night"))] == [
        "Leave for good"
    ]
    assert workflow.options("open", attempt()) == ()


def test_what_the_options_allow_can_be_fired_once_the_form_is_filled_in() -> None:
    workflow = flow(
        step("shut", "open", "shut", guards=(DRY, NAMED)),
        step("burn", "open", "gone", guards=(holds("mad", "Why would you?"),)),
    )
    tried = attempt("dry", "named")
    allowed = [o.step.trigger for o in workflow.options("open", tried) if o.allowed]
    assert allowed == ["shut"]
    assert [workflow.fire("open", trigger, tried).dest for trigger in allowed] == ["shut"]


def test_listing_options_changes_nothing_and_says_the_same_twice() -> None:
    asked: list[Facts] = []

    def unmet(tried: Attempt[Facts]) -> Reason | None:
        asked.append(tried.facts)
        return None

    guard: Guard[Facts] = Guard("It is fine.", unmet)
    workflow = flow(step("shut", "open", "shut", guards=(guard,)))
    tried = attempt("dry", word="hi")
    before = (workflow._machine.models, dict(tried.data), tried.facts)
    first, second = workflow.options("open", tried), workflow.options("open", tried)
    assert first == second
    assert len(asked) == 2
    assert (workflow._machine.models, dict(tried.data), tried.facts) == before
    assert set(workflow._machine.events["shut"].transitions) == {"open"}
