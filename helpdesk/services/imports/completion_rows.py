"""The rows of a list of completions: who, which course, when, with what score."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from helpdesk.models.person import email_key, normal_username
from helpdesk.services.grids import Editions
from helpdesk.services.imports.columns import Field, Layout, bare, value
from helpdesk.services.imports.days import is_blank, read
from helpdesk.services.imports.lines import FaultyRow, Record, quoted

FIELDS = (
    Field("username", "Username", ("login", "loginname", "hmisusername", "username", "user")),
    Field("email", "Work email", ("email", "emailaddress", "workemail", "useremail", "mail")),
    Field("course", "Course", ("course", "coursename", "coursetitle", "training", "title",
                               "module")),
    Field("completed", "Completed on", ("completed", "completedon", "completiondate",
                                        "datecompleted", "completedate", "date"), is_day=True),
    Field("score", "Score", ("score", "grade", "percent", "result", "quizscore")),
)  # fmt: skip
NEEDS = (("username", "email"), ("course",), ("completed",))

SCORE = re.compile(r"(\d{1,3})(?:[.,](\d+))?\s*(?:%|/\s*100)?")
UNSCORED = {"pass", "passed", "complete", "completed", "yes"}


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """`course` by its name, `label` as people call it. `score` in percent; None: none is told."""

    line: int
    username: str
    email: str
    course: str
    label: str
    completed_on: date
    score: int | None

    @property
    def who(self) -> str:
        return self.username or self.email

    @property
    def key(self) -> str:
        """The same for rows about the same course of the same person on the same day."""
        name = normal_username(self.username) or email_key(self.email)
        return f"{name}\0{self.course}\0{self.completed_on}"


class Catalog:
    """The courses that there are, and were, found by whatever they were ever called."""

    def __init__(self, editions: Editions) -> None:
        self.labels = editions.labels
        self._names = {bare(label): name for label, name in editions.every_label}
        self._names |= {bare(name): name for name in self.labels}
        self._names |= {bare(label): name for name, label in self.labels.items()}

    def find(self, text: str) -> str | None:
        return self._names.get(bare(text))


@dataclass(frozen=True)
class Terms:
    """How the rows of a file are read. `width`: cells in the header. No course may be completed
    after `today`."""

    layout: Layout
    width: int
    today: date
    catalog: Catalog


def parse(record: Record, terms: Terms) -> CompletionRow:
    """Raises `FaultyRow`."""
    layout, catalog = terms.layout, terms.catalog
    if len(record.cells) != terms.width:
        raise FaultyRow(f"It has {len(record.cells)} values, and the header has {terms.width}.")
    values = {field.name: value(record, layout, field.name) for field in FIELDS}
    told = None if is_blank(values["completed"]) else read(values["completed"], layout.order)
    day = told.day if told else None
    course, score = catalog.find(values["course"]), score_of(values["score"])
    unknown = [] if course else [_unknown(values["course"], catalog)]
    unfit = _bad_day(values["completed"], day, terms.today)
    if faults := [*unknown, *_faults(values, score), *unfit]:
        raise FaultyRow(" ".join(faults))
    assert course is not None, "an unknown one is a fault"
    assert day is not None, "a missing one is a fault"
    who = values["username"], values["email"]
    return CompletionRow(record.line, *who, course, catalog.labels[course], day, score)


def score_of(text: str) -> int | None:
    """85, 85 %, 85/100 or 0.85 are all 85 percent. None where it is no number of percent."""
    found = SCORE.fullmatch(text)
    if found is None:
        return None
    whole, part = int(found[1]), found[2]
    if part and whole <= 1 and "%" not in text and "/" not in text:
        return round(float(f"{whole}.{part}") * 100)
    return whole


def _unknown(text: str, catalog: Catalog) -> str:
    return f"There is no course {quoted(text)}. There are: {', '.join(catalog.labels.values())}."


def _faults(values: dict[str, str], score: int | None) -> Iterator[str]:
    if not values["username"] and not values["email"]:
        yield "It names nobody: username and email are blank."
    text = values["score"].casefold()
    if (score is None and not is_blank(text) and text not in UNSCORED) or (score or 0) > 100:
        yield f"Score {quoted(values['score'])} is no number of percent."


def _bad_day(text: str, day: date | None, today: date) -> Iterator[str]:
    if is_blank(text):
        yield "It has no date, so the course is not completed."
    elif day is None:
        yield f"{quoted(text)} is not a date as this file writes them."
    elif day > today:
        yield f"{quoted(text)} lies in the future."
