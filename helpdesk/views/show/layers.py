"""Where the pieces of a drawing stand: layer by layer from the top, near to what they belong to.

States stand in the even layers. A line from one to another passes a spot in every layer between
them, and its label is the first of these: so no label lies on another, nor on a state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

MARGIN = 8.0
BESIDE = 18.0
ROUNDS = 24


@dataclass(eq=False)
class Spot:
    """A state, a label, or a place where a line passes. `x` is its middle, `y` its top."""

    layer: int
    lines: tuple[str, ...] = ()
    width: float = 6.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0
    above: list["Spot"] = field(default_factory=list)
    below: list["Spot"] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        return self.y + self.height


def join(upper: Spot, lower: Spot) -> None:
    upper.below.append(lower)
    lower.above.append(upper)


def arrange(spots: list[Spot], gap: float) -> tuple[float, float]:
    """Gives every spot its place; returns width and height of the whole."""
    layers: dict[int, list[Spot]] = {}
    for spot in spots:
        layers.setdefault(spot.layer, []).append(spot)
    rows = [layers[number] for number in sorted(layers)]
    for row in rows:
        _place(row, [0.0] * len(row))
    for _ in range(ROUNDS):
        _sweep(rows, "above")
        _sweep(reversed(rows), "below")
    for row in rows * ROUNDS:
        _settle(row)
    return _to_the_right(spots), _downwards(rows, gap)


def _sweep(rows: Iterable[list[Spot]], side: str) -> None:
    """Orders each layer by where its neighbors on one side stand."""
    for row in rows:
        wanted = {id(spot): _middle(getattr(spot, side), spot.x) for spot in row}
        row.sort(key=lambda spot, wanted=wanted: wanted[id(spot)])  # type: ignore[misc]
        _place(row, [wanted[id(spot)] for spot in row])


def _settle(row: list[Spot]) -> None:
    """As near to the neighbors on both sides as the order allows."""
    _place(row, [_middle(spot.above + spot.below, spot.x) for spot in row])


def _middle(neighbors: list[Spot], otherwise: float) -> float:
    return sum(n.x for n in neighbors) / len(neighbors) if neighbors else otherwise


def _place(row: list[Spot], wanted: list[float]) -> None:
    """Between two ways to keep the distances, pushing to the right and to the left: as near to
    what is wanted, and as even, as can be."""
    right = list(wanted)
    for i in range(1, len(row)):
        right[i] = max(right[i], right[i - 1] + _apart(row[i - 1], row[i]))
    left = list(wanted)
    for i in reversed(range(len(row) - 1)):
        left[i] = min(left[i], left[i + 1] - _apart(row[i], row[i + 1]))
    for spot, a, b in zip(row, right, left, strict=True):
        spot.x = (a + b) / 2


def _apart(one: Spot, other: Spot) -> float:
    return (one.width + other.width) / 2 + BESIDE


def _to_the_right(spots: list[Spot]) -> float:
    leftmost = min(spot.x - spot.width / 2 for spot in spots)
    for spot in spots:
        spot.x += MARGIN - leftmost
    return max(spot.x + spot.width / 2 for spot in spots) + MARGIN


def _downwards(rows: list[list[Spot]], gap: float) -> float:
    y = MARGIN
    for row in rows:
        height = max(spot.height for spot in row)
        for spot in row:
            spot.height = spot.height if spot.lines else height  # so that lines pass upright
            spot.y = y + (height - spot.height) / 2
        y += height + gap
    return y - gap + MARGIN
