"""The forms for suspending a license, and for lifting it."""

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.reasons import reason

LONGEST_WORDS = 1000


def words_for_them() -> TextAreaField:
    return TextAreaField(
        "What are they told?",
        description="Mailed to the person and the agency’s admins. Nothing about clients.",
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )


FOR_HAND = "For HAND alone; it is kept in the history."


class Suspend(DeskForm):
    reason = reason("Why is it suspended?", FOR_HAND)
    said = words_for_them()


class Lift(DeskForm):
    reason = reason("Why is it lifted?", FOR_HAND)
    said = words_for_them()
