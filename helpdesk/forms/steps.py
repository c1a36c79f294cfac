"""The forms that steps need. A request type may bring its own under the same name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, Regexp

from helpdesk.forms.base import KEY, LONGEST_TEXT
from helpdesk.forms.course_dates import CourseDates, courses_told, keep_courses, start_from
from helpdesk.forms.desk_form import STALE, DeskForm
from helpdesk.forms.documents import TakesDocuments
from helpdesk.forms.inputs import OneOf, Ticks
from helpdesk.forms.signatures import NO_EMAIL
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.common import REJECTION_CODES
from workflows.facts import TicketFacts
from workflows.papers import KINDS, OTHER
from workflows.registry import ticket_type, ticket_types
from workflows.requirements import needed
from workflows.signing import DIRECTOR, SIGNERS
from workflows.training import Course, Purpose

LONGEST_NAME = 200
NOT_DATA = {"version", "csrf_token", "key"}


class StepForm(DeskForm):
    """`version` is the ticket's as the page showed it."""

    version = HiddenField(validators=[InputRequired(STALE), Regexp(r"^\d{1,9}\Z", re.ASCII, STALE)])

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        """Fits the form to the ticket; `colleagues` may be given it."""

    @property
    def form_key(self) -> str | None:
        """Ties the files that come along to this form; None for a step that takes none."""
        return str(self["key"].data or "") if "key" in self else None

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

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        others = (p for p in colleagues if p.id != ticket.assignee_id)
        self.assignee.choices = {str(other.id): other.name for other in others}


