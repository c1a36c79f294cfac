"""What is filled into a worksheet, by the names of its blanks, and where on the page it stands."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpdesk.sandbox import run as sandbox
from helpdesk.sandbox.ssn import SSN
from helpdesk.worksheets.layout import ANCHOR_BOTTOM, ANCHOR_TOP, Box, Layout, lay_out
from workflows.worksheets import SHEETS, Kind, Sheet

BUSY = sandbox.BUSY
"""The fault that says nothing of the file: it can be read later."""

MOST_PAGES = 10
MOST_FIELDS = 500
CODE = re.compile(r"Check code ([A-Z2-7]{4}-?[A-Z2-7]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Value:
    """`page` counts from 0; `box` in points from the lower left corner. `printed`: read from the
    page, not from a form's field."""

    text: str
    page: int
    box: Box
    printed: bool = False


@dataclass(frozen=True)
class Reading:
    """`fault`: a word for why nothing could be read: `encrypted`, `damaged`, `pages`, `fields`,
    `time`, `broken`, `busy`; or `unknown`, for a file that is none of our worksheets. `private`:
    something in it looks like a client's; `pages`: how many there are. None where nobody knows."""

    sheet: Sheet | None = None
    code: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    fault: str | None = None
    private: bool | None = None
    pages: int | None = None


NONE: Mapping[str, str] = {}


def read(
    data: bytes, names: Mapping[str, str] = NONE, courses: Mapping[str, str] = NONE
) -> Reading:
    """Reads a PDF. `names`: which blank each field of a form of another maker is; `courses`: the
    labels of those that such a blank may be about, by their names."""
    try:
        answer = json.loads(sandbox.run("read_form.py", _question(), data))
    except sandbox.Unreadable as error:
        return Reading(fault=str(error))
    found = _read(answer, names, courses)
    return replace(found, private=answer.get("private"), pages=answer.get("pages"))


def _read(
    answer: dict[str, object], names: Mapping[str, str], courses: Mapping[str, str]
) -> Reading:
    if "fault" in answer:
        return Reading(fault=str(answer["fault"]))
    if answer["form"] is None:
        return _theirs(answer["fields"], names, courses)
    return _ours(answer)


def trouble() -> str | None:
    """A word for why the sandbox does not work here: a file that is none is only damaged."""
    fault = read(b"no PDF").fault
    return None if fault == "damaged" else fault


KINDS = {Kind.TICK: "tick", Kind.SIGNATURE: "signature"}
"""Where ink counts."""


def _question() -> dict[str, object]:
    anchors = {f"{s.number} v{s.version}": _anchors(lay_out(s)) for s in SHEETS.values()}
    return {"anchors": anchors, "pages": MOST_PAGES, "fields": MOST_FIELDS, "private": SSN}


def _anchors(layout: Layout) -> dict[str, object]:
    places = [
        (p.blank.name, p.page, p.box.x, p.box.y, p.box.width, p.box.height,
         KINDS.get(p.blank.kind, "text"))
        for p in layout.places
    ]  # fmt: skip
    return {"top": ANCHOR_TOP, "bottom": ANCHOR_BOTTOM, "pages": layout.pages, "places": places}


Told = dict[str, tuple[str, int, list[float]]]


def _ours(answer: dict[str, object]) -> Reading:
    """A field of the form counts before what is printed in its place: the field holds every
    letter, the page what fitted. A signature can be drawn over an empty field."""
    number, _, version = str(answer["form"]).rpartition(" v")
    sheet = SHEETS[number, int(version)]
    printed, fields = _told(answer["printed"]), _told(answer["fields"])
    values = {name: _value(told, printed=True) for name, told in printed.items()}
    drawn = {blank.name for blank in sheet.blanks if blank.kind is Kind.SIGNATURE}
    values |= {name: _value(told) for name, told in fields.items()
               if name in values and (told[0] or name not in drawn)}  # fmt: skip
    words = " ".join(map(str, answer["words"]))  # type: ignore[call-overload]
    code = CODE.search(words)
    return Reading(sheet, code[1].upper() if code else "", values)


def _theirs(fields: object, names: Mapping[str, str], courses: Mapping[str, str]) -> Reading:
    told = _told(fields)
    found = {ours: _value(told[theirs]) for theirs, ours in names.items() if theirs in told}
    return Reading(values=_with_lines(found, courses), fault=None if found else "unknown")


def _with_lines(found: Mapping[str, Value], courses: Mapping[str, str]) -> dict[str, Value]:
    """Their courses have no lines: each that is named `basic_privacy.day` or so is given one."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for name, value in found.items():
        about, _, part = name.partition(".")
        if about not in courses or part not in {"day", "score"}:
            values[name] = value
            continue
        line = lines.setdefault(about, len(lines) + 1)
        values[f"course{line}.name"] = replace(value, text=courses[about])
        values[f"course{line}.{part}"] = value
    return values


def _told(answer: object) -> Told:
    return answer if isinstance(answer, dict) else {}


def _value(told: tuple[str, int, list[float]], *, printed: bool = False) -> Value:
    text, page, edges = told
    left, bottom, right, top = edges if len(edges) == 4 else (0.0, 0.0, 0.0, 0.0)
    return Value(text, page, Box(left, bottom, right - left, top - bottom), printed)
