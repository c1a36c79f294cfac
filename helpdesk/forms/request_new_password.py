"""Request New Password: what happened, and how the one who files knows who asks."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm, note_field
from helpdesk.forms.steps import Answer, StepForm
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.facts import TicketFacts
from workflows.request_new_password import HAPPENINGS, IDENTITIES, PROVED

IN_SHORT = {"locked": "Locked out", "forgotten": "Forgot the password", "other": "Can’t log in"}

TOLD = {"happened": ("What happened", HAPPENINGS), "identity": ("Who asks", IDENTITIES)}


class Form(RequestForm):
    """The address on file is the identity check: a link to it proves it, others vouch."""

    happened = RadioField(
        "What happened?",
        choices=HAPPENINGS,
        validators=[InputRequired("Choose what comes closest.")],
    )
    note = note_field()
    vouched = BooleanField(
        "It is the licensee who asks", validators=[InputRequired("Please confirm this.")]
    )

    def prepare(self, about: About) -> None:
        super().prepare(about)
        actor, person = about.actor, about.person
        assert person is not None, "a password is somebody's"
        if actor.link_only or actor.person_id == person.id:
            del self.vouched
            return
        where = f", and {person.email} is still the right address" if person.email else ""
        how = "I called back and know" if actor.staff else "I know"
        self.vouched.label.text = f"{how} that it is {person.name} who asks{where}."

    def answers(self, actor: Actor) -> dict[str, Any]:
        return {
            "happened": self.happened.data,
            "note": (self.note.data or "").strip(),
            "identity": self._identity(actor),
        }

    def _identity(self, actor: Actor) -> str:
        if actor.link_only:
            return PROVED
        if "vouched" not in self:
            return "self"
        return "staff" if actor.staff else "agency"

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return IN_SHORT.get(str(fields.get("happened")), "")

    @staticmethod
    def read_back(fields: dict[str, Any]) -> list[tuple[str, str | None]]:
        """A ticket that was filed as another type tells only what that type asks."""
        told: list[tuple[str, str | None]] = [
            (label, words.get(str(fields[name]), str(fields[name])))
            for name, (label, words) in TOLD.items()
            if fields.get(name)
        ]
        return [*told, ("Note", fields.get("note") or "None")]


class Approve(StepForm):
    """Asked only where nothing has proved the address yet."""

    identity_checked = BooleanField(
        "I have checked the person against the address on file.",
        validators=[InputRequired("Check the person first, then tick this.")],
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if ticket.fields.get("identity") == PROVED:
            del self.identity_checked


class AnswerWithWhatHappened(Answer):
    """Asks what happened where the ticket, filed as another type, does not tell it."""

    happened = RadioField("What happened?", choices=HAPPENINGS, validators=[Optional()])

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if ticket.fields.get("happened"):
            del self.happened

    def brought(self) -> dict[str, Any]:
        told = self.happened.data if "happened" in self else None
        data = {"message": self.message.data}
        return {**data, "fields": {"happened": told}} if told else data


STEPS = {"approve": Approve, "answer": AnswerWithWhatHappened}
