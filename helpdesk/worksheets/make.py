"""Makes a worksheet: a PDF whose blanks can be filled in, with what is known printed already."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from helpdesk.worksheets.layout import (
    ANCHOR_BOTTOM,
    ANCHOR_TOP,
    HEIGHT,
    LABEL,
    LEFT,
    RIGHT,
    WIDTH,
    Heading,
    Layout,
    Place,
    lay_out,
)
from helpdesk.worksheets.letters import (
    BOLD,
    LARGEST,
    PLAIN,
    composed,
    fitting,
    have_fonts,
    printable,
    width,
)
from workflows.worksheets import Kind, Sheet

INK, QUIET, RULE, PAPER = (HexColor(shade) for shade in
                           ("#1b2527", "#55636a", "#9aa7ab", "#f6f8f8"))  # fmt: skip
NONE = Color(1, 1, 1, 0)
LONGEST = 200
BY_HAND = "please write it by hand"


@dataclass(frozen=True)
class Filled:
    """`known`: what is printed, by the blank's name. `courses`: the labels to list, in order.
    `code`: the check code."""

    known: Mapping[str, str] = field(default_factory=dict)
    courses: Sequence[str] = ()
    code: str = ""


FilledT = TypeVar("FilledT", bound=Filled)


def make(sheet: Sheet, filled: Filled) -> bytes:
    """The worksheet as PDF."""
    return drawn(sheet, filled, Press)


def drawn(sheet: Sheet, filled: FilledT, press: "type[Press[FilledT]]") -> bytes:
    have_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), pageCompression=1, lang="en-US")
    canvas.setTitle(sheet.title)
    canvas.setAuthor("Homeless Action Network of Detroit")
    press(canvas, lay_out(sheet), filled).run()
    canvas.save()
    return target.getvalue()


class Press(Generic[FilledT]):
    def __init__(self, canvas: Canvas, layout: Layout, filled: FilledT) -> None:
        self.canvas, self.layout, self.filled = canvas, layout, filled
        self.sheet = layout.sheet
        self.form: Any = canvas.acroForm  # its stubs know no parts of a point

    def run(self) -> None:
        for page in range(self.layout.pages):
            self._frame(page)
            for heading in self.layout.headings:
                if heading.page == page:
                    self._heading(heading)
            for place in self.layout.places:
                if place.page == page and place.row <= len(self.filled.courses):
                    self._place(place)
            self.canvas.showPage()

    def _frame(self, page: int) -> None:
        says = f"{self.sheet.number} v{self.sheet.version}"
        self._text(*ANCHOR_TOP, says, PLAIN, 8, QUIET)
        self._text(*ANCHOR_BOTTOM, says, PLAIN, 8, QUIET)
        self._text(LEFT + 70, ANCHOR_TOP[1], self.sheet.title, BOLD, 13)
        self.canvas.setFillColor(QUIET)
        self.canvas.setFont(PLAIN, 8)
        code = f"Check code {self.filled.code}    " if self.filled.code else ""
        ending = f"{code}Page {page + 1} of {self.layout.pages}"
        self.canvas.drawRightString(RIGHT, ANCHOR_BOTTOM[1], ending)

    def _heading(self, heading: Heading) -> None:
        self.canvas.setStrokeColor(RULE)
        self.canvas.line(LEFT, heading.y, RIGHT, heading.y)
        self._text(LEFT, heading.y - 15, heading.part.title, BOLD, 10)
        if heading.part.hint:
            self._text(LEFT, heading.y - 28, heading.part.hint, PLAIN, 8, QUIET)

    def _place(self, place: Place) -> None:
        printed = self._printed(place)
        self._label(place, "" if printed or not self._is_lost(place) else BY_HAND)
        if printed:
            size = fitting(printed, place.box.width - 6)
            self._text(place.box.x + 3, place.box.y + 5, printed, PLAIN, size)
        elif place.blank.kind is Kind.TICK:
            self._tick(place)
        elif place.blank.kind is not Kind.PRINTED:
            self._blank(place)

    def _printed(self, place: Place) -> str:
        if place.blank.kind is Kind.PRINTED:
            return self.filled.courses[place.row - 1]
        known = self.filled.known.get(place.blank.name, "")
        fits = width(known, LARGEST) <= place.box.width - 6
        return known if fits and printable(known) else ""

    def _is_lost(self, place: Place) -> bool:
        """It is known, and can't even stand in the blank."""
        known = self.filled.known.get(place.blank.name, "")
        return bool(known) and not _typed(known)

    def _label(self, place: Place, remark: str = "") -> None:
        box, label = place.box, place.blank.label
        label = f"{label} – {remark}" if remark else label
        if place.blank.kind is Kind.TICK:
            self._text(box.x + box.width + 5, box.y + 2.5, label, PLAIN, 8)
        elif place.row <= 1:
            self._text(box.x, box.y + box.height + LABEL - 7, label, PLAIN, 7.5, QUIET)

    def _blank(self, place: Place) -> None:
        box, blank = place.box, place.blank
        self.form.textfield(
            name=blank.name, tooltip=_tooltip(self.filled.courses, place),
            x=box.x, y=box.y, width=box.width, height=box.height,
            value=_typed(self.filled.known.get(blank.name, "")),
            fontName="Helvetica", fontSize=9, maxlen=LONGEST, fieldFlags="",
            borderWidth=1, borderColor=RULE, fillColor=PAPER, textColor=INK, forceBorder=True,
        )  # fmt: skip

    def _tick(self, place: Place) -> None:
        box = place.box
        self.form.checkbox(
            name=place.blank.name, tooltip=place.blank.label, x=box.x, y=box.y, size=box.width,
            checked=place.blank.name in self.filled.known, buttonStyle="check", shape="square",
            borderWidth=1, borderColor=RULE, fillColor=PAPER, textColor=INK, forceBorder=True,
        )  # fmt: skip

    def _text(
        self, x: float, y: float, text: str, font: str, size: float, ink: Color = INK
    ) -> None:
        self.canvas.setFillColor(ink)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, composed(text))


def _typed(text: str) -> str:
    """What a blank may hold from the start. Its font has no other letters: people type those, and
    their viewer has them."""
    return text if all(ord(letter) < 256 for letter in text) else ""


def _tooltip(courses: Sequence[str], place: Place) -> str:
    """What a screen reader says at the blank."""
    about = f"{courses[place.row - 1]}: " if place.row else ""
    return f"{about}{place.blank.label}"
