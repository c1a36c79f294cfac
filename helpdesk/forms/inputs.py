"""Inputs that several forms share."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from wtforms import DateField, RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.dates import in_words

COURSE = "course_"


class Day(DateField):
    """A day without a time."""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the input, be it a day or not."""
        typed = any(str(text).strip() for text in self.raw_data or ())
        return self.data is None and not typed

    @staticmethod
    def read(told: Any) -> date | None:
        """A day as a ticket keeps it."""
        return date.fromisoformat(told) if told else None


class Ticks(SelectMultipleField):
    """Boxes to tick, any number of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OneOf(RadioField):
    """One of several, of which some can’t be chosen now: `barred` says why not, by their values."""

    barred: Mapping[str, str] = MappingProxyType({})


def day_in_words(day: str) -> str:
    """Nov 25, 2026."""
    return in_words(date.fromisoformat(day))


def as_typed(fields: dict[str, Any]) -> dict[str, Any]:
    """A ticket's fields under the names of the form's inputs, to fill it in again."""
    told: dict[str, str] = fields.get("courses") or {}
    days = {f"{COURSE}{name}": date.fromisoformat(day) for name, day in told.items()}
    return {**fields, **days}
