"""The people of an agency: the list, one person, and what is reported of them."""

from helpdesk.views.members import (
    absences,
    correction,
    courses,
    index,
    person,
    suspension,
    transfers,
)
from helpdesk.views.members.blueprint import pages

__all__ = [
    "absences", "correction", "courses", "index", "pages", "person", "suspension", "transfers",
]  # fmt: skip
