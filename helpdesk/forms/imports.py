"""The forms of the imports: a file comes in, and somebody says what its columns hold."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import DateField, FileField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired

from helpdesk.forms.desk_form import DeskForm
from helpdesk.models.import_run import ImportKind

KINDS = {
    ImportKind.USERS.value: "HUD’s User.csv: who has an account in the HMIS",
    ImportKind.ROSTER.value: "A roster: username, agency, access level, last log-in, expiry",
    ImportKind.COMPLETIONS.value: "Completions of the Learning Center: who took which course when",
}


class UploadFile(DeskForm):
    """`latest`: the last day that can be meant."""

    kind = RadioField(
        "What is in the file?", choices=KINDS, validators=[InputRequired("Choose what it is.")]
    )
    file = FileField(
        "The file",
        validators=[InputRequired("Choose the file.")],
        render_kw={"accept": ".csv,.tsv,.txt,text/csv"},
    )
    as_of = DateField(
        "What day is it from?",
        description="The day on which it was exported.",
        validators=[InputRequired("Say what day the file is from.")],
    )
    latest: date | None = None

    def validate_as_of(self, field: Any) -> None:
        if field.data and self.latest and field.data > self.latest:
            raise ValidationError("This day lies in the future.")


class Columns(DeskForm):
    """A select for each field is added by `columns_form`; "" says that no column holds it."""

    order = RadioField(
        "How are dates written?",
        choices={
            "mdy": "Month first: 12/31/2026",
            "ymd": "Year first: 2026-12-31",
            "dmy": "Day first: 31/12/2026",
        },
        validators=[InputRequired("Choose how dates are written.")],
    )

    def places(self) -> dict[str, int]:
        """The column of each field that is in the file."""
        chosen = {field.name: field.data for field in self if field.type == "SelectField"}
        return {name: int(place) for name, place in chosen.items() if place}


def columns_form(fields: Iterable[tuple[str, str]], header: Sequence[str]) -> type[Columns]:
    """`fields`: name and label of each."""
    choices = {"": "Not in this file"} | {str(n): name or f"Column {n + 1}"
                                          for n, name in enumerate(header)}  # fmt: skip
    selects = {name: SelectField(label, choices=choices) for name, label in fields}
    return type("ColumnsOfAFile", (Columns,), selects)
