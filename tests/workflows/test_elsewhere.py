"""Steps that do not start here: each says what comes first, or where it could be taken."""

import pytest

from tests.workflows.making import GONE, OPEN, SHUT, flow, step
from workflows.common import TicketWorkflow
from workflows.elsewhere import elsewhere
from workflows.engine import Party, State, Workflow
from workflows.registry import ticket_types

FLOWS = [kind.workflow for kind in ticket_types().values()]
STAFF = frozenset({Party.STAFF})
LOCKED = State("locked", "Locked")


def told(workflow: Workflow[frozenset[str]], state: str, *by: Party) -> dict[str, str]:
    """The reason for each step that starts elsewhere, by its trigger."""
    found = elsewhere(workflow, state, by or STAFF)
    return {option.step.trigger: option.reasons[0].sentence for option in found}


def test_the_step_that_leads_there_is_named_in_its_own_words_or_by_its_label() -> None:
    workflow = flow(
        step("shut", "open", "shut", first="Shut it first."),
        step("burn", "open", "gone"),
        step("lock", "shut", "locked"),
        step("unlock", "locked", "shut"),
        step("sweep", "gone", None),
        states=(OPEN, SHUT, LOCKED, GONE), initial="locked",
    )  # fmt: skip
    assert told(workflow, "open") == {"lock": "Shut it first.", "sweep": "“Burn” comes first."}


def test_a_step_further_away_tells_where_it_could_be_taken() -> None:
    workflow = flow(
        step("shut", "open", "shut"),
        step("lock", "shut", "locked"),
        step("paint", ("locked", "shut"), None),
        step("free", "locked", "gone"),
        states=(OPEN, SHUT, LOCKED, GONE), initial="gone",
    )  # fmt: skip
    assert told(workflow, "open")["free"] == "Only while it is Locked."
    assert told(workflow, "locked") == {
        "shut": "Only while it is Open.", "lock": "Only while it is Shut.",
    }  # fmt: skip
    assert "paint" not in told(workflow, "shut")


def test_what_has_ended_stays_so_and_a_beginning_does_not_come_back() -> None:
    workflow = flow(step("make", "open", "shut"), step("burn", "shut", "gone"))
    assert told(workflow, "gone") == {"burn": "It has ended: Gone."}
    assert told(workflow, "shut") == {}


def test_steps_of_others_are_left_out_and_the_readers_own_way_is_named_before_theirs() -> None:
    theirs, machines = frozenset({Party.AGENCY}), frozenset({Party.SYSTEM})
    workflow = flow(
        step("rattle", "open", "shut", who=machines),
        step("push", "open", "shut", who=theirs),
        step("pull", "open", "shut"),
        step("lock", "shut", "gone"),
        step("knock", "shut", None, who=theirs),
        initial="gone",
    )
    assert told(workflow, "open") == {"lock": "“Pull” comes first."}
    assert told(workflow, "open", Party.AGENCY) == {"knock": "“Push” comes first."}


def test_a_step_with_several_sources_is_listed_once_and_names_them_all() -> None:
    workflow = flow(
        step("shut", "open", "shut"),
        step("lock", "shut", "locked"),
        step("free", "locked", None),
        step("free", "gone", None),
        states=(OPEN, SHUT, LOCKED, State("gone", "Gone")),
    )
    assert told(workflow, "open")["free"] == "Only while it is Locked or Gone."


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
@pytest.mark.parametrize("party", [Party.STAFF, Party.MANAGER, Party.AGENCY, Party.LICENSEE])
def test_every_step_of_a_party_is_here_or_says_why_not(flow: TicketWorkflow, party: Party) -> None:
    mine = {step.trigger for step in flow.steps
            if party in step.who and step.source != (flow.initial,)}  # fmt: skip
    for state in set(flow.states) - {flow.initial}:
        here = {s.trigger for s in flow.steps if state in s.source and party in s.who}
        there = elsewhere(flow, state, {party})
        assert here | {option.step.trigger for option in there} == mine
        assert not here & {option.step.trigger for option in there}
        assert all(option.reasons[0].sentence.endswith(".") for option in there)
