"""Where filing begins: who is it about, and what happened?"""

from wtforms import StringField

from helpdesk.forms.desk_form import DeskForm


class Start(DeskForm):
    """Posted even to search: a person's name has no place in an address, where logs would keep it.

    Whom and what a person picks are ids and names of ours, and may stand in one.
    """

    q = StringField("Find a person by name or username", default="")
