"""Diagram and table tell what the machine does: every step, and no other."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.workflows.making import GONE, OPEN, flow, holds, step
from workflows.check import AnyWorkflow
from workflows.diagram import arrows, markdown, mermaid, table
from workflows.effects import AccountAction, Action, Link, Mail, Recipient
from workflows.engine import Mark, Party, State
from workflows.in_words import ACCOUNT, follows, people
from workflows.registry import all_workflows, ticket_types

each_flow = pytest.mark.parametrize("workflow", all_workflows().values(), ids=all_workflows())

WAY = re.compile(r"    (\w+) --> (\w+): (.+) \((.+)\)")
STATE = re.compile(r'    state "(.+)" as (\w+)')


def run_by_the_machine(workflow: AnyWorkflow) -> list[tuple[str, str, str]]:
    """(source, trigger, dest), asked of the machine itself."""
    found: list[Any] = workflow._machine.get_transitions()
    return sorted((t.source, t.step.trigger, t.dest or t.source) for t in found)


@each_flow
def test_the_arrows_are_those_that_the_machine_runs(workflow: AnyWorkflow) -> None:
    drawn = sorted((a.source, a.step.trigger, a.dest) for a in arrows(workflow))
    assert drawn == run_by_the_machine(workflow)


@each_flow
def test_mermaid_names_every_declared_step_and_no_other(workflow: AnyWorkflow) -> None:
    lines = mermaid(workflow).splitlines()
    assert lines[0] == "stateDiagram-v2"
    declared = {
        (source, step.dest or source, step.label, people(step.who))
        for step in workflow.steps
        for source in step.source
    }
    told = [match.groups() for line in lines if (match := WAY.fullmatch(line))]
    assert set(told) == declared
    assert len(told) == len(set(told))


@each_flow
def test_mermaid_names_every_state_with_its_beginning_and_its_ends(workflow: AnyWorkflow) -> None:
    text = mermaid(workflow)
    named = {name: label for label, name in STATE.findall(text)}
    assert named == {name: state.label for name, state in workflow.states.items()}
    assert re.findall(r"\[\*\] --> (\w+)", text) == [workflow.initial]
    ends = {name for name, state in workflow.states.items() if state.final}
    assert set(re.findall(r"(\w+) --> \[\*\]", text)) == ends


@each_flow
def test_the_table_holds_every_way_once(workflow: AnyWorkflow) -> None:
    labels = {name: state.label for name, state in workflow.states.items()}
    rows = [(source, row) for row in table(workflow) for source in row.sources]
    assert len(rows) == len({(source, replace(row, sources=())) for source, row in rows})
    ways = {(labels[a], trigger, labels[b]) for a, trigger, b in run_by_the_machine(workflow)}
    assert {(source, row.trigger, row.dest or source) for source, row in rows} == ways


def test_the_life_of_a_license_stays_a_short_table() -> None:
    license_rows = table(all_workflows()["license"])
    assert len(license_rows) < 75 < len(arrows(all_workflows()["license"]))
    (deletion,) = [row for row in license_rows if row.trigger == "delete"]
    assert deletion.sources == ("Active", "Locked", "Inactive", "Expired", "Suspended")


def test_steps_with_other_guards_or_effects_keep_their_own_row() -> None:
    leave = step("leave", "open", "gone")
    rows = table(flow(leave, step("leave", "shut", "gone", guards=(holds("dry", "It rains."),))))
    assert [(row.sources, row.guards) for row in rows] == [
        (("Open",), ()),
        (("Shut",), ("It is dry.",)),
    ]


def test_what_follows_is_told_in_words() -> None:
    both = Mail("door_shut", Recipient.LICENSEE), Mail("door_shut", Recipient.FILER)
    link = Mail("way_in", Recipient.LICENSEE, Link.SET_PASSWORD)
    shut = step("shut", "open", "shut", effects=(AccountAction(Action.UNLOCK), *both, link),
                marks=frozenset({Mark.ASSIGN_ACTOR}))  # fmt: skip
    assert follows(shut) == (
        "The account is unlocked.",
        "Email “door shut” to the licensee and the one who filed.",
        "Email “way in” to the licensee, with a link to choose a password.",
        "The ticket is theirs from then on.",
    )


def test_every_account_action_has_words() -> None:
    assert set(ACCOUNT) == set(Action)


def test_those_who_may_are_listed_as_people_say_it() -> None:
    assert people(frozenset({Party.STAFF})) == "HAND staff"
    assert people(frozenset({Party.LICENSEE, Party.AGENCY, Party.STAFF})) == (
        "HAND staff, the agency’s admin or the licensee"
    )
    assert people(frozenset()) == "nobody"


def test_signs_that_mermaid_reads_as_its_own_are_written_as_codes() -> None:
    odd = State("shut", 'Shut: "for; good" #1')
    text = mermaid(flow(step("shut", "open", "shut", label="Shut\nit: now"),
                        states=(OPEN, odd, GONE)))  # fmt: skip
    assert 'state "Shut#58; #34;for#59; good#34; #35;1" as shut' in text
    assert "open --> shut: Shut it#58; now (HAND staff)" in text


def test_a_cell_of_the_table_cannot_break_it() -> None:
    text = markdown(flow(step("shut", "open", "shut", label="Shut | bolt")))
    assert "| Open | Shut \\| bolt | Shut | HAND staff |  |  |" in text.splitlines()


def test_all_workflows_are_the_request_types_and_the_license() -> None:
    assert list(all_workflows()) == [*ticket_types(), "license"]
