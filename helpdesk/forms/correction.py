"""The form that puts right what is on file of a person."""

from typing import Any

from wtforms import EmailField, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional, Regexp

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import EMAIL, LONGEST_EMAIL, LONGEST_NAME, one_line
from workflows.requirements import is_personal

LONGEST_WHY = 1000


class Correct(DeskForm):
    """`seen`: how many corrections there were when the page was made."""

    first_name = StringField(
        "First name",
        filters=[one_line],
        validators=[DataRequired("Type the first name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    last_name = StringField(
        "Last name",
        filters=[one_line],
        validators=[DataRequired("Type the last name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    email = EmailField(
        "Work email",
        description="Their own, from the agency. Leave it blank only if they have none.",
        filters=[one_line],
        validators=[
            Optional(),
            Length(max=LONGEST_EMAIL),
            Regexp(EMAIL, message="This is no email address. Write it as name@agency.org."),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = TextAreaField(
        "Why it changes",
        description="HAND reads it in the history. Nothing about clients.",
        validators=[Optional(), Length(max=LONGEST_WHY)],
        render_kw={"rows": 2},
    )
    seen = HiddenField()

    def validate_email(self, field: Any) -> None:
        """An address that was taken over as it is may stay."""
        if field.data != field.object_data and is_personal(field.data or ""):
            raise ValidationError("This is a personal address. Type the work email.")

    def seen_version(self) -> int:
        """Nonsense counts as a page that is too old."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdecimal() else -1
