"""What every form of the desk is: it reads text that any database takes, and speaks our words."""

import re
from collections.abc import Sequence
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from workflows.engine import Reason

NUL, INSTEAD = "\0", "\ufffd"
STALE = "Part of this page got lost on the way. Load it again, then send it once more."
UNSURE = "This can’t be right. Please check it."
CHOOSE = "Choose one of those that are offered."
WORDS = {
    "This field is required.": "Fill this in.",
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "Field cannot be longer than %(max)d character.":
        "This is too long: at most %(max)d characters fit. Please shorten it.",
    "Field must be at least %(min)d character long.":
        "This is too short: it takes %(min)d characters or more.",
    "Not a valid date value.": "This is no date. Write it like 2026-11-25.",
    "Not a valid time value.": "This is no time. Write it like 09:30.",
    "Not a valid integer value.": "Write a whole number, such as 3.",
    "Number must be at least %(min)s.": "It must be %(min)s or more.",
    "Number must be at most %(max)s.": "It must be %(max)s or less.",
    "Number must be between %(min)s and %(max)s.": "It must be between %(min)s and %(max)s.",
    "Invalid email address.": "This is no email address. Write it like ann@agency.example.",
}  # fmt: skip
"""WTForms’ words, and ours in their place; a rule with words of its own keeps them."""


VAGUE = ("This ", "That ", "It ", "Fill this in", CHOOSE, "Write it", "Write a whole number")
"""How sentences begin that do not say which input they are about."""


class OurWords:
    """Stands where WTForms expects a translation."""

    def gettext(self, words: str) -> str:
        return WORDS.get(words, UNSURE)

    def ngettext(self, singular: str, _plural: str, _count: int) -> str:
        return WORDS.get(singular, UNSURE)


SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
NO_SSN = (
    "This looks like a Social Security number. Nothing about clients belongs here: please take it"
    " out."
)


class DeskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict[str, Any] | None:
            """What was posted as a form; `formdata` None makes an empty one of it."""
            if formdata is None or request.method != "POST":
                return None
            posted = [*request.files.items(multi=True), *request.form.items(multi=True)]
            return MultiDict([(name, _harmless(value)) for name, value in posted])

        def get_translations(self, form: Any) -> OurWords:
            return OurWords()

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides: what people write in their own words holds no number of a client's."""
        fine = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, TextAreaField) and SSN.search(field.data or ""):
                field.errors = [*field.errors, NO_SSN]
                fine = False
        return fine

    def errors_in_order(self) -> list[tuple[str | None, Sequence[str]]]:
        """As they stand on the page, from its top. None: of no input."""
        return list(self.errors.items())

    def in_summary(self, name: str, error: str) -> str:
        """An error as it stands far from its input: with the input's name, if it has none."""
        label = self[name].label.text
        return f"{label}: {error}" if error.startswith(VAGUE) else error

    def place(self, reason: Reason) -> bool:
        """Puts what a rule says at the input it is about; False if it is about none of these."""
        name = reason.field or ""
        if name not in self:
            return False
        self[name].errors = self[name].errors or [reason.sentence]
        return True


def _harmless(value: Any) -> Any:
    """PostgreSQL takes no NUL in a text, so it is kept as the sign for what cannot be shown."""
    return value.replace(NUL, INSTEAD) if isinstance(value, str) else value
