"""Reads what is filled into a PDF. Runs as a program of its own, with limits set by `run`,
because the file is a stranger's: nothing of ours is imported here.

Standard input: one line of JSON, then the bytes of the file. Standard output: one line of JSON.

The question: {"anchors": {form: {"top": [x, y], "bottom": [x, y], "pages": n, "places": [[name,
page, x, y, width, height, kind], …]}}, "pages": n, "fields": n, "private": pattern}. A form's
anchors are the places of its own name at the top and bottom of a page; the kinds are `tick`,
`signature` and `text`. The answer: {"fields": {name: [value, page, box]}, "form": name or null,
"printed": {name: [value, page, box]}, "words": [of each page], "pages": how many there are,
"private": whether the pattern is found}, or {"fault": word} with as much of it as is known.
"""

import contextlib
import json
import re
import sys
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

INK = 0.04  # of a tick box's pixels: a mark, not the dust of a print
STROKE = 0.004  # the same for a signature: thin lines in a wide box
SIGNED = "(signed by hand)"
DARK = 128  # of 255
SCALE = 2.0  # pixels a point, where ink is looked for
LONGEST = 2000  # characters of one value
DEEPEST = 20  # fields in fields
WORDS = 20_000  # characters of a page
SHRINK = 0.25  # of a tick box, on each side: its border is no mark
BESIDE = 2.0  # points a box is wider by, for letters that touch its edge
UNDER = 4.0  # points a box is lower by, for the label above it reaches into it

Found = dict[str, list[Any]]
Box = tuple[float, float, float, float]


class Fault(Exception):
    """Why there is nothing to read."""


def main() -> None:
    question = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer: dict[str, Any] = {}
    try:
        read(data, question, answer)
    except Fault as fault:
        answer["fault"] = str(fault)
    sys.stdout.write(json.dumps(answer))


def read(data: bytes, question: dict[str, Any], answer: dict[str, Any]) -> None:
    document = opened(data)
    fields = form_fields(data, question["fields"])
    answer["pages"] = len(document)
    document.init_forms()
    pages = [Page(document[index]) for index in range(min(len(document), question["pages"]))]
    texts = [page.all_text() for page in pages]
    filled_in = (f"{name} {value}" for name, (value, _page, _box) in fields.items())
    answer["private"] = any(re.search(question["private"], text) for text in (*texts, *filled_in))
    if len(document) > question["pages"]:
        raise Fault("pages")
    form, moves = recognized(pages, question["anchors"])
    printed: Found = {}
    if form is not None:
        printed = read_places(pages, question["anchors"][form]["places"], moves)
    words = [text[:WORDS] for text in texts]
    answer.update(fields=fields, form=form, printed=printed, words=words)


def opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = "password" in str(error).lower()
        raise Fault("encrypted" if encrypted else "damaged") from None


def form_fields(data: bytes, most: int) -> Found:
    """The fields of a fillable form: value, page and box by the field's full name."""
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise Fault("locked")  # against changes alone: without its password it had not opened
        found: Found = {}
        for number, page in enumerate(reader.pages):
            for widget in page.get("/Annots") or ():
                _note(found, widget.get_object(), number)
                if len(found) > most:
                    raise Fault("fields")
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return found


def _note(found: Found, widget: Any, page: int) -> None:
    if not isinstance(widget, DictionaryObject) or widget.get("/Subtype") != "/Widget":
        return
    name, value = _full_name(widget), _inherited(widget, "/V")
    if name:
        box = [round(float(edge), 1) for edge in widget.get("/Rect", ())]
        found.setdefault(name, [_as_text(value), page, box])


def _full_name(widget: DictionaryObject) -> str:
    parts: list[str] = []
    node: DictionaryObject | None = widget
    for _level in range(DEEPEST):
        if node is None:
            break
        if "/T" in node:
            parts.append(str(node["/T"]))
        node = _parent(node)
    return ".".join(reversed(parts))[:LONGEST]


def _parent(node: DictionaryObject) -> DictionaryObject | None:
    parent = node.get("/Parent")
    parent = parent.get_object() if parent is not None else None
    return parent if isinstance(parent, DictionaryObject) else None


def _inherited(widget: DictionaryObject, key: str) -> Any:
    if key in widget:
        return widget[key]
    parent = _parent(widget)
    return parent.get(key) if parent is not None else None


