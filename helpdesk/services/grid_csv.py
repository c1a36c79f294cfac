"""The training grid as a CSV file that a spreadsheet can change, and such a file read back.

A line for each course. Under each access level stands who needs it: new, yearly, both, or nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from helpdesk.services.imports.columns import bare
from helpdesk.services.imports.faulty import FORMULA, harmless
from helpdesk.services.imports.lines import Fault, FaultyRow, Record, quoted, records
from helpdesk.services.imports.shapes import shape_of
from helpdesk.services.imports.sources import CannotRead
from workflows.grid_rules import faults, name_of
from workflows.training import ACCESS_LEVELS, Course, Grid, Levels

COLUMNS = {"name": "Code", "label": "Course", "pass_mark": "Pass mark", "months": "Months"}
EVERYBODY = "everybody"
LEVELS = {EVERYBODY: "Everybody"} | ACCESS_LEVELS
WHEN = {"new": (True, False), "yearly": (False, True), "both": (True, True), "": (False, False)}
"""The words under a level: whether new users need it, and whether it is needed each year."""

LARGEST = 256 * 1024
MOST_LINES = 200


def as_csv(grid: Grid) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS.values(), *LEVELS.values()])
    for course in grid.courses:
        writer.writerow([harmless(cell) for cell in _cells(course)])
    return out.getvalue()


def _cells(course: Course) -> Iterator[str]:
    yield from (course.name, course.label)
    yield from ("" if told is None else str(told) for told in (course.pass_mark, course.months))
    for level in LEVELS:
        when = _has(course.new_user, level), _has(course.yearly, level)
        yield next(word for word, meant in WHEN.items() if meant == when)


def _has(levels: Levels, level: str) -> bool:
    return level == EVERYBODY if levels is None else level in levels


@dataclass(frozen=True)
class Uploaded:
    """A file that just came, as long as it is small."""

    name: str
    stream: BinaryIO
    most_lines: int | None = MOST_LINES

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        self.stream.seek(0)
        if len(self.stream.read(LARGEST + 1)) > LARGEST:
            raise CannotRead(f"{self.name} is larger than {LARGEST // 1024} KB.")
        self.stream.seek(0)
        yield self.stream


def from_csv(source: Uploaded, known: Mapping[str, str]) -> tuple[list[Course], list[Fault]]:
    """The courses, and what is wrong in which line. `known`: labels by name, of every course
    there ever was. Raises `CannotRead`."""
    found = records(source, shape_of(source))
    header = next(found, None)
    if not isinstance(header, Record):
        raise CannotRead(f"{source.name} has no header.")
    columns = _columns(source.name, header)
    courses, lines, wrong = list[Course](), list[int](), list[Fault]()
    for each in found:
        if isinstance(each, Fault):
            wrong.append(each)
            continue
        try:
            courses.append(_course(each, columns, known, [course.name for course in courses]))
            lines.append(each.line)
        except FaultyRow as faulty:
            wrong.append(Fault((each.line,), str(faulty)))
    return courses, sorted([*wrong, *_unfit(courses, lines, wrong)], key=lambda each: each.lines)


def _unfit(courses: list[Course], lines: list[int], wrong: list[Fault]) -> Iterator[Fault]:
    """What the rules have against it; of all together only where every line could be read."""
    for fault in faults(courses):
        if fault.row is not None:
            yield Fault((lines[fault.row],), fault.sentence)
        elif not wrong:
            yield Fault((1,), fault.sentence)


def _columns(file: str, header: Record) -> dict[str, int]:
    """Where each column is; the order is free, and others are passed over."""
    names = [bare(cell) for cell in header.cells]
    wanted = COLUMNS | LEVELS
    found = {key: names.index(bare(word)) for key, word in wanted.items() if bare(word) in names}
    gone = [wanted[key] for key in (*COLUMNS, *LEVELS) if key not in found and key != "name"]
    if gone:
        raise CannotRead(f"{file} lacks these columns: {', '.join(gone)}.")
    return found


def _course(
    record: Record, columns: Mapping[str, int], known: Mapping[str, str], taken: list[str]
) -> Course:
    """Raises `FaultyRow`."""
    cells = [_plain(cell) for cell in record.cells]
    told = {key: cells[place] if place < len(cells) else "" for key, place in columns.items()}
    when = {level: _when(told[level], LEVELS[level]) for level in LEVELS}
    label = " ".join(told["label"].split())
    name = told.get("name", "")
    if name and name not in known:
        raise FaultyRow(f"There is no course with the code {quoted(name)}. Leave it blank for a "
                        "new course.")  # fmt: skip
    return Course(
        name or name_of(label, known, taken), label, _levels(when, 0), _levels(when, 1),
        _number(told["pass_mark"], "pass mark"), _number(told["months"], "number of months"),
    )  # fmt: skip


def _plain(cell: str) -> str:
    """Without the sign that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _when(text: str, level: str) -> tuple[bool, bool]:
    word = bare(text)
    if word not in WHEN:
        why = f"Under {level} stands {quoted(text)}."
        raise FaultyRow(f"{why} Write new, yearly, both, or leave it blank.")
    return WHEN[word]


def _levels(when: Mapping[str, tuple[bool, bool]], purpose: int) -> Levels:
    if when[EVERYBODY][purpose]:
        return None
    return frozenset(level for level in ACCESS_LEVELS if when[level][purpose])


def _number(text: str, what: str) -> int | None:
    digits = text.removesuffix("%").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 4):
        raise FaultyRow(f"{quoted(text)} is no {what}.")
    return int(digits)
