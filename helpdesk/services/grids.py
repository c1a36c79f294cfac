"""The training grid of a day, from the editions that managers have saved.

Each process keeps the editions it has read, and reads them again when there is a newer one. Which
is the newest, a page learns from the query that asks who is signed in, so it costs no statement of
its own; whoever comes without a page asks for it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.completion import Completion
from helpdesk.models.training_grid import NEWEST, TrainingGrid, all_grids
from helpdesk.services import trace
from helpdesk.services.gateway import Stale
from helpdesk.transaction import hold_value, transaction
from workflows.training import STANDARD, Course, Grid
from workflows.written import plain

SEEN = "newest training grid"
KEPT = "training grids"
HELD = "the training grid"


@dataclass(frozen=True)
class Edition:
    """A grid, the day from which it counts, and who made it, when and why."""

    id: int
    effective_on: date
    grid: Grid
    actor_name: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Editions:
    """As they come into force. Before the first of them the standard grid counts."""

    editions: tuple[Edition, ...] = ()

    @property
    def newest(self) -> int | None:
        """The one that was saved last."""
        return max((edition.id for edition in self.editions), default=None)

    def edition_on(self, day: date) -> Edition | None:
        found = [edition for edition in self.editions if edition.effective_on <= day]
        return found[-1] if found else None

    def on(self, day: date) -> Grid:
        edition = self.edition_on(day)
        return edition.grid if edition else STANDARD

    @property
    def labels(self) -> dict[str, str]:
        """What each course that there ever was is called now, by its name."""
        grids = (STANDARD, *(edition.grid for edition in self.editions))
        return {course.name: course.label for grid in grids for course in grid.courses}

    @property
    def every_label(self) -> list[tuple[str, str]]:
        """Each label that a course ever had, with its name."""
        grids = (STANDARD, *(edition.grid for edition in self.editions))
        found = ((course.label, course.name) for grid in grids for course in grid.courses)
        return list(dict.fromkeys(found))

    @cached_property
    def called(self) -> dict[str, str]:
        """The name of a course by every label it ever had, made plain; the newest counts first."""
        return {plain(label): name for label, name in self.every_label}

    def is_passed(self, each: Completion) -> bool:
        """By the mark of the day on which it was taken."""
        course = self.on(each.completed_on).named(each.course)
        return course is None or course.is_passed_with(each.score)


def note_newest(session: Session, newest: int | None) -> None:
    """What the page's own query has told."""
    session.info[SEEN] = newest


def editions(session: Session) -> Editions:
    newest = session.info[SEEN] if SEEN in session.info else session.scalar(NEWEST)
    kept = cast(Editions | None, current_app.extensions.get(KEPT))
    if kept is None or kept.newest != newest:
        kept = Editions(tuple(_edition(row) for row in all_grids(session)))
        current_app.extensions[KEPT] = kept
    return kept


def in_force(session: Session, day: date) -> Grid:
    return editions(session).on(day)


def _edition(row: TrainingGrid) -> Edition:
    courses = tuple(Course.from_json(each) for each in row.courses)
    return Edition(row.id, row.effective_on, Grid(courses), row.actor_name, row.reason, row.at)


@dataclass(frozen=True)
class Plan:
    """A grid that a manager wants from a day on. `seen`: the newest edition they knew of."""

    effective_on: date
    courses: tuple[Course, ...]
    reason: str
    seen: int | None


def save(plan: Plan, actor: Actor) -> int:
    """The id of the new edition. Raises `Stale` if somebody has saved another meanwhile."""
    with transaction() as session:
        hold_value(session, HELD)
        newest = session.scalar(NEWEST)
        if newest != plan.seen:
            raise Stale(newest or 0, plan.seen or 0)
        row = TrainingGrid(
            effective_on=plan.effective_on, courses=[each.as_json() for each in plan.courses],
            reason=plan.reason, actor_id=actor.person_id, actor_name=actor.name, at=now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
    session.info.pop(SEEN, None)
    trace.changed(actor, "training grid", plan.seen, row.id)
    return row.id
