"""Reactivate License: why it was inactive, and since when the person is back."""

from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from helpdesk.actor import Actor
from helpdesk.forms.base import RequestForm, note_field, note_read_back
from helpdesk.forms.inputs import Day, day_in_words
from helpdesk.models.license import License
from workflows.reactivate_license import LEAVE, REASONS, RETURNED
from workflows.training import Grid

IN_SHORT = {
    LEAVE: "Back from a leave",
    "no_log_in": "No log-in for a while",
    RETURNED: "Had left, and is back",
}


class Form(RequestForm):
    reason = RadioField(
        "Why was the license inactive?",
        choices=REASONS,
        validators=[InputRequired("Choose the reason.")],
    )
    returned_on = Day(
        "Back at work since",
        description="After a leave of absence: the day of return.",
        validators=[Optional()],
        render_kw={"data-only": f"reason={LEAVE}"},
    )
    note = note_field()

    def answers(self, actor: Actor) -> dict[str, Any]:
        on_leave = self.reason.data == LEAVE
        day = self.returned_on.data if on_leave else None
        return {
            "reason": self.reason.data,
            "returned_on": day.isoformat() if day else None,
            "note": (self.note.data or "").strip(),
        }

    @classmethod
    def suggested(cls, row: License | None) -> dict[str, Any]:
        """Why the license is inactive, as far as it was reported."""
        if row is None:
            return {}
        if row.departed_on is not None:
            return {"reason": RETURNED}
        if row.on_leave_since is not None:
            return {"reason": LEAVE, "returned_on": row.leave_until}
        return {}

    @classmethod
    def filled_in(cls, fields: dict[str, Any]) -> dict[str, Any]:
        day = fields.get("returned_on")
        return {**fields, "returned_on": Day.read(day)}

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        return IN_SHORT.get(str(fields.get("reason")), "")

    @staticmethod
    def read_back(
        fields: dict[str, Any],
        grid: Grid,
    ) -> list[tuple[str, str | None]]:
        told: list[tuple[str, str | None]] = []
        if fields.get("reason"):
            reason = str(fields["reason"])
            told.append(("Reason", REASONS.get(reason, reason)))
        if fields.get("returned_on"):
            told.append(("Back since", day_in_words(fields["returned_on"])))
        return [*told, *note_read_back(fields)]
