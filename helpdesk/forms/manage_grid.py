"""The training grid as a table of inputs: a row for each course, and one more for a new one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, FileField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from helpdesk.forms.desk_form import STALE, DeskForm
from helpdesk.forms.inputs import Day, Ticks
from helpdesk.forms.manage import clash, one_line
from workflows.grid_rules import GridFault
from workflows.training import ACCESS_LEVELS, PASS_MARK, Course, Levels

EVERYBODY = "everybody"
WHO = {EVERYBODY: "Everybody"} | ACCESS_LEVELS
LONGEST_REASON = 500
MOST_ROWS = 60
PARTS = ("name", "label", "pass_mark", "months", "new_user", "yearly", "ended")


class GridForm(DeskForm):
    """`grid_form` adds the rows. `seen`: the newest edition that the page knew of."""

    rows: ClassVar[int] = 0
    seen = HiddenField(validators=[Optional(), Regexp(r"^\d{1,9}\Z", message=STALE)])
    effective_on = Day("In force from", validators=[InputRequired("Say from which day on.")])
    reason = TextAreaField(
        "Why",
        description="Kept in the history under your name.",
        validators=[DataRequired("Say why it is changed."), Length(max=LONGEST_REASON)],
        render_kw={"rows": 2},
    )

    def part(self, row: int, part: str) -> Any:
        return self[f"{part}_{row}"]

    def table(self) -> list[dict[str, Any]]:
        """The inputs, row by row."""
        return [{part: self.part(row, part) for part in PARTS} for row in range(self.rows)]

    def name_rows(self) -> None:
        """Each input says which course it is of."""
        for row in range(self.rows):
            course = self.part(row, "label").data or "the new course"
            for part, words in WORDS.items():
                self.part(row, part).label.text = f"{words} {course}"

    def can_move(self, row: int, by: int) -> bool:
        """Whether there are courses in both places: the row for a new one stays last."""
        return 0 <= row + by < self.rows and self._is_told(row) and self._is_told(row + by)

    def move(self, row: int, by: int) -> None:
        """Changes places with the one above (`by` -1) or below (1), with everything that is typed
        in both."""
        for part in PARTS:
            one, other = self.part(row, part), self.part(row + by, part)
            one.data, other.data = other.data, one.data
            one.raw_data, other.raw_data = other.raw_data, one.raw_data

    def _is_told(self, row: int) -> bool:
        return bool(self.part(row, "name").data or self.part(row, "label").data)

    def kept(self) -> list[tuple[int, Course]]:
        """The courses that stay or come, each with its row. One without a name is new."""
        return [(row, self._course(row)) for row in range(self.rows) if self._is_kept(row)]

    def _is_kept(self, row: int) -> bool:
        ticked = self.part(row, "new_user").data or self.part(row, "yearly").data
        return not self.part(row, "ended").data and bool(self._is_told(row) or ticked)

    def _course(self, row: int) -> Course:
        told = {part: self.part(row, part).data for part in PARTS}
        return Course(
            told["name"] or "", told["label"] or "", _levels(told["new_user"]),
            _levels(told["yearly"]), told["pass_mark"], told["months"],
        )  # fmt: skip

    def mark(self, faults: Sequence[GridFault], rows: Sequence[int]) -> None:
        """Puts each fault at its input; `rows` are those of the courses that were judged."""
        for fault in faults:
            place = self.reason if fault.row is None else self.part(rows[fault.row], fault.part)
            clash(place, fault.sentence)


WORDS = {"label": "Name of", "pass_mark": "Pass mark of", "months": "Counts so many months:",
         "new_user": "As a new user:", "yearly": "Each year:", "ended": "End"}  # fmt: skip


def _levels(ticked: list[str] | None) -> Levels:
    return None if EVERYBODY in (ticked or []) else frozenset(ticked or [])


def grid_form(rows: int) -> type[GridForm]:
    """With so many rows."""
    inputs = {f"{part}_{row}": made for row in range(rows) for part, made in _row().items()}
    return type("GridOfRows", (GridForm,), {**inputs, "rows": rows})


def _row() -> dict[str, Any]:
    return {
        "name": HiddenField(),
        "label": StringField("Name", filters=[one_line], render_kw={"autocomplete": "off"}),
        "pass_mark": IntegerField("Pass mark", validators=[Optional()],
                                  render_kw={"min": 1, "max": 100}),
        "months": IntegerField("Months", validators=[Optional()], render_kw={"min": 1, "max": 60}),
        "new_user": Ticks("As a new user", choices=WHO),
        "yearly": Ticks("Each year", choices=WHO),
        "ended": BooleanField("End"),
    }  # fmt: skip


def filled_in(courses: Sequence[Course]) -> dict[str, Any]:
    """The grid under the names of the inputs; the row after the last is for a new course."""
    found: dict[str, Any] = {f"pass_mark_{len(courses)}": PASS_MARK}
    for row, course in enumerate(courses):
        found |= {f"name_{row}": course.name, f"label_{row}": course.label,
                  f"pass_mark_{row}": course.pass_mark, f"months_{row}": course.months,
                  f"new_user_{row}": _ticked(course.new_user),
                  f"yearly_{row}": _ticked(course.yearly)}  # fmt: skip
    return found


def _ticked(levels: Levels) -> list[str]:
    return [EVERYBODY] if levels is None else [each for each in ACCESS_LEVELS if each in levels]


class GridFile(DeskForm):
    file = FileField(
        "The file",
        description="CSV, as the export makes it: a line for each course.",
        validators=[InputRequired("Choose the file.")],
        render_kw={"accept": ".csv,.tsv,.txt,text/csv"},
    )
