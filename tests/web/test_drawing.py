"""The picture of a workflow: nothing lies on anything else, whatever the workflow is."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.views.show.drawing import Box, Drawing, draw
from helpdesk.views.show.ranks import links, ranks
from tests.workflows.making import flow, step
from workflows.check import AnyWorkflow
from workflows.diagram import arrows
from workflows.engine import State
from workflows.registry import all_workflows

each_flow = pytest.mark.parametrize("workflow", all_workflows().values(), ids=all_workflows())

NAMES = st.sampled_from("abcdefgh")
ARROWS = st.lists(st.tuples(NAMES, NAMES, st.text("xyz ", min_size=1, max_size=30)), max_size=20)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def mistakes(drawing: Drawing) -> list[str]:
    boxes = [*drawing.states, *drawing.labels]
    found = [f"{a} lies on {b}" for a, b in combinations(boxes, 2) if overlap(a, b)]
    found += [
        f"{box} is outside"
        for box in boxes
        if box.x < 0 or box.y < 0
        or box.x + box.width > drawing.width or box.y + box.height > drawing.height
    ]  # fmt: skip
    return found


def joined(workflow: AnyWorkflow) -> set[frozenset[str]]:
    pairs = (frozenset((a.source, a.dest)) for a in arrows(workflow))
    return {pair for pair in pairs if len(pair) == 2}


@each_flow
def test_no_state_and_no_label_lies_on_another(workflow: AnyWorkflow) -> None:
    assert mistakes(draw(workflow)) == []


@each_flow
def test_every_step_is_in_the_picture(workflow: AnyWorkflow) -> None:
    drawing = draw(workflow)
    assert [box.lines[0].text for box in drawing.states] == [
        state.label for state in workflow.states.values()
    ]
    assert len(drawing.lines) == len(joined(workflow))
    written = " ".join(words.text for box in drawing.labels for words in box.lines)
    for arrow in arrows(workflow):
        assert arrow.source == arrow.dest or arrow.step.label in written


@each_flow
def test_it_fits_a_wide_screen(workflow: AnyWorkflow) -> None:
    assert draw(workflow).width <= 1240


@given(ARROWS)
def test_any_workflow_can_be_drawn(ways: list[tuple[str, str, str]]) -> None:
    states = [State(name, f"State {name}", final=name == "h") for name in "abcdefgh"]
    steps = [
        step(f"t{i}", source, None if source == dest else dest, label=label)
        for i, (source, dest, label) in enumerate(ways)
    ]
    workflow = flow(*steps, states=states, initial="a")
    rank = ranks(workflow)
    for link in links(workflow, rank):
        assert rank[link.upper] < rank[link.lower]
    drawing = draw(workflow)
    assert mistakes(drawing) == []
    assert len(drawing.lines) == len(joined(workflow))


def test_a_way_back_points_up_and_does_not_count_as_a_way() -> None:
    workflow = flow(step("shut", "open", "shut"), step("reopen", "shut", "open"),
                    step("leave", "shut", "gone"))  # fmt: skip
    assert ranks(workflow) == {"open": 0, "shut": 1, "gone": 2}
    there_and_back, out = draw(workflow).lines
    assert (there_and_back.down, there_and_back.up) == (True, True)
    assert (out.down, out.up) == (True, False)
