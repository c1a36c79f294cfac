"""The form that says why an account action can't be carried out."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from helpdesk.forms.desk_form import DeskForm

LONGEST_REASON = 2000


class CouldNot(DeskForm):
    """`round` says which beginning of the checklist the page was made of."""

    round = HiddenField()
    reason = TextAreaField(
        "What stands in the way",
        description="It is kept on the request, for whoever mends it.",
        validators=[
            DataRequired("Say what stands in the way; somebody has to mend it."),
            Length(max=LONGEST_REASON),
        ],
    )
