"""The forms of signing in and of the way back in."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from helpdesk.forms.desk_form import DeskForm

LONGEST_NAME = 120
LONGEST_PASSWORD = 4096  # so much is read; the setting says how much of it may be a password


def username_field(label: str) -> StringField:
    return StringField(
        label,
        validators=[InputRequired("Type your username."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class SignIn(DeskForm):
    username = username_field("Username")
    password = PasswordField(
        "Password",
        validators=[InputRequired("Type your password."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class AskForLink(DeskForm):
    username = username_field("HMIS username")


class ForgotPassword(DeskForm):
    username = username_field("Username")


class TryPassword(DeskForm):
    """What stands in the field while it is being typed."""

    password = PasswordField(validators=[Length(max=LONGEST_PASSWORD)])


class SetPassword(DeskForm):
    password = PasswordField(
        "New password",
        validators=[InputRequired("Type a new password."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        "The same once more",
        validators=[
            InputRequired("Type the new password a second time."),
            EqualTo("password", "The two are not the same. Type both again."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
