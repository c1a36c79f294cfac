"""The forms of My people."""

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import LONGEST_NAME, one_line


class FindMember(DeskForm):
    """Sent by POST, so that nobody's name comes to stand in an address."""

    q = StringField("Name or username", filters=[one_line], validators=[Length(max=LONGEST_NAME)])
    show = HiddenField()
    state = HiddenField()
    sort = HiddenField()
    after = HiddenField()
