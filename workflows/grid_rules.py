"""What must hold of a training grid before it is saved, and the names of its new courses."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.training import ACCESS_LEVELS, NOBODY, Course, Grid, Purpose
from workflows.worksheets import MOST_COURSES
from workflows.written import plain

LONGEST_LABEL = 60
LONGEST_MONTHS = 60
PURPOSES = {Purpose.NEW_USER: "as a new user", Purpose.YEARLY: "each year"}


@dataclass(frozen=True)
class GridFault:
    """`row`: the course's place among the others, None where it is about all; `part`: the
    attribute of the course."""

    sentence: str
    row: int | None = None
    part: str = "label"


def faults(courses: Sequence[Course]) -> list[GridFault]:
    of_rows = [fault for row, course in enumerate(courses) for fault in _of_course(row, course)]
    return [*of_rows, *_twice(courses), *_too_many(courses)]


def _of_course(row: int, course: Course) -> Iterator[GridFault]:
    label = course.label
    if not plain(label):
        yield GridFault("Name the course.", row)
    elif len(label) > LONGEST_LABEL or not label.isprintable():
        yield GridFault(f"Name it with at most {LONGEST_LABEL} characters, on one line.", row)
    elif letter := _unprinted(label):
        words = f"Worksheets can’t print “{letter}”: name it with other letters."
        yield GridFault(words, row)
    if course.pass_mark is not None and not 1 <= course.pass_mark <= 100:
        yield GridFault("A pass mark is between 1 and 100 %.", row, "pass_mark")
    if course.months is not None and not 1 <= course.months <= LONGEST_MONTHS:
        yield GridFault(f"A course counts for 1 to {LONGEST_MONTHS} months.", row, "months")
    if course.new_user == course.yearly == NOBODY:
        yield GridFault(f"Say who needs {label or 'it'}, or end it.", row, "new_user")


def _unprinted(label: str) -> str | None:
    """The first letter that the worksheets' font lacks: a program would not read it back."""
    return next((each for each in label if not each.encode("cp1252", "ignore")), None)


def _twice(courses: Sequence[Course]) -> Iterator[GridFault]:
    """Worksheets and lists name courses by their labels."""
    seen: set[str] = set()
    for row, course in enumerate(courses):
        label = plain(course.label)
        if label and label in seen:
            yield GridFault(f"There is another course called {course.label}.", row)
        seen.add(label)
    for name, times in Counter(course.name for course in courses if course.name).items():
        if times > 1:
            yield GridFault(f"The course {name} is in it {times} times.")


def _too_many(courses: Sequence[Course]) -> Iterator[GridFault]:
    if not courses:
        yield GridFault("A grid has at least one course.")
    for purpose, when in PURPOSES.items():
        for level, label in ACCESS_LEVELS.items():
            needed = len(Grid(tuple(courses)).required(level, purpose))
            if needed > MOST_COURSES:
                words = f"{label} would need {needed} courses {when}"
                yield GridFault(f"{words}. A worksheet has room for {MOST_COURSES}.")


def name_of(label: str, known: Mapping[str, str], taken: Collection[str]) -> str:
    """The name of a course that comes in under this label. `known`: labels by name, of every
    course there ever was: one that ended comes back as itself."""
    for name, called in known.items():
        if called.casefold() == label.casefold() and name not in taken:
            return name
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    root = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "course"
    used = {*known, *taken}
    numbered = (f"{root}_{number}" for number in range(2, len(used) + 3))
    return next(name for name in (root, *numbered) if name not in used)
