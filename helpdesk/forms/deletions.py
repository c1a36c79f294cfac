"""The form for keeping a license that the desk proposes to delete."""

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.reasons import reason


class Keep(DeskForm):
    reason = reason("Why it is kept")
