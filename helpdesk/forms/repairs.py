"""The form for giving up on what failed."""

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.reasons import reason


class GiveUp(DeskForm):
    reason = reason("Why it will not be done")
