"""What is asked beside the queue."""

from wtforms import StringField
from wtforms.validators import Length

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import LONGEST_NAME, one_line


class FindTicket(DeskForm):
    q = StringField("Number or name", filters=[one_line], validators=[Length(max=LONGEST_NAME)])
