"""Makes a worksheet that is filled in already: a PDF to read, without blanks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.worksheets.layout import Place
from helpdesk.worksheets.letters import PLAIN, fitting, printable, width
from helpdesk.worksheets.make import LONGEST, QUIET, RULE, Filled, Press, drawn
from workflows.signing import SIGNATURE
from workflows.worksheets import Kind, Sheet
from workflows.written import as_on_paper

HOW = 6.5
NOT_HERE = "can’t be printed: see the request"
MOST = 0.6
"""Of a line’s width at most tells how somebody signed; the rest is for the name."""

ROWS: Mapping[int, tuple[int, ...]] = {1: (6,), 2: (11, 3)}
"""How high the rows of that stand in their box, in points."""


@dataclass(frozen=True)
class Written(Filled):
    """`known` holds all that was filled in. `signed`: how each signed, in a sentence, by who."""

    signed: Mapping[str, str] = field(default_factory=dict)


def render(sheet: Sheet, written: Written) -> bytes:
    """The worksheet as PDF, for people: programs have what was filled in from the page."""
    return drawn(sheet, written, _Flat)


class _Flat(Press[Written]):
    def _place(self, place: Place) -> None:
        told, box = self._text_of(place), place.box
        text = told if printable(told) else ""
        self._label(place, "" if text == told else NOT_HERE)
        self.canvas.setStrokeColor(RULE)
        self.canvas.rect(box.x, box.y, box.width, box.height)
        room = box.width - 6 - self._how(place)
        size = fitting(text, room)
        base = 3 if place.blank.kind is Kind.TICK else 5
        self._text(box.x + 3, box.y + base, self._cut(text, size, room), PLAIN, size)

    def _how(self, place: Place) -> float:
        """Says at the right end of its line how somebody signed, in two rows if it is long; gives
        the width of that."""
        who, _, part = place.blank.name.partition(".")
        how = self.filled.signed.get(who, "") if f".{part}" == SIGNATURE else ""
        if not how:
            return 0
        box = place.box
        most = box.width * MOST
        rows = [how] if width(how, HOW) <= most else _halves(how)
        rows = [self._cut(row, HOW, most) for row in rows]
        self.canvas.setFillColor(QUIET)
        self.canvas.setFont(PLAIN, HOW)
        for row, base in zip(rows, ROWS[len(rows)], strict=True):
            self.canvas.drawRightString(box.x + box.width - 3, box.y + base, row)
        return max(width(row, HOW) for row in rows) + 6

    def _text_of(self, place: Place) -> str:
        if place.blank.kind is Kind.PRINTED:
            return self.filled.courses[place.row - 1]
        text = self.filled.known.get(place.blank.name, "")
        if place.blank.kind is Kind.DAY:
            return as_on_paper(text)
        return "X" if text and place.blank.kind is Kind.TICK else text

    @staticmethod
    def _cut(text: str, size: float, room: float) -> str:
        """The paper has one line: what is longer still is told on the request in full."""
        text = text[:LONGEST]
        if width(text, size) <= room + 0.01:
            return text
        while text and width(f"{text}…", size) > room:
            text = text[:-1]
        return f"{text}…"


def _halves(how: str) -> list[str]:
    """The day before, the way after."""
    before, comma, after = how.rpartition(", ")
    return [f"{before}{comma}".strip(), after]
