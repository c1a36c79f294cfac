"""The forms for suspending a license, and for lifting it."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from helpdesk.forms.desk_form import DeskForm

LONGEST_WORDS = 1000


def words_for_them() -> TextAreaField:
    return TextAreaField(
        "What are they told?",
        description="Mailed to the person and the agency’s admins. Nothing about clients.",
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )


def reason(label: str) -> TextAreaField:
    return TextAreaField(
        label,
        description="For HAND alone; it is kept in the history.",
        validators=[DataRequired("Say why; it is kept in the history."),
                    Length(max=LONGEST_WORDS)],
    )  # fmt: skip


class Suspend(DeskForm):
    reason = reason("Why is it suspended?")
    said = words_for_them()


class Lift(DeskForm):
    reason = reason("Why is it lifted?")
    said = words_for_them()
