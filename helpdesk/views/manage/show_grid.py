"""A training grid in words, and what there was before it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from helpdesk.extensions import settings
from helpdesk.services.grids import Edition, Editions
from helpdesk.views.show import pieces
from workflows.grid_changes import changes, levels_in_words, mark_in_words
from workflows.training import STANDARD, Course, Grid, Levels


@dataclass(frozen=True)
class CourseShown:
    label: str
    new_user: str
    yearly: str
    pass_mark: str
    months: str


def courses_shown(grid: Grid) -> list[CourseShown]:
    return [_course(course) for course in grid.courses]


def _course(course: Course) -> CourseShown:
    months = course.counts_for(settings().COURSE_MONTHS)
    return CourseShown(
        course.label,
        _who(course.new_user),
        _who(course.yearly),
        mark_in_words(course),
        "1 month" if months == 1 else f"{months} months",
    )


def _who(levels: Levels) -> str:
    return "Everybody" if levels is None else levels_in_words(levels)


def editions_shown(editions: Editions, today: date) -> list[dict[str, Any]]:
    """The last to come into force first."""
    before = [STANDARD, *(each.grid for each in editions.editions)]
    shown = [_edition(each, old, editions, today)
             for each, old in zip(editions.editions, before, strict=False)]  # fmt: skip
    return shown[::-1]


def _edition(
    edition: Edition, before: Grid, editions: Editions, today: date
) -> dict[str, Any]:
    state = _state(edition, editions, today)
    return {
        "from": pieces.day(edition.effective_on),
        "state": state,
        "url": url_for("manage.grid_edition", edition_id=edition.id),
        "edit_url": url_for("manage.grid_edit", edition=edition.id) if state == PLANNED else None,
        "by": edition.actor_name,
        "when": pieces.when(edition.at),
        "reason": edition.reason,
        "changes": changes(before, edition.grid),
    }


PLANNED, IN_FORCE, EARLIER, REPLACED = "Planned", "In force", "Earlier", "Replaced"


def _state(edition: Edition, editions: Editions, today: date) -> str:
    if editions.edition_on(edition.effective_on) != edition:
        return REPLACED
    if edition.effective_on > today:
        return PLANNED
    return IN_FORCE if editions.edition_on(today) == edition else EARLIER
