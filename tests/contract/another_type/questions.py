"""Return from Leave: when is the person back?"""

from typing import Any

from wtforms import DateField
from wtforms.validators import InputRequired

from helpdesk.actor import Actor
from helpdesk.forms.base import RequestForm


class Form(RequestForm):
    back_on = DateField("Back since", validators=[InputRequired("Say when the person is back.")])

    def answers(self, actor: Actor) -> dict[str, Any]:
        return {"back_on": self.back_on.data.isoformat() if self.back_on.data else None}
