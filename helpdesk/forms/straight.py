"""The form of the rule by which the desk approves requests of a type."""

from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.reasons import reason

MOST = 500
FILL_IN = "Type a number."


def _number(label: str, says: str, least: int, most: int) -> IntegerField:
    return IntegerField(
        label, description=says, validators=[InputRequired(FILL_IN), NumberRange(least, most)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )  # fmt: skip


class Rule(DeskForm):
    """`seen`: the version that was shown."""

    seen = HiddenField()
    active = RadioField(
        "The rule is", choices={"on": "On: the desk approves by it", "off": "Off: people approve"},
        validators=[InputRequired("Say whether it is on.")],
    )  # fmt: skip
    least = _number("Tried out on", "So many samples have to be judged by people before the rule "
                    f"approves anything. From 1 to {MOST}.", 1, MOST)  # fmt: skip
    share = _number("Samples, in percent", "So many of those that it would approve go to a person "
                    "anyway. From 1 to 100.", 1, 100)  # fmt: skip
    fault_limit = _number("Most faults, in percent", "It stops when people reject, ask for more or "
                          "change the type of more samples than this. From 0 to 50.",
                          0, 50)  # fmt: skip
    latest = _number("Counted samples", "Faults are counted in the latest so many that people "
                     f"judged. From 5 to {MOST}.", 5, MOST)  # fmt: skip
    reason = reason("Why do you change it?", "It is kept in the history of the rule.")

    def validate_least(self, field: IntegerField) -> None:
        """More than are counted can never have been judged."""
        most = self.latest.data
        if field.data is not None and most is not None and field.data > most:
            raise ValidationError(f"Only the latest {most} count: try it out on no more.")