class Ask(Message):
    """What is missing can be named by a tick; the message says the rest."""

    papers = Ticks("Documents that are missing or have to be done again")
    signatures = BooleanField(
        "I ask for nothing but the signatures that are outstanding",
        description="The last one brings the request back into review.",
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if not facts.asked_to_sign:
            del self.signatures
        papers = ticket_type(ticket.type).papers
        if papers:
            asked = [*papers, OTHER] if OTHER in facts.documents else papers
            self.papers.choices = {paper: KINDS[paper].label for paper in asked}
        else:
            del self.papers

    def suggest(self, message: str, papers: Iterable[str]) -> None:
        """Fills in what a review of the documents found."""
        self.message.data = message
        if "papers" in self:
            self.papers.data = list(papers)

    def validate_signatures(self, field: BooleanField) -> None:
        if field.data and "papers" in self and self.papers.data:
            raise ValidationError("Documents are ticked, too: take away one or the other.")

    def brought(self) -> dict[str, Any]:
        data = super().brought()
        return {name: value for name, value in data.items() if value not in ([], False)}


class Words(Ask):
    """Words alone. Boxes ticked beside them mean something else, and are not dropped in silence."""

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        super().prepare(ticket, colleagues, facts)
        if "papers" in self and not self.papers.data:
            del self.papers
        if "signatures" in self and not self.signatures.data:
            del self.signatures

    def validate_signatures(self, _field: BooleanField) -> None:
        raise ValidationError(
            "With “Ask for more” the signatures are asked for. Choose that, or take the tick away."
        )

    def validate_papers(self, _field: Ticks) -> None:
        raise ValidationError(
            "Documents are ticked: with “Ask for more” they are asked for. Choose that, or take the"
            " ticks away."
        )


class WithFiles(TakesDocuments, Message):
    """`key` ties the files that have arrived already to this form."""

    key = HiddenField(validators=[Optional(), KEY])


def _who_signed() -> Ticks:
    return Ticks("Who signed a page that you attach", description="Their links end.")


class Write(WithFiles):
    """`on_page` only where somebody is asked to sign by a mailed link."""

    on_page = _who_signed()

    def brought(self) -> dict[str, Any]:
        data: dict[str, Any] = {"message": (self.message.data or "").strip()}
        if "on_page" in self and self.on_page.data:
            data["on_page"] = self.on_page.data
        return data

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if facts.asked_to_sign:
            self.on_page.choices = {each.who: f"{each.name}, as {SIGNERS[each.who]}"
                                    for each in facts.asked_to_sign}  # fmt: skip
        else:
            del self.on_page


HERE_IT_IS = "Here is what you asked for."
SEE_ATTACHED = "See what is attached."
"""Said where HAND has asked for nothing, and others have only to sign."""


class Answer(Write):
    """`without` is asked only where a paper that HAND named, or a date, is not there. What is
    `attached` is an answer, too: `silent` is said then."""

    attached = False
    silent = HERE_IT_IS
    message = TextAreaField("Message", validators=[Length(max=LONGEST_TEXT)])
    on_page = _who_signed()
    without = BooleanField("I can’t give it now. My answer says why, and when it comes.")

    def brought(self) -> dict[str, Any]:
        data = super().brought()
        data["message"] = data["message"] or self.silent
        return {**data, "without": True} if self.without.data else data

    def validate_message(self, field: TextAreaField) -> None:
        says = bool((field.data or "").strip())
        if not says and (self.without.data or not self.attached):
            raise ValidationError("Write your message.")

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        super().prepare(ticket, colleagues, facts)
        if facts.awaits_signatures:
            self.silent = SEE_ATTACHED


class AnswerWithCourses(CourseDates, Answer):
    """The dates of the courses can be mended with the answer."""

    told: dict[str, str]
    asked: list[Course]

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        super().prepare(ticket, colleagues, facts)
        self.asked = needed(facts, self.purpose)
        keep_courses(self, self.asked)
        self.told = dict(ticket.fields.get("courses") or {})
        start_from(self, self.told)

    def brought(self) -> dict[str, Any]:
        now_told = {**self.told, **courses_told(self)}
        data = super().brought()
        changed = now_told != self.told
        return {**data, "fields": {"courses": now_told}} if changed else data


def answer_with_courses(asked_for: Purpose) -> type[AnswerWithCourses]:
    """The answer's form for a type that asks for courses."""
    return type("Answer", (AnswerWithCourses,), {"purpose": asked_for})


class Convert(StepForm):
    types: list[tuple[str, str]]

    to = OneOf("The right type", validators=[InputRequired("Choose the right type.")])
    message = TextAreaField(
        "Why",
        description="The agency and the licensee read this.",
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        self.types = [(kind.name, kind.label) for kind in ticket_types().values()
                      if kind.name != ticket.type]  # fmt: skip
        self.to.choices = self.types

    def bar(self, reasons: Mapping[str, str]) -> None:
        """Says why it can’t be one of these, by the types’ names; the others come first."""
        self.to.barred = reasons
        self.to.choices = sorted(self.types, key=lambda each: each[0] in reasons)
        if all(name in reasons for name, _label in self.types):
            self.to.description = "None of them fits now. Reject this request, or ask for more."


class Override(StepForm):
    message = TextAreaField(
        "Why it is approved against the rules",
        description="Kept in the history under your name.",
        validators=[DataRequired("Say why it is approved anyway."), Length(max=LONGEST_TEXT)],
    )


THEIRS = {"data-only": f"who={DIRECTOR}", "autocomplete": "off"}
"""Asked of the director alone: nobody else’s address is typed."""


class AskToSign(StepForm):
    """Who has not signed is mailed a new link; the director’s name and address can be put right."""

    who = RadioField("Who is asked again", validators=[InputRequired("Choose who is asked again.")])
    name = StringField("Name of the executive director", description="If it was wrong.",
                       validators=[Optional(), Length(max=LONGEST_NAME)],
                       render_kw=THEIRS)  # fmt: skip
    address = EmailField("Their work email", description="If it was wrong.",
                         validators=[Optional(), Length(max=LONGEST_NAME), Email(NO_EMAIL)],
                         render_kw=THEIRS)  # fmt: skip

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        asked = {each.who: each for each in facts.asked_to_sign}
        self.who.choices = {each.who: f"{each.name}, as {SIGNERS[each.who]} ({each.address})"
                            for each in asked.values()}  # fmt: skip
        if self.who.raw_data is None:
            picked = request.args.get("who", "")
            self.who.data = picked if picked in asked else next(iter(asked), None)
        if DIRECTOR not in asked:
            del self.name, self.address
        elif self.address.raw_data is None:
            self.name.data, self.address.data = asked[DIRECTOR].name, asked[DIRECTOR].address


STEP_FORMS: dict[str, type[StepForm]] = {
    "message": Words,
    "ask": Ask,
    "answer": Answer,
    "write": Write,
    "convert": Convert,
    "override": Override,
    "reject": Reject,
    "hand_over": HandOver,
    "confirm": StepForm,
    "approve": StepForm,
    "ask_to_sign": AskToSign,
}
