"""The forms of a bulk: whom it is about, and a row of inputs for each of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from wtforms import FileField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import COURSE, Day
from workflows.training import Course


class BeginBulk(DeskForm):
    """Whom to tick stands in the page itself; a list may name others."""

    caller = SelectField(
        "Who asks for it?",
        coerce=lambda value: int(value) if value else None,
        description="You file it on their behalf; they get the emails.",
        validators=[InputRequired("Choose who asks for it.")],
    )
    list = FileField(
        "A list of people, as CSV",
        validators=[Optional()],
        render_kw={"accept": ".csv,.tsv,.txt,text/csv"},
    )


class BulkRow(DeskForm):
    """One person's inputs, a day for each course that their role needs; `row_form` adds them. The
    token stands in the page’s one form. `shown`: the days as they stood there, one after the other:
    a worksheet that has come since may tell others, and what nobody touched gives way to it."""

    class Meta(DeskForm.Meta):
        csrf = False

    shown = HiddenField()

    @property
    def inputs(self) -> list[Day]:
        return [field for field in self if isinstance(field, Day)]

    def touched(self) -> dict[str, str]:
        """The days that somebody has changed, as ISO dates by the course's name; empty where one
        was taken out."""
        stood = dict(zip([field.short_name for field in self.inputs],
                         (self.shown.data or "").split(","), strict=False))  # fmt: skip
        now = {field.short_name: _iso(field.data) for field in self.inputs}
        return {name.removeprefix(COURSE): day for name, day in now.items()
                if day != stood.get(name, "")}  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def row_form(person_id: int, courses: Sequence[Course], days: Mapping[str, date]) -> BulkRow:
    """As it is kept. Its inputs begin with the person's id: the page has a row for each of many."""
    data: dict[str, Any] = {f"{COURSE}{name}": day for name, day in days.items()}
    data["shown"] = ",".join(_iso(days.get(course.name)) for course in courses)
    form: BulkRow = _class_for(courses)(formdata=None, prefix=f"p{person_id}-", data=data)
    return form


def posted_row(person_id: int, courses: Sequence[Course]) -> BulkRow:
    """As it was sent."""
    form: BulkRow = _class_for(courses)(prefix=f"p{person_id}-")
    return form


def _class_for(courses: Sequence[Course]) -> Any:
    return _with_inputs(tuple((course.name, course.label) for course in courses))


@lru_cache(maxsize=64)
def _with_inputs(courses: tuple[tuple[str, str], ...]) -> Any:
    inputs = {f"{COURSE}{name}": Day(label, validators=[Optional()]) for name, label in courses}
    return type("RowOfABulk", (BulkRow,), inputs)
