"""Why somebody at HAND does what nobody does by the way."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

LONGEST = 2000


def reason(label: str, description: str = "") -> TextAreaField:
    return TextAreaField(
        label,
        description=description,
        validators=[DataRequired("Say why; it is kept in the history."), Length(max=LONGEST)],
    )
