"""Inputs that several forms share."""

from datetime import date
from typing import Any

from wtforms import DateField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from workflows import training
from workflows.dates import in_words
from workflows.training import ACCESS_LEVELS, COURSES, Course, Purpose

COURSE = "course_"


class Day(DateField):
    """A day without a time."""

    @staticmethod
    def read(told: Any) -> date | None:
        """A day as a ticket keeps it."""
        return date.fromisoformat(told) if told else None


class Ticks(SelectMultipleField):
    """Boxes to tick, any number of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CourseDates:
    """A day for each course; `COURSES` adds the fields below."""


def _input(course: Course) -> Day:
    levels = " ".join(sorted(course.levels or ()))
    about = "Only for " + ", ".join(ACCESS_LEVELS[level] for level in ACCESS_LEVELS
                                    if level in (course.levels or ()))  # fmt: skip
    return Day(
        course.label,
        description=f"{about}." if levels else "",
        validators=[Optional()],
        render_kw={"data-levels": levels} if levels else {},
    )


for _course in COURSES:
    setattr(CourseDates, f"{COURSE}{_course.name}", _input(_course))


def keep_courses(form: Any, level: str | None, purpose: Purpose) -> None:
    """Takes the courses off a form that nobody of this level needs. For whom the others are is
    plain then."""
    needed = training.required(level, purpose)
    for course in COURSES:
        name = f"{COURSE}{course.name}"
        if course in needed:
            form[name].description, form[name].render_kw = "", {}
        else:
            del form[name]


def tell_on_file(form: Any, done: dict[str, date]) -> None:
    """Says beside its input when a course was completed, as the Learning Center tells it."""
    for name, day in done.items():
        if f"{COURSE}{name}" in form:
            field = form[f"{COURSE}{name}"]
            words = f"On file at the Learning Center: {in_words(day)}."
            field.description = f"{field.description} {words}".strip()


def courses_told(form: Any) -> dict[str, str]:
    """The courses a form tells of, as a ticket keeps them: ISO dates by the course's name."""
    days = {course.name: form[f"{COURSE}{course.name}"].data for course in COURSES
            if f"{COURSE}{course.name}" in form}  # fmt: skip
    return {name: day.isoformat() for name, day in days.items() if isinstance(day, date)}


def courses_read_back(fields: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Each course with the day it was completed, in words."""
    told: dict[str, str] = fields.get("courses") or {}
    days = ((course, told.get(course.name)) for course in COURSES)
    return [(course.label, day_in_words(day)) for course, day in days if day]


def day_in_words(day: str) -> str:
    """Nov 25, 2026."""
    return in_words(date.fromisoformat(day))


def as_typed(fields: dict[str, Any]) -> dict[str, Any]:
    """A ticket's fields under the names of the form's inputs, to fill it in again."""
    told: dict[str, str] = fields.get("courses") or {}
    days = {f"{COURSE}{name}": date.fromisoformat(day) for name, day in told.items()}
    return {**fields, **days}
