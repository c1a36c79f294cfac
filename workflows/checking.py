"""What a check of a worksheet is, and what it may know."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflows.training import Course

TYPED = "typed_"
"""Before a course's name: the check that the request tells the same day."""

ANOTHER = frozenset({"person", "paper"})
"""The checks that alone are told of: it is not the worksheet that was asked for."""

ENCRYPTED = "encrypted"
"""The fault of a file that asks for a password before it opens."""


class Verdict(StrEnum):
    """`LOOK`: a person has to judge."""

    PASS = "pass"
    LOOK = "look"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """`sentence`: what is wrong and how to mend it, empty where nothing is. `blank`: the place on
    the worksheet; `field`: the input of the request's form that tells the same, if one does. `day`:
    when a course was completed by the worksheet, where the request tells another day."""

    name: str
    label: str
    verdict: Verdict = Verdict.PASS
    sentence: str = ""
    blank: str | None = None
    field: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Judged:
    """A worksheet that is attached, by the name of its paper, and its checks. `fault`: why no
    program could read it, so that a person has to; then there are none. `learned`: day and score
    of each course on it that passes, by the course's name."""

    paper: str
    document_id: int
    checks: tuple[Check, ...] = ()
    fault: str | None = None
    learned: Mapping[str, tuple[date, float | None]] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Staff can't open it either: they have no password."""
        return self.fault == ENCRYPTED

    @property
    def by_hand(self) -> bool:
        return self.fault is not None

    @property
    def contradicted(self) -> dict[str, Check]:
        """By the name of the course."""
        return {check.name.removeprefix(TYPED): check for check in self.checks if check.day}

    @property
    def is_another(self) -> bool:
        """It is somebody else's, or another form: there is nothing in it to mend."""
        return any(check.name in ANOTHER for check in self.checks)

    def having(self, verdict: Verdict) -> list[Check]:
        return [check for check in self.checks if check.verdict is verdict]


@dataclass(frozen=True)
class Known:
    """What is known of the person and the request. `courses`: the ones that are required; `told`:
    when the request says that they were completed. `code_right` None: there is no code to judge.
    `own`: nobody but the person has sent it. `sent`: it is with HAND, not on a form still.
    `course_months`: how long a course counts that has no span of its own. `called`: the name of
    each course by every label that it ever had, made plain.
    `declined`: as whom somebody was asked to sign who has said that they can’t."""

    name: str
    today: date
    username: str | None = None
    email: str | None = None
    agency: str | None = None
    level: str | None = None
    courses: tuple[Course, ...] = ()
    told: Mapping[str, date] = field(default_factory=dict)
    code_right: bool | None = None
    course_months: int = 12
    own: bool = False
    sent: bool = True
    called: Mapping[str, str] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()


Values = Mapping[str, str]
"""What was read, by the names of the blanks."""

Rule = Callable[[Values, Known], Iterator[Check]]


def check(
    name: str,
    label: str,
    fault: str | None,
    blank: str | None = None,
    *,
    field: str | None = None,
    otherwise: Verdict = Verdict.FAIL,
) -> Check:
    """Passes where there is no fault."""
    return Check(name, label, otherwise if fault else Verdict.PASS, fault or "", blank, field)
