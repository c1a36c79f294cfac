"""The forms of My people."""

from datetime import date, timedelta
from typing import Any, Protocol

from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import Day
from helpdesk.forms.manage import LONGEST_NAME, one_line

YEAR = timedelta(days=366)
LONGEST_WORDS = 1000
CHOOSE_AGENCY = "Choose an agency."


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


class Dated(Protocol):
    today: date


def sensible(day: date | None, form: Dated) -> None:
    if day is not None and not form.today - YEAR <= day <= form.today + YEAR:
        raise ValidationError("That is more than a year away. Is the year right?")


class Reported(DeskForm):
    """`today` is the desk's own day; a report is about the year before it or the year after."""

    today: date
    message: TextAreaField

    def _sensible(self, day: date | None) -> None:
        sensible(day, self)


class ReportDeparture(Reported):
    on = Day("Last day at the agency", validators=[InputRequired("Type the last day.")])
    message = words_field()

    def validate_on(self, field: Any) -> None:
        self._sensible(field.data)


class TransferPerson(DeskForm):
    """`today` is the desk's own day. Who belongs to no agency is only given to one."""

    today: date
    agency = SelectField("To the agency", coerce=int, validators=[InputRequired(CHOOSE_AGENCY)])
    on = Day("First day there", validators=[InputRequired("Type the first day.")])
    reason = TextAreaField(
        "Why",
        description="For HAND’s history: nobody else reads it. Nothing about clients.",
        validators=[DataRequired("Say why, in a few words."), Length(max=LONGEST_WORDS)],
    )

    def offer(self, agencies: dict[int, str], *, only_given: bool) -> None:
        self.agency.choices = {"0": "Choose…"} | {str(n): name for n, name in agencies.items()}
        if only_given:
            del self.on, self.reason

    def validate_agency(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(CHOOSE_AGENCY)

    def validate_on(self, field: Any) -> None:
        sensible(field.data, self)


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
