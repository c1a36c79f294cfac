"""New User License: who the person is, what they may do, and the courses they have done.

It asks what HAND's worksheet asks, so that staff can hold the two side by side.
"""

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.base import (
    COURSES,
    LONGEST_TEXT,
    NEWCOMER,
    RequestForm,
    Section,
    note_field,
    note_read_back,
)
from helpdesk.forms.course_dates import CourseDates, courses_read_back, courses_told
from helpdesk.forms.steps import StepForm, answer_with_courses
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.facts import TicketFacts
from workflows.new_user_license import EMPLOYMENT
from workflows.training import ACCESS_LEVELS, Grid, Purpose

LONGEST_NAME = 50
LONGEST_LINE = 120
LONGEST_EMAIL = 254

NAMED = {"first_name": "First name", "last_name": "Last name", "email": "Work email"}
IN_WORDS = {
    **NAMED,
    "phone": "Phone",
    "title": "Title",
    "employment": "Works as",
    "supervisor": "Supervisor",
    "supervisor_email": "Supervisor’s email",
    "access_level": "Access level",
    "provider": "Primary provider",
    "further_providers": "Enters data for",
    "permissions": "Special permissions",
    "had_access": "Had access before",
    "replaces": "Replaces",
}
"""Each answer by the words under which it is read back."""


class Form(CourseDates, RequestForm):
    purpose = Purpose.NEW_USER
    sections = (
        Section("The person", ("agency", "first_name", "last_name", "email", "phone", "title",
                               "employment", "supervisor", "supervisor_email")),
        Section("What they will do", ("access_level", "provider", "further_providers",
                                      "permissions", "had_access", "replaces")),
        COURSES,
        Section("", ("note",)),
    )  # fmt: skip

    first_name = StringField(
        "Legal first name",
        validators=[InputRequired("Type the first name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off"},
    )
    last_name = StringField(
        "Legal last name",
        validators=[InputRequired("Type the last name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Work email",
        description="Theirs alone, and not a personal one: the link to set a password goes there.",
        validators=[
            InputRequired("Type the work email."),
            Length(max=LONGEST_EMAIL),
            Email("That is not an email address, such as ann.lee@agency.org."),
        ],
        render_kw={"autocomplete": "off"},
    )
    phone = StringField("Work phone", validators=[Optional(), Length(max=40)])
    title = StringField("Title", validators=[Optional(), Length(max=LONGEST_LINE)])
    employment = RadioField(
        "The person is",
        choices=EMPLOYMENT,
        validators=[InputRequired("Say whether the person is an employee, intern or volunteer.")],
    )
    supervisor = StringField(
        "Supervisor", validators=[InputRequired("Name the supervisor."), Length(max=LONGEST_LINE)]
    )
    supervisor_email = EmailField(
        "Supervisor’s email",
        validators=[Optional(), Length(max=LONGEST_EMAIL), Email("That is not an email address.")],
    )
    access_level = SelectField(
        "Access level",
        choices={"": "Choose…"} | ACCESS_LEVELS,
        validators=[InputRequired("Choose what the person may do.")],
        render_kw={"data-level": "choose"},
    )
    provider = StringField(
        "Primary provider",
        description="The project they work for at log-in.",
        validators=[
            InputRequired("Name the project the person works for."),
            Length(max=LONGEST_LINE),
        ],
    )
    further_providers = TextAreaField(
        "Further providers they enter data for",
        description="One a line.",
        validators=[Optional(), Length(max=LONGEST_TEXT)],
        render_kw={"rows": 2},
    )
    permissions = StringField(
        "Special permissions", validators=[Optional(), Length(max=LONGEST_LINE)]
    )
    had_access = StringField(
        "Had access to the HMIS before? Where?",
        validators=[Optional(), Length(max=LONGEST_LINE)],
    )
    replaces = StringField("Replaces whom?", validators=[Optional(), Length(max=LONGEST_LINE)])
    note = note_field()

    def prepare(self, about: About) -> None:
        """Of somebody who has had a license, name and address are known; staff correct them."""
        super().prepare(about)
        if about.person is None or about.person.username is None:
            return
        for name in NEWCOMER:
            del self[name]

    def answers(self, actor: Actor) -> dict[str, Any]:
        told = {name: (self[name].data or "").strip() for name in (*IN_WORDS, "note")
                if name in self}  # fmt: skip
        return {**told, "courses": courses_told(self)}

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return ACCESS_LEVELS.get(str(fields.get("access_level")), "")

    @staticmethod
    def read_back(fields: dict[str, Any], grid: Grid) -> list[tuple[str, str | None]]:
        shown = {**fields,
                 "employment": EMPLOYMENT.get(str(fields.get("employment"))),
                 "access_level": ACCESS_LEVELS.get(str(fields.get("access_level")))}  # fmt: skip
        told = [(label, shown.get(name)) for name, label in IN_WORDS.items() if shown.get(name)]
        return [*told, *courses_read_back(fields, grid), *note_read_back(fields)]


class Approve(StepForm):
    """Asks about namesakes by email only where there are any."""

    another_person = BooleanField(
        "It is another person. I have checked.",
        validators=[InputRequired("Find out whether it is the same person, then tick this.")],
    )

    def prepare(self, ticket: Ticket, colleagues: list[Person], facts: TicketFacts) -> None:
        if not facts.lookalikes:
            del self.another_person
            return
        others = " and ".join(facts.lookalikes)
        self.another_person.description = (
            f"The same email is on file for {others}. If it is the same person, reject this "
            "request or ask the agency, and tell them what to file instead."
        )


STEPS = {"approve": Approve, "answer": answer_with_courses(Purpose.NEW_USER)}
