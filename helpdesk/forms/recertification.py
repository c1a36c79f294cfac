"""Recertification: when each required course was completed; the worksheet is attached."""

from typing import Any

from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.base import COURSES, RequestForm, Section, note_field, note_read_back
from helpdesk.forms.course_dates import (
    CourseDates,
    courses_read_back,
    courses_told,
    keep_courses,
)
from helpdesk.forms.steps import answer_with_courses
from workflows.training import Grid, Purpose


class Form(CourseDates, RequestForm):
    """Asks for the courses that the license's own role needs each year."""

    purpose = Purpose.YEARLY
    sections = (
        COURSES,
        Section("", ("note",)),
    )

    note = note_field()

    def prepare(self, about: About) -> None:
        super().prepare(about)
        level = about.license.access_level if about.license else None
        keep_courses(self, about.grid.required(level, self.purpose))

    def answers(self, actor: Actor) -> dict[str, Any]:
        return {"courses": courses_told(self), "note": (self.note.data or "").strip()}

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return "Yearly renewal"

    @staticmethod
    def read_back(fields: dict[str, Any], grid: Grid) -> list[tuple[str, str | None]]:
        return [*courses_read_back(fields, grid), *note_read_back(fields)]


STEPS = {"answer": answer_with_courses(Purpose.YEARLY)}
