"""The form for keeping a license that the desk proposes to delete."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from helpdesk.forms.desk_form import DeskForm

LONGEST_REASON = 2000


class Keep(DeskForm):
    reason = TextAreaField(
        "Why it is kept",
        validators=[
            DataRequired("Say why; it is kept in the history."), Length(max=LONGEST_REASON)
        ],
    )  # fmt: skip
