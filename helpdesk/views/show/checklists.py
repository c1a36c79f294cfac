"""A checklist as staff see it: what is done and by whom, what comes now, what comes then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from helpdesk.actor import Actor
from helpdesk.extensions import settings
from helpdesk.models.checklist import Checklist, Outcome
from helpdesk.services.checklists import Task
from helpdesk.views.show import pieces
from helpdesk.views.show.fates import ACTION_NAMES


@dataclass(frozen=True)
class StepShown:
    """`state` is done, now or then. `who` and `when`: of those that are done."""

    number: int
    says: str
    copy: list[tuple[str, str]]
    state: str
    who: str | None = None
    when: pieces.When | None = None


def title(task: Task) -> str:
    name = ACTION_NAMES.get(task.checklist.action, f"{task.checklist.action}: {{}}")
    return name.format(task.person.name)


def line(task: Task, me: Actor) -> dict[str, Any]:
    """In the list of what is to be carried out."""
    row = task.checklist
    return {
        "title": title(task),
        "url": url_for("checklists.show", checklist_id=row.id),
        "cause": came_from(task),
        "progress": progress(row),
        "last": row.confirmed[-1]["name"] if row.confirmed else None,
        "since": pieces.when(row.created_at),
        "time": pieces.time_left(task.ticket) if task.ticket else None,
        "mine": task.is_about(me),
    }


def progress(row: Checklist) -> str:
    """2 of 4 steps done."""
    return f"{len(row.confirmed)} of {len(row.steps)} steps done"


def page(task: Task, me: Actor) -> dict[str, Any]:
    row = task.checklist
    return {
        "title": title(task),
        "open": task.open,
        "mine": task.is_about(me),
        "hmis": settings().HMIS_NAME,
        "person": task.person.name,
        "cause": came_from(task),
        "time": pieces.time_left(task.ticket) if task.ticket else None,
        "progress": progress(row),
        "steps": _steps(task),
        "round": row.round,
        "confirm_url": url_for("checklists.confirm", checklist_id=row.id),
        "could_not_url": url_for("checklists.could_not", checklist_id=row.id),
        "url": url_for("checklists.show", checklist_id=row.id),
        "ended": _ended(row),
        "failed_before": row.reason if row.outcome is None else None,
    }


CAUSES = {
    "depart": "Reported departure",
    "take_leave": "Reported leave of absence",
    "correct": "Correction of what is on file",
    "confirm_deletion": "Confirmed deletion",
    "suspend": "Suspension",
    "lift": "Lifted suspension",
}


def came_from(task: Task) -> dict[str, Any]:
    """What it follows from: a request, or what became of the license."""
    ticket = task.ticket
    if ticket is None:
        label = CAUSES.get(task.trigger or task.checklist.action, "The license")
        url = url_for("people.show", person_id=task.person.id)
        return {"label": label, "url": url, "number": None}
    url = url_for("tickets.show", ticket_id=ticket.id)
    label = f"{ticket.number} {pieces.type_label(ticket)}"
    return {"label": label, "url": url, "number": ticket.number}


def _steps(task: Task) -> list[StepShown]:
    row, done = task.checklist, len(task.checklist.confirmed)
    shown = []
    for place, step in enumerate(row.steps):
        state = "done" if place < done else "now" if place == done and task.open else "then"
        by = row.confirmed[place] if place < done else None
        copy = [(label, value) for label, value in step["copy"]]
        shown.append(StepShown(place + 1, step["says"], copy, state, **(_by(by) if by else {})))
    return shown


def _by(confirmed: dict[str, Any]) -> dict[str, Any]:
    when = pieces.when(datetime.fromisoformat(confirmed["at"]))
    return {"who": confirmed["name"], "when": when}


def _ended(row: Checklist) -> str | None:
    """How it ended, in a sentence; None while it has not."""
    if row.outcome is None or row.closed_at is None:
        return None
    moment = pieces.when(row.closed_at).words
    if row.outcome is Outcome.DONE:
        return f"All of it is done, since {moment}."
    return f"It could not be done ({moment}): {row.reason}"
