"""The forms of one's own second step: typed at sign-in, set up, named."""

from typing import Any

from flask import request
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import one_line
from helpdesk.forms.sign_in import LONGEST_PASSWORD

LONGEST_NAME = 60
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 40}
LONGEST_ANSWER = 16 * 1024
LONGEST_CODE = 40  # with spaces between, as people copy them


class FactorName(DeskForm):
    name = StringField(
        "Name",
        description="So that you know it again, such as “My phone”.",
        filters=[one_line],
        validators=[DataRequired("Give it a name."), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )


class PasskeyAnswer(DeskForm):
    """What a browser answers with a passkey, and the sealed challenge that it answers."""

    challenge = HiddenField(validators=[Length(max=LONGEST_ANSWER)])
    credential = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ANSWER)])
    next = HiddenField()

    def answered(self) -> bool:
        return bool(request.form.get("credential"))


class AddPasskey(PasskeyAnswer, FactorName):
    """A new one, with its name."""


class SecondStep(DeskForm):
    code = StringField(
        "Code",
        validators=[InputRequired("Type the code."), Length(max=LONGEST_CODE)],
        render_kw=CODE,
    )
    next = HiddenField()


class ProveAgain(DeskForm):
    """Comes along with the form of a sensitive act; so its fields have names of their own."""

    proof_password = PasswordField(
        "Password",
        validators=[InputRequired("Type your password."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    proof_code = StringField("Code", validators=[Length(max=LONGEST_CODE)], render_kw=CODE)
    proof_challenge = HiddenField()
    proof_credential = HiddenField()
    two_steps = False

    @property
    def by_passkey(self) -> bool:
        return bool(self.proof_credential.data)

    def validate_proof_code(self, field: Any) -> None:
        if self.two_steps and not field.data:
            raise ValidationError("Type the code.")

    def answered(self) -> bool:
        """Whether it was sent at all, or just the form before it."""
        return self.proof_password.name in request.form


class AddApp(FactorName):
    """`sealed`: the secret that this page offers; it comes back with a code that was made of it."""

    code = StringField(
        "Code that the app shows now",
        validators=[InputRequired("Type the code that the app shows."), Length(max=LONGEST_CODE)],
        render_kw=CODE,
    )
    sealed = HiddenField()

    def validate_code(self, field: Any) -> None:
        if sum(map(str.isdecimal, field.data or "")) != 6:
            raise ValidationError("It has six digits.")
