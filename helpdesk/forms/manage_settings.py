"""The forms of the manager's page of one setting: one for each kind of value."""

from datetime import time, timedelta
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import one_line

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SECONDS = {"m": 60, "h": 3600, "d": 86400}


class SettingForm(DeskForm):
    """Has a field `value`."""

    def fit(self, label: str, present: Any, scale: int, blank: bool) -> None:
        """Shows the present value, unless something was typed already."""
        self.scale = scale
        self.value.label.text = label
        self.value.flags.required = not blank
        if not self.is_submitted() or self.value.raw_data is None:
            self.show(present)

    def show(self, present: Any) -> None:
        self.value.data = present

    def notation(self) -> str:
        """What was typed, as the environment would write it."""
        return str(self.value.data)

    def main_field(self) -> Any:
        """Where an error is told."""
        return self.value


class TextSetting(SettingForm):
    value = StringField(filters=[one_line], render_kw={"autocomplete": "off"})

    def notation(self) -> str:
        return self.value.data or ""


class DaysSetting(TextSetting):
    def show(self, present: tuple[int, ...]) -> None:
        self.value.data = ", ".join(map(str, present))


class NumberSetting(SettingForm):
    value = IntegerField(validators=[InputRequired("Type a number.")])

    def show(self, present: int) -> None:
        self.value.data = present // self.scale

    def notation(self) -> str:
        return str((self.value.data or 0) * self.scale)


class SwitchSetting(SettingForm):
    value = SelectField(choices={"1": "Yes", "0": "No"})

    def show(self, present: bool) -> None:
        self.value.data = "1" if present else "0"


class TimeSetting(SettingForm):
    value = TimeField(validators=[InputRequired("Type a time, such as 09:00.")])

    def notation(self) -> str:
        return f"{self.value.data:%H:%M}"


class SpanSetting(SettingForm):
    value = IntegerField(validators=[InputRequired("Type a number.")])
    unit = SelectField("In", choices=UNITS, validators=[InputRequired("Choose a unit.")])

    def show(self, present: timedelta) -> None:
        """In the largest unit that leaves no rest; days from five on."""
        seconds = round(present.total_seconds())
        fitting = [u for u, size in SECONDS.items() if seconds % size == 0 or u == "m"]
        if "d" in fitting and seconds < 5 * SECONDS["d"]:
            fitting.remove("d")
        self.unit.data = fitting[-1]
        self.value.data = seconds // SECONDS[fitting[-1]]

    def notation(self) -> str:
        return f"{self.value.data}{self.unit.data}"


SETTING_FORMS: dict[type, type[SettingForm]] = {
    str: TextSetting,
    int: NumberSetting,
    tuple: DaysSetting,
    bool: SwitchSetting,
    time: TimeSetting,
    timedelta: SpanSetting,
}
