"""The day of a course: typed, or read from a worksheet that came with the form."""

from datetime import date
from typing import Any

from wtforms.utils import unset_value

from helpdesk.forms.inputs import Day

READ = "read-"
"""Begins the name of a hidden input beside that of the day."""


class CourseDay(Day):
    """`from_sheet` goes to and fro hidden: the day as a worksheet told it, while nobody has changed
    it. `object_data`, as WTForms calls it, is what stood there at first (on file, or in an earlier
    request): it comes back when the worksheet goes."""

    from_sheet = ""

    def process(
        self, formdata: Any, data: Any = unset_value, extra_filters: Any = None
    ) -> None:
        super().process(formdata, data, extra_filters)
        self.typed = self.data
        self.from_sheet = formdata.get(READ + self.name, "") if formdata else ""

    def begin_with(self, day: date | None) -> None:
        self.object_data = day
        if self.raw_data is None:
            self.data = day

    @property
    def untouched(self) -> bool:
        """Whether nobody has typed anything: a worksheet may tell the day."""
        at_first = self.data is not None and self.data == self.object_data
        return self.empty or at_first or self._is_read

    @property
    def _is_read(self) -> bool:
        return self.data is not None and self.data.isoformat() == self.from_sheet

    def settle(self, day: date | None) -> None:
        """`day`: what the worksheets say that are there now. One that was filled in on a page has
        put its day here itself."""
        put_here = day is not None and day == self.data != self.typed
        if self._is_read and not put_here:
            self._set(self.object_data)
        told = day is not None and day != self.data and self.untouched
        if told:
            self._set(day)
        self.from_sheet = day.isoformat() if day and (told or put_here) else ""

    def _set(self, day: date | None) -> None:
        self.data, self.process_errors = day, []
        self.raw_data = [day.isoformat() if day else ""]
