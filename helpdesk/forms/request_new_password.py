"""Request New Password: what happened, and how the one who files knows who asks."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm, note_field, note_read_back
from helpdesk.forms.steps import Answer, StepForm
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.facts import TicketFacts
from workflows.request_new_password import (
    BY_ADMIN,
    BY_STAFF,
    HAPPENINGS,
    IDENTITIES,
    OWN,
    PROVED,
)
from workflows.training import Grid

IN_SHORT = {"locked": "Locked out", "forgotten": "Forgot the password", "other": "Can’t log in"}

TOLD = {"happened": ("What happened", HAPPENINGS), "identity": ("Who asks", IDENTITIES)}


def knows(name: str, email: str | None, how: str = "I know") -> str:
    """What somebody confirms who asks for another."""
    where = f", and {email} is still the right address" if email else ""
    return f"{how} that it is {name} who asks{where}."


class Form(RequestForm):
    """The address on file is the identity check: a link to it proves it, others vouch."""

    happened = RadioField(
        "What happened?",
        choices=HAPPENINGS,
        validators=[InputRequired("Say what happened.")],
    )
    note = note_field()
    vouched = BooleanField(
        "It is the licensee who asks", validators=[InputRequired("Confirm who it is that asks.")]
    )

    def prepare(self, about: About) -> None:
        super().prepare(about)
        actor, person = about.actor, about.person
        assert person is not None, "a password is somebody's"
        if actor.link_only or actor.person_id == person.id:
            del self.vouched
            return
        how = "I called back and know" if actor.staff else "I know"
        self.vouched.label.text = knows(person.name, person.email, how)

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
            return OWN
        return BY_STAFF if actor.staff else BY_ADMIN

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return IN_SHORT.get(str(fields.get("happened")), "")

    @staticmethod
    def read_back(
        fields: dict[str, Any],
        grid: Grid,
    ) -> list[tuple[str, str | None]]:
        """A ticket that was filed as another type tells only what that type asks."""
        told: list[tuple[str, str | None]] = [
            (label, words.get(str(fields[name]), str(fields[name])))
            for name, (label, words) in TOLD.items()
            if fields.get(name)
        ]
        return [*told, *note_read_back(fields)]


class Approve(StepForm):
    """Asked only where nothing has proved the address yet."""

    identity_checked = BooleanField(
        "I have checked the person against the address on file.",
        validators=[InputRequired("Check the person first, then tick this.")],
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if ticket.fields.get("identity") == PROVED:
            del self.identity_checked


class AnswerInFull(Answer):
    """Asks what the ticket, filed as another type, does not tell: what happened, and who asks."""

    happened = RadioField("What happened?", choices=HAPPENINGS, validators=[Optional()])
    vouched = BooleanField("It is the licensee who asks")
    own: str | None = None

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        super().prepare(ticket, colleagues, facts)
        if ticket.fields.get("happened"):
            del self.happened
        if ticket.fields.get("identity"):
            del self.vouched
        elif facts.actor_id == facts.person_id:
            self.own = PROVED if facts.proved else OWN
            del self.vouched
        else:
            self.vouched.label.text = knows(facts.person_name, facts.person_email)

    def brought(self) -> dict[str, Any]:
        told = {"happened": self.happened.data if "happened" in self else None,
                "identity": self._identity()}  # fmt: skip
        fields = {name: value for name, value in told.items() if value}
        return {**super().brought(), **({"fields": fields} if fields else {})}

    def _identity(self) -> str | None:
        return BY_ADMIN if "vouched" in self and self.vouched.data else self.own


STEPS = {"approve": Approve, "answer": AnswerInFull}
