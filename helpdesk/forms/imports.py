"""The forms of the imports: a file comes in."""

from datetime import date
from typing import Any

from wtforms import DateField, FileField, RadioField, ValidationError
from wtforms.validators import InputRequired

from helpdesk.forms.desk_form import DeskForm
from helpdesk.models.import_run import ImportKind

KINDS = {
    ImportKind.USERS.value: "HUD’s User.csv: who has an account in the HMIS",
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
