"""What is on the worksheets, as data: the blanks to fill in, and the courses to list.

The numbers and versions are printed on the paper: a change of what is on one wants a new version,
and the old one stays in `SHEETS`, so that a worksheet of last month can still be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workflows import papers
from workflows.training import ACCESS_LEVELS, Purpose

MOST_COURSES = 12
"""Lines for courses on a worksheet; the ones that nobody needs are not drawn."""


class Kind(StrEnum):
    TEXT = "text"
    DAY = "day"
    SCORE = "score"
    TICK = "tick"
    SIGNATURE = "signature"
    PRINTED = "printed"


@dataclass(frozen=True)
class Blank:
    """A place on the paper. `share`: of the twelve parts of a line's width."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    share: int = 12
    needed: bool = True


Line = tuple[Blank, ...]


@dataclass(frozen=True)
class Part:
    """`courses`: instead of lines of its own, the part lists the courses."""

    title: str
    lines: tuple[Line, ...] = ()
    hint: str = ""
    courses: bool = False
    new_page: bool = False


@dataclass(frozen=True)
class Sheet:
    """`number` and `version` are what the paper says of itself."""

    number: str
    version: int
    paper: str
    purpose: Purpose
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        return papers.PAPERS[self.paper]

    @property
    def blanks(self) -> Iterator[Blank]:
        for part in self.parts:
            for line in (*part.lines, *(COURSE_LINES if part.courses else ())):
                yield from line


def course_line(row: int) -> Line:
    """The blanks of one course, counted from 1."""
    return (
        Blank(f"course{row}.name", "Course", Kind.PRINTED, 7),
        Blank(f"course{row}.day", "Completed on", Kind.DAY, 3),
        Blank(f"course{row}.score", "Score, %", Kind.SCORE, 2, needed=False),
    )


COURSE_LINES = tuple(course_line(row) for row in range(1, MOST_COURSES + 1))


def _signed(who: str, label: str) -> Line:
    return (
        Blank(f"{who}.signature", label, Kind.SIGNATURE, 9),
        Blank(f"{who}.signed_on", "Date", Kind.DAY, 3),
    )


def _ticks(name: str, choices: dict[str, str], share: int) -> Line:
    return tuple(Blank(f"{name}.{key}", label, Kind.TICK, share) for key, label in choices.items())


LEVELS = tuple(ACCESS_LEVELS.items())
EMPLOYMENT = {"employee": "Employee", "intern": "Intern", "volunteer": "Volunteer"}
HOW_TO_DATE = "Write dates as month/day/year, for example 11/25/2026."

RECERTIFICATION = Sheet(
    "HAND-RC", 1, papers.RECERTIFICATION_WORKSHEET, Purpose.YEARLY,
    (
        Part("Who recertifies", (
            (Blank("name", "Legal first and last name", share=7),
             Blank("username", "Username", share=5)),
            (Blank("email", "Work email", share=7), Blank("agency", "Agency", share=5)),
            (Blank("level", "Role", share=7),
             Blank("expires_on", "License expires on", Kind.DAY, 5, needed=False)),
        )),
        Part("Courses", hint=f"Each has to be completed within the last year. {HOW_TO_DATE}",
             courses=True),
        Part("Signature of the user", (_signed("user", "Signature (or type your name)"),),
             "I completed these courses myself."),
        Part("Verified by the agency admin", (
            (Blank("admin.name", "Name of the agency admin"),),
            _signed("admin", "Signature (or type your name)"),
        ), "Nobody verifies their own worksheet."),
    ),
)  # fmt: skip

NEW_USER = Sheet(
    "HAND-NU", 1, papers.NEW_USER_WORKSHEET, Purpose.NEW_USER,
    (
        Part("Who needs a license", (
            (Blank("agency", "Agency"),),
            (Blank("first_name", "Legal first name", share=6),
             Blank("last_name", "Legal last name", share=6)),
            (Blank("email", "Work email (no personal address)", share=8),
             Blank("phone", "Phone", share=4, needed=False)),
            (Blank("title", "Title", share=6),
             *_ticks("employment", EMPLOYMENT, 2)),
            (Blank("supervisor", "Supervisor", share=6),
             Blank("supervisor_email", "Supervisor’s email", share=6)),
        )),
        Part("What the person will do: one access level, please", (
            (Blank("provider", "Primary provider (project) at log-in"),),
            (Blank("further_providers", "Further providers to enter data as", needed=False),),
            _ticks("level", dict(LEVELS[:4]), 3),
            _ticks("level", dict(LEVELS[4:]), 3),
            (Blank("permissions", "Special permissions", needed=False),),
            (Blank("earlier_access", "Had access before? Where?", share=6, needed=False),
             Blank("replaces", "Replaces whom", share=6, needed=False)),
        )),
        Part("Courses", hint=f"Each has to be completed. {HOW_TO_DATE}", courses=True,
             new_page=True),
        Part("Agreements", (
            (Blank("agreement_on", "User Agreement signed on", Kind.DAY, 6),
             Blank("ethics_on", "Code of Ethics signed on", Kind.DAY, 6)),
        )),
        Part("Signatures", (
            _signed("user", "User: signature (or typed name)"),
            _signed("admin", "Agency admin: signature (or typed name)"),
            _signed("director", "Executive director: signature (or typed name)"),
        )),
        Part("Office use", ((Blank("office", "HAND notes here", needed=False),),)),
    ),
)  # fmt: skip

SHEETS = {(sheet.number, sheet.version): sheet for sheet in (RECERTIFICATION, NEW_USER)}


def newest(paper: str) -> Sheet | None:
    """The worksheet to hand out today for a paper that is one."""
    found = [sheet for sheet in SHEETS.values() if sheet.paper == paper]
    return max(found, key=lambda sheet: sheet.version, default=None)
