"""The days of courses, on forms that ask for them: an input for each course of a grid."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from wtforms import Form
from wtforms.validators import Optional

from helpdesk.forms.course_input import CourseDay
from helpdesk.forms.inputs import COURSE, day_in_words
from workflows.dates import in_words
from workflows.training import ACCESS_LEVELS, Course, Grid, Purpose

F = TypeVar("F", bound=Form)


class CourseDates:
    """A form that asks for the courses of `purpose`; `fitted` adds their inputs."""

    purpose: ClassVar[Purpose]


def fitted(form: type[F], grid: Grid) -> type[F]:
    """The form with the inputs that the grid wants of it. One that asks for no courses is the same
    whatever the grid."""
    found: type[F] = _with_inputs(form, grid)
    return found


@lru_cache(maxsize=64)
def _with_inputs(form: Any, grid: Grid) -> Any:
    if not issubclass(form, CourseDates):
        return form
    inputs: dict[str, Any] = {f"{COURSE}{course.name}": _input(course, form.purpose)
                              for course in grid.asked(form.purpose)}  # fmt: skip
    sections = tuple(replace(each, names=tuple(inputs)) if each.courses else each
                     for each in getattr(form, "sections", ()))  # fmt: skip
    return type(form.__name__, (form,), {**inputs, "sections": sections})


def _input(course: Course, purpose: Purpose) -> CourseDay:
    levels = course.levels(purpose)
    if levels is None:
        return CourseDay(course.label, validators=[Optional()])
    named = [level for level in ACCESS_LEVELS if level in levels]
    return CourseDay(
        course.label,
        description=f"Only for {', '.join(ACCESS_LEVELS[level] for level in named)}.",
        validators=[Optional()],
        render_kw={"data-levels": " ".join(named)},
    )


def keep_courses(form: Any, needed: list[Course]) -> None:
    """Takes the others off the form. For whom these are is plain then."""
    kept = {f"{COURSE}{course.name}" for course in needed}
    for field in _days_of(form):
        if field.name in kept:
            field.description, field.render_kw = "", {}
        else:
            del form[field.name]


def tell_on_file(form: Any, done: dict[str, date]) -> None:
    """Says beside its input when a course was completed, as it is on file."""
    for name, day in done.items():
        if f"{COURSE}{name}" in form:
            field = form[f"{COURSE}{name}"]
            words = f"On file: completed {in_words(day)}."
            field.description = f"{field.description} {words}".strip()


def start_from(form: Any, told: dict[str, str]) -> None:
    """Fills in what a ticket tells already."""
    for field in _days_of(form):
        field.begin_with(CourseDay.read(told.get(field.name.removeprefix(COURSE))))


def asks_worksheets(form: Any) -> bool:
    """Whether there is a day that a worksheet may tell, or has told."""
    return any(field.untouched for field in _days_of(form))


def settle_courses(form: Any, told: dict[str, date]) -> None:
    """Days that came from a worksheet go with it; those that the worksheets tell now come. What
    somebody typed stays."""
    for field in _days_of(form):
        field.settle(told.get(field.name.removeprefix(COURSE)))


def _days_of(form: Any) -> list[CourseDay]:
    return [field for field in form if field.name.startswith(COURSE)]


def courses_told(form: Any) -> dict[str, str]:
    """The courses a form tells of, as a ticket keeps them: ISO dates by the course's name."""
    return {field.name.removeprefix(COURSE): field.data.isoformat() for field in _days_of(form)
            if field.data is not None}  # fmt: skip


def courses_read_back(fields: dict[str, Any], grid: Grid) -> list[tuple[str, str | None]]:
    """Each course with the day it was completed, in words."""
    told: dict[str, str] = fields.get("courses") or {}
    days = ((course, told.get(course.name)) for course in grid.courses)
    return [(course.label, day_in_words(day)) for course, day in days if day]
