"""The days of courses, on forms that ask for them: an input for each course of a grid."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from wtforms import Form
from wtforms.validators import Optional

from helpdesk.forms.inputs import COURSE, Day, day_in_words
from workflows.dates import in_words
from workflows.training import ACCESS_LEVELS, Course, Grid, Purpose

F = TypeVar("F", bound=Form)

FROM_WORKSHEET = "From the worksheet."


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


def _input(course: Course, purpose: Purpose) -> Day:
    levels = course.levels(purpose)
    if levels is None:
        return Day(course.label, validators=[Optional()])
    named = [level for level in ACCESS_LEVELS if level in levels]
    return Day(
        course.label,
        description=f"Only for {', '.join(ACCESS_LEVELS[level] for level in named)}.",
        validators=[Optional()],
        render_kw={"data-levels": " ".join(named)},
    )


def keep_courses(form: Any, needed: list[Course]) -> None:
    """Takes the others off the form. For whom these are is plain then."""
    kept = {f"{COURSE}{course.name}" for course in needed}
    for field in [each for each in form if each.name.startswith(COURSE)]:
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


def lacks_courses(form: Any) -> bool:
    """Whether it asks for a course that has no day yet."""
    return any(field.name.startswith(COURSE) and field.empty for field in form)


def take_courses(form: Any, days: dict[str, date]) -> None:
    """Fills in the inputs that are empty, and says where the days are from."""
    for field in form:
        name = field.name.removeprefix(COURSE)
        if field.name.startswith(COURSE) and name in days and field.empty:
            field.fill_in(days[name], FROM_WORKSHEET)


def courses_told(form: Any) -> dict[str, str]:
    """The courses a form tells of, as a ticket keeps them: ISO dates by the course's name."""
    return {field.name.removeprefix(COURSE): field.data.isoformat() for field in form
            if field.name.startswith(COURSE) and isinstance(field.data, date)}  # fmt: skip


def courses_read_back(fields: dict[str, Any], grid: Grid) -> list[tuple[str, str | None]]:
    """Each course with the day it was completed, in words."""
    told: dict[str, str] = fields.get("courses") or {}
    days = ((course, told.get(course.name)) for course in grid.courses)
    return [(course.label, day_in_words(day)) for course, day in days if day]
