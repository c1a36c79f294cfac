"""The training grid: which courses each role needs, as a new user and each year.

Who takes a role needs the courses of everybody and those of the role.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Purpose(StrEnum):
    NEW_USER = "new_user"
    YEARLY = "yearly"


@dataclass(frozen=True)
class Course:
    """`levels` None: everybody needs it. `purposes`: as a new user, each year, or both."""

    name: str
    label: str
    levels: frozenset[str] | None = None
    purposes: frozenset[Purpose] = frozenset(Purpose)


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

COURSES = (
    Course("basic_privacy", "Basic Privacy & Security"),
    Course("policy_procedure", "Policy & Procedure"),
    Course(
        "informed_consent",
        "Informed Consent & Data Collection",
        purposes=frozenset({Purpose.NEW_USER}),
    ),
    Course("advanced_privacy", "Advanced Privacy & Data Sharing", SHARES_DATA),
    Course("intake", "Intake Staff", DOES_INTAKE, frozenset({Purpose.NEW_USER})),
    Course("agency_admin", "Agency Admin", frozenset({"agency_administrator"})),
)
"""The names are what tickets keep: a label may change, a name may not."""


def required(level: str | None, purpose: Purpose) -> list[Course]:
    """For a level nobody knows, what everybody needs."""
    return [
        course
        for course in COURSES
        if purpose in course.purposes and (course.levels is None or level in course.levels)
    ]


def completed(fields: Mapping[str, object]) -> dict[str, date]:
    """The courses a ticket tells of, by name. `fields["courses"]` holds ISO dates."""
    told = fields.get("courses")
    if not isinstance(told, Mapping):
        return {}
    return {name: date.fromisoformat(day) for name, day in told.items() if day}
