"""What staff say of a document and its checks, and how they read a blank."""

import re

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from helpdesk.forms.desk_form import STALE, DeskForm
from helpdesk.models.document_mark import Said

LONGEST_NOTE = 500
LONGEST_READING = 200


class Mark(DeskForm):
    """`about`: the name of a check, empty for the document itself."""

    about = HiddenField(validators=[Length(max=64)])
    said = HiddenField(validators=[InputRequired(STALE), AnyOf([Said.FINE, Said.NOT_FINE], STALE)])
    note = TextAreaField(
        "What is wrong", validators=[Optional(), Length(max=LONGEST_NOTE)]
    )


class TakeOver(DeskForm):
    """`about`: the check that says that a date is another; `version` is the ticket's as the page
    showed it."""

    about = HiddenField(validators=[InputRequired(STALE), Length(max=64)])
    version = HiddenField(validators=[InputRequired(STALE), Regexp(r"^\d{1,9}\Z", re.ASCII, STALE)])


class Corrected(DeskForm):
    """`blank`: its name on the worksheet."""

    blank = HiddenField(validators=[InputRequired(STALE), Length(max=64)])
    text = StringField("It says", validators=[Optional(), Length(max=LONGEST_READING)])
