"""The forms of My people."""

from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import Day
from helpdesk.forms.manage import LONGEST_NAME, one_line

YEAR = timedelta(days=366)
LONGEST_WORDS = 1000


class FindMember(DeskForm):
    """Sent by POST, so that nobody's name comes to stand in an address."""

    q = StringField("Name or username", filters=[one_line], validators=[Length(max=LONGEST_NAME)])
    show = HiddenField()
    state = HiddenField()
    sort = HiddenField()
    after = HiddenField()


def words_field() -> TextAreaField:
    return TextAreaField(
        "Anything HAND should know?",
        description="The person and the agency’s admins read it, too. Nothing about clients.",
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )


class Reported(DeskForm):
    """`today` is the desk's own day; a report is about the year before it or the year after."""

    today: date
    message: TextAreaField

    def _sensible(self, day: date | None) -> None:
        if day is not None and not self.today - YEAR <= day <= self.today + YEAR:
            raise ValidationError("That is more than a year away. Is the year right?")


class ReportDeparture(Reported):
    on = Day("Last day at the agency", validators=[InputRequired("Type the last day.")])
    message = words_field()

    def validate_on(self, field: Any) -> None:
        self._sensible(field.data)


class ReportLeave(Reported):
    on = Day("First day away", validators=[InputRequired("Type the first day.")])
    back_on = Day("Back on", description="Leave it blank if nobody knows yet.",
                  validators=[Optional()])  # fmt: skip
    message = words_field()

    def validate_on(self, field: Any) -> None:
        self._sensible(field.data)

    def validate_back_on(self, field: Any) -> None:
        if field.data is None:
            return
        if self.on.data and field.data <= self.on.data:
            raise ValidationError("The day of return comes after the first day away.")
        if field.data < self.today:
            raise ValidationError("That day has passed. Then they are back: no leave is needed.")
        self._sensible(field.data)