def _as_text(value: Any) -> str:
    """A tick is `x`; a box that is off, and a field that is empty, are nothing."""
    if isinstance(value, pypdf.generic.NameObject):
        return "" if value == "/Off" else "x"
    return "" if value is None else str(value).strip()[:LONGEST]


class Page:
    """A page of the file, its text and, where it is asked for, its ink."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.page = page
        self.text = page.get_textpage()
        self._picture: Any = None

    def all_text(self) -> str:
        return str(self.text.get_text_bounded())

    def inside(self, box: Box) -> str:
        left, bottom, right, top = box
        text = self.text.get_text_bounded(left, bottom, right, top)
        return " ".join(str(text).split())[:LONGEST]

    def where(self, words: str) -> list[tuple[float, float]]:
        """The lower left corners of every place that these words stand at."""
        search = self.text.search(words, match_case=True)
        corners: list[tuple[float, float]] = []
        while (hit := search.get_next()) is not None and len(corners) < 10:
            left, bottom, _right, _top = self.text.get_charbox(hit[0])
            corners.append((left, bottom))
        return corners

    def tick(self, box: Box) -> str:
        return "x" if self.has_ink(box, INK) else ""

    def signature(self, box: Box) -> str:
        """A name that is typed, or a line that is drawn."""
        drawn = SIGNED if self.has_ink(_within(box), STROKE) else ""
        return self.inside(_for_text(box)) or drawn

    def has_ink(self, box: Box, share: float) -> bool:
        left, bottom, right, top = box
        if self._picture is None:
            self._picture = self.page.render(scale=SCALE, grayscale=True).to_pil()
        high = self._picture.height
        edges = (left * SCALE, high - top * SCALE, right * SCALE, high - bottom * SCALE)
        crop = self._picture.crop(tuple(round(edge) for edge in edges))
        shades = crop.tobytes()
        return bool(shades) and sum(shade < DARK for shade in shades) / len(shades) > share


Move = tuple[float, float, float]
"""Scale, then shift to the right and up: a print dialog shrinks and centers."""


def recognized(
    pages: list[Page], anchors: dict[str, Any]
) -> tuple[str | None, dict[int, tuple[Page, Move]]]:
    """Which form this is, by the name it bears at the top and bottom of each page; and for each
    page of the form the page of the file it is on, and how it was moved."""
    for form, about in anchors.items():
        moves: dict[int, tuple[Page, Move]] = {}
        for number, page in enumerate(pages):
            move = _move(page.where(form), about["top"], about["bottom"])
            if move is not None:
                moves[number if number < about["pages"] else len(moves)] = (page, move)
        if moves:
            return form, moves
    return None, {}


def _move(
    corners: list[tuple[float, float]], top: list[float], bottom: list[float]
) -> Move | None:
    if len(corners) < 2:
        return None
    high, low = max(corners, key=lambda c: c[1]), min(corners, key=lambda c: c[1])
    scale = (high[1] - low[1]) / (top[1] - bottom[1])
    if not 0.3 < scale < 3:
        return None
    return scale, low[0] - bottom[0] * scale, low[1] - bottom[1] * scale


def read_places(
    pages: list[Page], places: list[Any], moves: dict[int, tuple[Page, Move]]
) -> Found:
    found: Found = {}
    for name, number, x, y, width, height, kind in places:
        if number not in moves:
            continue
        page, move = moves[number]
        box = _moved((x, y, x + width, y + height), move)
        value = _filled_in(page, kind, box)
        found[name] = [value, pages.index(page), [round(edge, 1) for edge in box]]
    return found


def _filled_in(page: Page, kind: str, box: Box) -> str:
    if kind == "tick":
        return page.tick(_within(box))
    return page.signature(box) if kind == "signature" else page.inside(_for_text(box))


def _moved(box: Box, move: Move) -> Box:
    scale, right, up = move
    return (box[0] * scale + right, box[1] * scale + up,
            box[2] * scale + right, box[3] * scale + up)  # fmt: skip


def _within(box: Box) -> Box:
    across, along = (box[2] - box[0]) * SHRINK, (box[3] - box[1]) * SHRINK
    return box[0] + across, box[1] + along, box[2] - across, box[3] - along


def _for_text(box: Box) -> Box:
    return box[0] - BESIDE, box[1], box[2] + BESIDE, box[3] - UNDER


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
