"""The forms of the manager's pages."""

from typing import Any

from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from helpdesk.forms.desk_form import DeskForm
from helpdesk.models.role import Role

LONGEST_NAME = 120
LONGEST_EMAIL = 254
LONGEST_PHONE = 60
LONGEST_ADDRESS = 500
MOST_SEATS = 100_000
LONGEST_REASON = 2000
USERNAME = r"[A-Za-z0-9][A-Za-z0-9._@-]{2,59}\Z"
EMAIL = r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z"
ROLES = {
    "": "Choose…",
    Role.AGENCY_ADMIN: "Agency admin: files for one agency",
    Role.STAFF: "HAND staff: work the queue",
    Role.MANAGER: "HAND manager: staff, and these pages",
}


def one_line(text: str | None) -> str | None:
    """What was typed, without space around it and with nothing that is no character of a line."""
    if text is None:
        return None
    shown = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(shown.split())


def blank_to_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def _line(label: str, longest: int, description: str = "") -> StringField:
    """A line that may be left blank."""
    return StringField(
        label,
        description=description,
        filters=[one_line, blank_to_none],
        validators=[Optional(), Length(max=longest)],
        render_kw={"autocomplete": "off", "maxlength": longest},
    )


class AgencyName(DeskForm):
    name = StringField(
        "Name of the agency",
        filters=[one_line],
        validators=[DataRequired("Type the agency’s name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )


class AgencyProfile(AgencyName):
    """What is left blank is not known. `seen`: what stood there when the page was made."""

    seen = HiddenField()
    hmis_id = _line("HUD OrganizationID", 32, "As the HMIS exports it in Organization.csv.")
    address = TextAreaField(
        "Address",
        filters=[blank_to_none],
        validators=[Optional(), Length(max=LONGEST_ADDRESS)],
        render_kw={"rows": 3, "autocomplete": "off"},
    )
    phone = _line("Phone", LONGEST_PHONE)
    contact = _line("Contact", LONGEST_NAME, "Whom HAND asks about the agency itself, such as its "
                    "director.")  # fmt: skip
    contact_email = EmailField(
        "Email of the contact",
        filters=[one_line, blank_to_none],
        validators=[
            Optional(),
            Length(max=LONGEST_EMAIL),
            Regexp(EMAIL, message="This is no email address. Write it as name@agency.org."),
        ],
        render_kw={"autocomplete": "off"},
    )
    seats = IntegerField(
        "Licenses at most",
        description="Blank: no limit. In use are those that are held and not inactive, and those "
        "that are asked for.",
        validators=[Optional(), NumberRange(1, MOST_SEATS)],
        render_kw={"min": 1, "max": MOST_SEATS},
    )


class PickPerson(DeskForm):
    person = SelectField(
        "Who", coerce=int, validators=[InputRequired("Choose a person.")]
    )

    def offer(self, people: dict[int, str]) -> None:
        self.person.choices = {"0": "Choose…"} | {str(n): label for n, label in people.items()}

    def validate_person(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose a person.")


class GrantRole(DeskForm):
    role = SelectField("Role", choices=ROLES, validators=[InputRequired("Choose a role.")])
    agency = SelectField(
        "Agency",
        coerce=int,
        description="For an agency admin only.",
        validators=[Optional()],
    )

    def offer(self, agencies: list[tuple[int, str]]) -> None:
        self.agency.choices = {"0": "–"} | {str(number): name for number, name in agencies}

    def validate_agency(self, field: Any) -> None:
        if self.role.data == Role.AGENCY_ADMIN and not field.data:
            raise ValidationError("Choose the agency.")

    def role_chosen(self) -> Role:
        return Role(self.role.data)

    def agency_chosen(self) -> int | None:
        return self.agency.data if self.role_chosen() is Role.AGENCY_ADMIN else None


def username_field(description: str) -> StringField:
    return StringField(
        "Username",
        description=description,
        filters=[one_line],
        validators=[
            DataRequired("Type a username."),
            Regexp(USERNAME, message="Use 3 to 60 letters, digits, dots and dashes."),
        ],
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class UserName(DeskForm):
    """Of somebody who came without one, such as from the HMIS's own export."""

    username = username_field("The one they log in to the HMIS with. It stays as it is.")


class AddPerson(GrantRole):
    """Somebody who has no license: HAND's own people, and admins who do not use the HMIS."""

    first_name = StringField(
        "First name",
        filters=[one_line],
        validators=[DataRequired("Type the first name."), Length(max=LONGEST_NAME)],
    )
    last_name = StringField(
        "Last name",
        filters=[one_line],
        validators=[DataRequired("Type the last name."), Length(max=LONGEST_NAME)],
    )
    username = username_field("To sign in with. Letters, digits, dots and dashes.")
    email = EmailField(
        "Work email",
        description="The link to choose a password goes there.",
        filters=[one_line],
        validators=[
            DataRequired("Type the work email."),
            Length(max=LONGEST_EMAIL),
            Regexp(EMAIL, message="This is no email address. Write it as name@agency.org."),
        ],
        render_kw={"autocomplete": "off"},
    )


class FindPeople(DeskForm):
    """Sent by POST, so that nobody's name comes to stand in an address."""

    q = StringField(
        "Name, username or email",
        filters=[one_line],
        validators=[Length(max=LONGEST_NAME)],
        render_kw={"type": "search", "autocomplete": "off"},
    )
    show = HiddenField()
    after = HiddenField()


class ResetSecondStep(DeskForm):
    reason = TextAreaField(
        "Why",
        description="They read it in the email.",
        validators=[DataRequired("Say why; they are told."), Length(max=LONGEST_REASON)],
    )


class Plain(DeskForm):
    """A question that is answered by pressing the button."""


def clash(field: Any, sentence: str) -> None:
    """An error that shows only when the form's content meets what is there already."""
    field.errors = [*field.errors, sentence]
