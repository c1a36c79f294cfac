"""What the forms of all request types have in common."""

import re
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Regexp

from helpdesk.actor import Actor
from helpdesk.forms.desk_form import STALE, DeskForm
from helpdesk.models.person import Person

LONGEST_TEXT = 4000
KEY = Regexp(r"^[\w-]{16,64}\Z", re.ASCII, STALE)
NOT_ANSWERS = {"key", "caller", "csrf_token"}


class RequestForm(DeskForm):
    """`key` is drawn when the form is first shown: the same form sent twice is one ticket."""

    key = HiddenField(validators=[InputRequired(STALE), KEY])
    caller = SelectField(
        "Who asks for it?",
        coerce=int,
        description="You file it on their behalf; they get the emails.",
        validators=[InputRequired("Choose who asks for it.")],
    )

    def prepare(self, actor: Actor, person: Person, callers: list[Person]) -> None:
        """Fits the questions to who asks, and about whom. `callers` is empty except for staff."""
        if not callers:
            del self.caller
            return
        self.caller.choices = {str(caller.id): caller.name for caller in callers}

    def caller_id(self) -> int | None:
        """On whose behalf staff file; None: for themselves, as everybody else does."""
        return int(self.caller.data) if "caller" in self else None

    def answers(self, actor: Actor) -> dict[str, Any]:
        """The type's own fields, as the ticket keeps them."""
        return {field.name: field.data for field in self if field.name not in NOT_ANSWERS}

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        """What is asked, in a few words for a line of the queue."""
        return ""

    @staticmethod
    def read_back(fields: dict[str, Any]) -> list[tuple[str, str | None]]:
        """The answers of a ticket in words, label by label, for the people who read it."""
        return [(name.replace("_", " ").capitalize(), str(value)) for name, value in fields.items()]
