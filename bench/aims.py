"""What is printed: a figure, the floor beneath it, their ratio, and whether the aim is met."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

HEADINGS = ("database", "what", "figure", "rate/s", "floor", "ratio", "aim", "")


@dataclass(frozen=True)
class Figure:
    """`aim` is for the ratio where there is one, else for the figure; `least`: it is a minimum."""

    database: str
    what: str
    value: float
    unit: str
    rate: float | None = None
    floor: float | None = None
    aim: float | None = None
    least: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def judged(self) -> float:
        return self.value if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        """None: there is no aim."""
        if self.aim is None:
            return None
        return self.judged >= self.aim if self.least else self.judged <= self.aim

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}

    def cells(self) -> tuple[str, ...]:
        sign = "≥" if self.least else "≤"
        return (
            self.database,
            self.what,
            f"{_short(self.value)} {self.unit}",
            _short(self.rate),
            _short(self.floor),
            f"{self.ratio:.2f}" if self.ratio is not None else "",
            f"{sign} {self.aim:g}" if self.aim is not None else "",
            {True: "met", False: "missed", None: ""}[self.met],
        )


def _short(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def table(figures: Sequence[Figure]) -> str:
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
