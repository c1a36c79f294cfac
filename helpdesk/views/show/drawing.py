"""A workflow as a picture: boxes for the states, lines for the steps, as plain numbers for SVG."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.views.show.layers import Spot, arrange, join
from helpdesk.views.show.ranks import Link, links, ranks, staying
from workflows.check import AnyWorkflow
from workflows.license import WORKFLOW as LICENSE

LETTER, LINE = 6.7, 16.0
BIG_LETTER = 8.2
GAP = 16.0
FEW = 3


@dataclass(frozen=True)
class Words:
    """A line of text with its baseline."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A state or a label. `kind` are classes; the first line of a state is its name."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Line:
    """A path from the earlier state to the later one; `up`, `down`: which ends have a tip."""

    path: str
    down: bool
    up: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    states: tuple[Box, ...]
    labels: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(workflow: AnyWorkflow) -> Drawing:
    rank = ranks(workflow)
    states = {name: _state(workflow, name, rank[name]) for name in workflow.states}
    joined = [(link, _thread(link, states)) for link in links(workflow, rank)]
    inner = [spot for _link, thread in joined for spot in thread[1:-1]]
    width, height = arrange([*states.values(), *inner], GAP)
    return Drawing(
        width=round(width),
        height=round(height),
        states=tuple(_box(spot, _look(workflow, name)) for name, spot in states.items()),
        labels=tuple(_box(spot, "label") for spot in inner if spot.lines),
        lines=tuple(Line(_path(thread), bool(link.down), bool(link.up)) for link, thread in joined),
    )


def _state(workflow: AnyWorkflow, name: str, rank: int) -> Spot:
    label = workflow.states[name].label
    stay = list(staying(workflow, name))
    if len(stay) > FEW:
        stay = [f"{len(stay)} steps that stay"]
    lines = (label, *(f"↻ {step}" for step in stay))
    width = max(BIG_LETTER * len(label), *(LETTER * len(line) for line in lines)) + 28
    return Spot(2 * rank, lines, width, LINE * len(lines) + 18)


def _thread(link: Link, states: dict[str, Spot]) -> list[Spot]:
    """From state to state through a spot in each layer between; the first bears the label."""
    upper, lower = states[link.upper], states[link.lower]
    lines = _label(link)
    width = max(LETTER * len(line) for line in lines) + 10
    label = Spot(upper.layer + 1, lines, width, LINE * len(lines) + 4)
    passing = [Spot(layer) for layer in range(label.layer + 1, lower.layer)]
    thread = [upper, label, *passing, lower]
    for one, other in pairwise(thread):
        join(one, other)
    return thread


def _label(link: Link) -> tuple[str, ...]:
    """Arrows stand before the words only where a line can be taken both ways."""
    if not (link.down and link.up):
        return (*link.down, *link.up)
    return (*(f"↓ {label}" for label in link.down), *(f"↑ {label}" for label in link.up))


def _look(workflow: AnyWorkflow, name: str) -> str:
    state = workflow.states[name]
    tone = f"lic-{name}" if workflow.name == LICENSE.name else f"st-{name}"
    place = "begin" if name == workflow.initial else "end" if state.final else "midway"
    return f"state {place} {tone}"


def _box(spot: Spot, kind: str) -> Box:
    top = spot.y + (spot.height - LINE * len(spot.lines)) / 2
    lines = (
        Words(text, round(spot.x), round(top + LINE * (i + 0.75)))
        for i, text in enumerate(spot.lines)
    )
    return Box(round(spot.x - spot.width / 2), round(spot.y), round(spot.width),
               round(spot.height), kind, tuple(lines))  # fmt: skip


def _path(thread: list[Spot]) -> str:
    """Curves that leave and reach every spot upright."""
    upper, *inner, lower = thread
    x, y = _port(upper, upper.below, inner[0]), upper.bottom
    pieces = [f"M{x:.0f} {y:.0f}"]
    ends = [*((spot.x, spot.y, spot.bottom) for spot in inner),
            (_port(lower, lower.above, inner[-1]), lower.y, lower.y)]  # fmt: skip
    for to_x, to_y, leaves in ends:
        middle = (y + to_y) / 2
        pieces.append(f"C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}")
        if leaves > to_y:
            pieces.append(f"V{leaves:.0f}")
        x, y = to_x, leaves
    return "".join(pieces)


def _port(state: Spot, side: Iterable[Spot], other: Spot) -> float:
    """Lines meet a state side by side, in the order in which they come."""
    order = sorted(side, key=lambda spot: spot.x)
    place = (order.index(other) + 1) / (len(order) + 1)
    return state.x + state.width * (place - 0.5)
