"""Request New Password: what happened, and how the one who files knows who asks."""

from typing import Any

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from helpdesk.actor import Actor
from helpdesk.forms.base import LONGEST_TEXT, RequestForm
from helpdesk.forms.steps import StepForm
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.request_new_password import HAPPENINGS, IDENTITIES, PROVED

IN_SHORT = {"locked": "Locked out", "forgotten": "Forgot the password", "other": "Can’t log in"}


class Form(RequestForm):
    """The address on file is the identity check: a link to it proves it, others vouch."""

    happened = RadioField(
        "What happened?",
        choices=HAPPENINGS,
        validators=[InputRequired("Choose what comes closest.")],
    )
    note = TextAreaField(
        "Anything HAND should know?",
        description="Nothing about clients, please: no names, dates of birth or SSNs.",
        validators=[Length(max=LONGEST_TEXT)],
    )
    vouched = BooleanField(
        "It is the licensee who asks", validators=[InputRequired("Please confirm this.")]
    )

    def prepare(self, actor: Actor, person: Person, callers: list[Person]) -> None:
        super().prepare(actor, person, callers)
        if actor.link_only:
            del self.vouched
            return
        where = f", and {person.email} is still the right address" if person.email else ""
        self.vouched.label.text = f"I know that it is {person.name} who asks{where}."

    def answers(self, actor: Actor) -> dict[str, Any]:
        identity = PROVED if actor.link_only else "staff" if actor.staff else "agency"
        return {
            "happened": self.happened.data,
            "note": (self.note.data or "").strip(),
            "identity": identity,
        }

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return IN_SHORT.get(fields["happened"], "")

    @staticmethod
    def read_back(fields: dict[str, Any]) -> list[tuple[str, str | None]]:
        return [
            ("What happened", HAPPENINGS.get(fields["happened"], fields["happened"])),
            ("Who asks", IDENTITIES.get(fields["identity"], fields["identity"])),
            ("Note", fields["note"] or "None"),
        ]


class Approve(StepForm):
    """Asked only where nothing has proved the address yet."""

    identity_checked = BooleanField(
        "I have checked the person against the address on file.",
        validators=[InputRequired("Check the person first, then tick this.")],
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person]) -> None:
        if ticket.fields.get("identity") == PROVED:
            del self.identity_checked


STEPS = {"approve": Approve}
