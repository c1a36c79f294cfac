"""Pages of documents as pictures: drawn in the sandbox, and where on them something stands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.documents.types import JPEG, PDF, PNG
from helpdesk.sandbox import run as sandbox

BUSY = sandbox.BUSY
PROGRAM = "draw_page.py"
MOST_BYTES = 16 * 1024 * 1024

KINDS = {PDF.content_type: "pdf", PNG.content_type: "picture", JPEG.content_type: "picture"}
"""What the program calls what it draws, by content type."""

Edges = tuple[float, float, float, float]
"""Left, top, width and height as parts of a drawn page, from 0 to 1."""


class CannotDraw(Exception):
    """`fault` is a word for why: `encrypted`, `damaged`, `pixels`, `memory`, `time`, `broken`,
    `busy`."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


@dataclass(frozen=True)
class Page:
    """The part of a page that is shown, in points as the PDF counts them: from the lower left,
    before the page is turned by `turn` degrees clockwise. Of a picture, in pixels."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def width(self) -> float:
        """As it is shown, as `height` is."""
        return self._height if self._sideways else self._width

    @property
    def height(self) -> float:
        return self._width if self._sideways else self._height

    def edges(self, x: float, y: float, width: float, height: float) -> Edges:
        """Where on the drawn page a box stands that is told in the PDF's own points."""
        left, right = (x - self.left) / self._width, (x + width - self.left) / self._width
        top, bottom = (self.top - y - height) / self._height, (self.top - y) / self._height
        turned = {
            0: (left, top, right, bottom),
            90: (1 - bottom, left, 1 - top, right),
            180: (1 - right, 1 - bottom, 1 - left, 1 - top),
            270: (top, 1 - right, bottom, 1 - left),
        }
        first, above, last, below = turned[self.turn]
        return first, above, last - first, below - above

    @property
    def _sideways(self) -> bool:
        return self.turn in {90, 270}

    @property
    def _width(self) -> float:
        return self.right - self.left

    @property
    def _height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True)
class Paged:
    """`count` is the number of all pages; `pages` are the first of them, as many as are shown."""

    count: int
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Drawn:
    """`png` is None for a page that can't be drawn, or isn't there."""

    paged: Paged
    png: bytes | None


def draw(data: bytes, content_type: str, number: int, most: int) -> Drawn:
    """Draws the page of this number, from 0; `most` pages are looked at. Raises `CannotDraw`."""
    question = {"type": KINDS[content_type], "page": number, "most": most}
    try:
        told = sandbox.run(PROGRAM, question, data, most=MOST_BYTES)
    except sandbox.Unreadable as error:
        raise CannotDraw(str(error)) from None
    line, _, png = told.partition(b"\n")
    answer = json.loads(line)
    if "fault" in answer:
        raise CannotDraw(answer["fault"])
    return Drawn(Paged(answer["count"], _pages(answer["pages"])), png or None)


def _pages(sizes: Iterable[tuple[float, float, float, float, int]]) -> tuple[Page, ...]:
    return tuple(Page(*size) for size in sizes)
