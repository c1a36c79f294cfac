"""The forms that steps need. A request type may bring its own under the same name."""

import re
from typing import Any

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from helpdesk.forms.base import LONGEST_TEXT
from helpdesk.forms.desk_form import STALE, DeskForm
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.common import REJECTION_CODES

NOT_DATA = {"version", "csrf_token"}


class StepForm(DeskForm):
    """`version` is the ticket's as the page showed it."""

    version = HiddenField(validators=[InputRequired(STALE), Regexp(r"^\d{1,9}\Z", re.ASCII, STALE)])

    def prepare(self, ticket: Ticket, colleagues: list[Person]) -> None:
        """Fits the form to the ticket; `colleagues` may be given it."""

    def seen_version(self) -> int:
        return int(self.version.data or "-1")

    def brought(self) -> dict[str, Any]:
        """What the form brings to the step, as the history keeps it."""
        return {field.name: field.data for field in self if field.name not in NOT_DATA}


class Message(StepForm):
    message = TextAreaField(
        "Message",
        validators=[DataRequired("Write your message."), Length(max=LONGEST_TEXT)],
    )


class Reject(StepForm):
    code = SelectField(
        "Why",
        choices={"": "Choose…"} | REJECTION_CODES,
        validators=[InputRequired("Choose why it is rejected.")],
    )
    message = TextAreaField(
        "What would have to change",
        description="The agency and the licensee read this.",
        validators=[DataRequired("Say how it can be mended."), Length(max=LONGEST_TEXT)],
    )


class HandOver(StepForm):
    assignee = SelectField(
        "To whom", coerce=int, validators=[InputRequired("Choose a colleague.")]
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person]) -> None:
        others = (p for p in colleagues if p.id != ticket.assignee_id)
        self.assignee.choices = {str(other.id): other.name for other in others}


STEP_FORMS: dict[str, type[StepForm]] = {
    "message": Message,
    "reject": Reject,
    "hand_over": HandOver,
    "confirm": StepForm,
    "approve": StepForm,
}
