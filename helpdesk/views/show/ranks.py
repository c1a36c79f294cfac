"""In which order the states of a workflow come, and which of them a line joins."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.check import AnyWorkflow
from workflows.diagram import arrows


@dataclass
class Link:
    """All steps between two states: `down` leads to the later one, `up` back."""

    upper: str
    lower: str
    down: list[str] = field(default_factory=list)
    up: list[str] = field(default_factory=list)


def ranks(workflow: AnyWorkflow) -> dict[str, int]:
    """How far each state is from the beginning on the longest way; ways back do not count."""
    onward = _onward(workflow)
    finished, back = _walk(workflow, onward)
    found = dict.fromkeys(onward, 0)
    for name in reversed(finished):
        for other in onward[name]:
            if (name, other) not in back:
                found[other] = max(found[other], found[name] + 1)
    return found


def _onward(workflow: AnyWorkflow) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = {name: [] for name in workflow.states}
    for arrow in arrows(workflow):
        if arrow.dest != arrow.source and arrow.dest not in onward[arrow.source]:
            onward[arrow.source].append(arrow.dest)
    return onward


def _walk(
    workflow: AnyWorkflow, onward: dict[str, list[str]]
) -> tuple[list[str], set[tuple[str, str]]]:
    """The states, those without a way ahead first, and the ways that lead back."""
    finished: list[str] = []
    on_the_way: set[str] = set()
    back: set[tuple[str, str]] = set()

    def walk(name: str) -> None:
        on_the_way.add(name)
        for other in onward[name]:
            if other in on_the_way:
                back.add((name, other))
            elif other not in finished:
                walk(other)
        on_the_way.remove(name)
        finished.append(name)

    for start in (workflow.initial, *onward):
        if start not in finished:
            walk(start)
    return finished, back


def links(workflow: AnyWorkflow, rank: dict[str, int]) -> list[Link]:
    """One for each pair of states, however many steps there are and in whichever direction."""
    found: dict[tuple[str, str], Link] = {}
    for arrow in arrows(workflow):
        if arrow.source == arrow.dest:
            continue
        down = rank[arrow.source] < rank[arrow.dest]
        ends = (arrow.source, arrow.dest) if down else (arrow.dest, arrow.source)
        link = found.setdefault(ends, Link(*ends))
        labels = link.down if down else link.up
        if arrow.step.label not in labels:
            labels.append(arrow.step.label)
    return list(found.values())


def staying(workflow: AnyWorkflow, name: str) -> Iterator[str]:
    """The steps that can be taken in a state and leave it there."""
    here = (a.step.label for a in arrows(workflow) if a.source == a.dest == name)
    yield from dict.fromkeys(here)
