"""The forms for a course that somebody completed, and for taking one back."""

from datetime import date
from typing import Any

from wtforms import IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import Day
from helpdesk.forms.reasons import reason
from workflows.dates import in_words
from workflows.training import Grid
from workflows.worksheet_rules import EARLIEST


class EnterCourse(DeskForm):
    """`today` is set by `prepare`: the last day that can be meant."""

    today: date
    course = SelectField("Course", validators=[InputRequired("Choose the course.")])
    on = Day("Completed on", validators=[InputRequired("Say when it was completed.")])
    score = IntegerField(
        "Score, %",
        validators=[Optional(), NumberRange(0, 100)],
        render_kw={"min": 0, "max": 100},
    )

    def prepare(self, grid: Grid, today: date) -> None:
        self.today = today
        labels = {course.name: course.label for course in grid.courses}
        self.course.choices = {"": "Choose…"} | labels

    def validate_on(self, field: Any) -> None:
        if field.data and not EARLIEST <= field.data <= self.today:
            earliest = in_words(EARLIEST)
            raise ValidationError(f"Type a day from {earliest} to today.")


class TakeBackCourse(DeskForm):
    reason = reason("Why is it taken back?", "HAND reads it in the history. Nothing about clients.")
