"""The training grid: which courses each role needs, as a new user and each year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    NEW_USER = "new_user"
    YEARLY = "yearly"


Levels = frozenset[str] | None
EVERYBODY: Levels = None
NOBODY: Levels = frozenset()

PASS_MARK = 80  # percent


@dataclass(frozen=True)
class Course:
    """`name` is what tickets keep: a label may change, a name may not. `new_user` and `yearly`:
    the access levels that need it. `pass_mark`: percent, None where there is no quiz. `months`:
    how long it counts, None for as long as the site's courses do."""

    name: str
    label: str
    new_user: Levels = EVERYBODY
    yearly: Levels = EVERYBODY
    pass_mark: int | None = PASS_MARK
    months: int | None = None

    def levels(self, purpose: Purpose) -> Levels:
        return self.new_user if purpose is Purpose.NEW_USER else self.yearly

    def is_needed(self, level: str | None, purpose: Purpose) -> bool:
        """A level nobody knows needs what everybody needs."""
        levels = self.levels(purpose)
        return levels is None or level in levels

    def counts_for(self, course_months: int) -> int:
        """In months; `course_months` is what the site says of all courses."""
        return course_months if self.months is None else self.months

    def is_passed_with(self, score: float | None) -> bool:
        """Who scored less than it takes has not completed the course."""
        return score is None or self.pass_mark is None or score >= self.pass_mark

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "label": self.label, "pass_mark": self.pass_mark,
            "months": self.months, "new_user": _listed(self.new_user),
            "yearly": _listed(self.yearly),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Course":
        levels = {each: EVERYBODY if told[each] is None else frozenset(told[each])
                  for each in ("new_user", "yearly")}  # fmt: skip
        return cls(told["name"], told["label"], **levels, pass_mark=told["pass_mark"],
                   months=told["months"])  # fmt: skip


def _listed(levels: Levels) -> list[str] | None:
    return None if levels is None else [level for level in ACCESS_LEVELS if level in levels]


@dataclass(frozen=True)
class Grid:
    """The courses of one time, in the order in which people read them."""

    courses: tuple[Course, ...]

    def required(self, level: str | None, purpose: Purpose) -> list[Course]:
        return [course for course in self.courses if course.is_needed(level, purpose)]

    def asked(self, purpose: Purpose) -> list[Course]:
        """Those that somebody needs."""
        return [course for course in self.courses if course.levels(purpose) != NOBODY]

    def named(self, name: str) -> Course | None:
        return next((course for course in self.courses if course.name == name), None)


ACCESS_LEVELS = {
    "agency_staff": "Agency Staff",
    "case_manager_1": "Case Manager I",
    "case_manager_2": "Case Manager II",
    "agency_administrator": "Agency Administrator",
    "executive_director": "Executive Director",
    "volunteer": "Volunteer",
    "read_only": "Read-only",
}

SHARES_DATA = frozenset({"case_manager_1", "case_manager_2", "agency_administrator"})
DOES_INTAKE = frozenset({"agency_staff", "case_manager_1", "case_manager_2", "volunteer"})
ADMINISTERS = frozenset({"agency_administrator"})

STANDARD = Grid((
    Course("basic_privacy", "Basic Privacy & Security"),
    Course("policy_procedure", "Policy & Procedure"),
    Course("informed_consent", "Informed Consent & Data Collection", yearly=NOBODY),
    Course("advanced_privacy", "Advanced Privacy & Data Sharing", SHARES_DATA, SHARES_DATA),
    Course("intake", "Intake Staff", DOES_INTAKE, NOBODY),
    Course("agency_admin", "Agency Admin", ADMINISTERS, ADMINISTERS),
))  # fmt: skip
"""The grid of a desk whose managers have not made one of their own."""


def completed(fields: Mapping[str, object]) -> dict[str, date]:
    """The courses a ticket tells of, by name. `fields["courses"]` holds ISO dates."""
    told = fields.get("courses")
    if not isinstance(told, Mapping):
        return {}
    return {name: date.fromisoformat(day) for name, day in told.items() if day}
