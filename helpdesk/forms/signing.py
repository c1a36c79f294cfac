"""What whoever opens a link to sign is asked: their name, or why they can’t."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.signatures import LONGEST
from helpdesk.forms.worksheet import SignedName

MOST_WORDS = 2000


class NameOfSigner(SignedName):
    """Who is asked is told in the mail; somebody else signs nothing."""

    refusal = "This is {name}’s to sign. Type that name, or say below that you can’t sign."


class Sign(DeskForm):
    """`signature` is the name of whoever was asked."""

    signature: StringField

    def signed_name(self) -> str:
        return " ".join((self.signature.data or "").split())


class Decline(DeskForm):
    reason = TextAreaField(
        "Why you can’t sign it",
        description="Whoever filled it in reads this.",
        validators=[DataRequired("Say why you can’t sign it."), Length(max=MOST_WORDS)],
    )


def sign_form(name: str) -> Sign:
    rules: list[Any] = [InputRequired(f"Type your name to sign: {name}."), Length(max=LONGEST)]
    kinds = {"signature": NameOfSigner("Your full name", name, validators=rules,
                                       render_kw={"autocomplete": "name"})}  # fmt: skip
    made: Sign = type("SignForm", (Sign,), kinds)()
    return made
