"""The form for giving up on what failed."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from helpdesk.forms.desk_form import DeskForm

LONGEST_REASON = 2000


class GiveUp(DeskForm):
    reason = TextAreaField(
        "Why it will not be done",
        validators=[
            DataRequired("Say why; it is kept in the history."), Length(max=LONGEST_REASON)
        ],
    )  # fmt: skip
