"""Where each blank of a worksheet lies: in points, on US Letter, from the lower left corner.

The places depend on the sheet alone, never on who it is for: so a flattened worksheet is read by
place, whatever was printed into it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.worksheets import COURSE_LINES, Blank, Kind, Line, Part, Sheet

WIDTH, HEIGHT = 612.0, 792.0
LEFT, RIGHT = 48.0, 564.0
TOP, BOTTOM = 724.0, 64.0
GUTTER = 10.0
LABEL, BOX = 10.0, 18.0
LINE = 36.0
COURSE = 23.0
TITLE = 26.0
HINT = 13.0
TICK = 12.0
ANCHOR_TOP = (LEFT, 752.0)
ANCHOR_BOTTOM = (LEFT, 34.0)
"""Where the form's own name begins, at the top and at the bottom of each page."""


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Place:
    """A blank and where it lies; `page` counts from 0. `row`: of a course, from 1, else 0."""

    blank: Blank
    page: int
    box: Box
    row: int = 0


@dataclass(frozen=True)
class Heading:
    part: Part
    page: int
    y: float


@dataclass(frozen=True)
class Layout:
    sheet: Sheet
    places: tuple[Place, ...]
    headings: tuple[Heading, ...]
    pages: int


def lay_out(sheet: Sheet) -> Layout:
    return _Pen(sheet).layout()


class _Pen:
    """Goes down the page, part after part."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.page, self.y = 0, TOP
        self.places: list[Place] = []
        self.headings: list[Heading] = []

    def layout(self) -> Layout:
        for part in self.sheet.parts:
            self._part(part)
        return Layout(self.sheet, tuple(self.places), tuple(self.headings), self.page + 1)

    def _part(self, part: Part) -> None:
        if part.new_page:
            self.page, self.y = self.page + 1, TOP
        self.headings.append(Heading(part, self.page, self.y))
        self.y -= TITLE + (HINT if part.hint else 0)
        for line in part.lines:
            self._line(line)
        if part.courses:
            self._courses()
        self.y -= 4

    def _line(self, line: Line) -> None:
        box_y = self.y - LABEL - BOX
        for blank, x, width in _across(line):
            box = Box(x, box_y, width, BOX)
            if blank.kind is Kind.TICK:
                box = Box(x, box_y + 3, TICK, TICK)
            self.places.append(Place(blank, self.page, box))
        self.y -= LINE

    def _courses(self) -> None:
        self.y -= LABEL
        for row, line in enumerate(COURSE_LINES, 1):
            for blank, x, width in _across(line):
                box = Box(x, self.y - BOX, width, BOX)
                self.places.append(Place(blank, self.page, box, row))
            self.y -= COURSE


def _across(line: Line) -> Iterator[tuple[Blank, float, float]]:
    part, x = (RIGHT - LEFT + GUTTER) / 12, LEFT
    for blank in line:
        width = blank.share * part - GUTTER
        yield blank, x, width
        x += width + GUTTER
