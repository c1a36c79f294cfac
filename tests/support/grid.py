"""The training grid's table of inputs, filled in as a browser sends it."""

from collections.abc import Sequence
from typing import Any

from helpdesk.extensions import db
from helpdesk.forms.manage_grid import filled_in
from helpdesk.services.facts import today
from helpdesk.services.grids import editions
from workflows.training import STANDARD, Course


def table_of(courses: Sequence[Course] = STANDARD.courses, **typed: Any) -> dict[str, Any]:
    """A row for each course; `typed` over it: `label_6="Ethics"` fills in the last, which is for
    a new one. Wants an app context."""
    sent = {name: value for name, value in filled_in(courses).items() if value is not None}
    last = {f"label_{len(courses)}": "", "reason": "The board decided so."}
    more = {"seen": editions(db.session()).newest or "", "effective_on": today().isoformat()}
    return {**sent, **last, **more, "go": "check", **typed}
