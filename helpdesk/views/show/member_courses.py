"""The courses that somebody completed: where each is known from, and until when it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import settings
from helpdesk.models.completion import Completion, Source, completions_of
from helpdesk.models.completion_change import CompletionChange
from helpdesk.models.license import License
from helpdesk.services import courses, grids
from helpdesk.services.facts import today
from helpdesk.services.grids import Editions
from helpdesk.views.show import pieces
from helpdesk.views.show.corrections import Dated
from helpdesk.views.show.event_lines import EventShown
from workflows.dates import in_words, months_after
from workflows.license import ACTIVE, EXPIRED

SOURCES = {
    Source.IMPORT: "Learning Center",
    Source.WORKSHEET: "Worksheet",
    Source.HAND: "By hand",
}
RENEWED = (ACTIVE, EXPIRED)
"""Who is about to recertify wants to know what is missing."""


@dataclass(frozen=True)
class CourseLine:
    """`counts`: until when, or why not. `undo_url` None: not for the one who looks."""

    label: str
    on: pieces.When
    score: str
    source: str
    counts: str
    passed: bool
    undo_url: str | None


def member_courses(
    session: Session, row: License, me: Actor, changes: Iterable[CompletionChange]
) -> dict[str, Any]:
    person_id = row.person_id
    needed = courses.missing(session, [person_id], today()) if row.state in RENEWED else {}
    shown = _Shown(grids.editions(session), _entered(changes), me)
    own = person_id == me.person_id
    return {
        "lines": [shown.line(each) for each in completions_of(session, [person_id])],
        "missing": needed.get(person_id, []),
        "enter_url": url_for("people.course_enter", person_id=person_id)
        if me.staff and not own else None,
    }  # fmt: skip


def _entered(changes: Iterable[CompletionChange]) -> dict[tuple[str, date], str]:
    """Who entered it last."""
    return {(each.course, each.completed_on): each.actor_name for each in changes if each.entered}


@dataclass(frozen=True)
class _Shown:
    editions: Editions
    entered: dict[tuple[str, date], str]
    me: Actor

    def line(self, each: Completion) -> CourseLine:
        passed = self.editions.is_passed(each)
        return CourseLine(
            label=self.editions.labels.get(each.course, each.course),
            on=pieces.day(each.completed_on),
            score=f"{each.score} %" if each.score is not None else "–",
            source=self._source(each),
            counts=self._until(each) if passed else "Not passed",
            passed=passed,
            undo_url=self._undo_url(each),
        )

    def _source(self, each: Completion) -> str:
        who = self.entered.get((each.course, each.completed_on))
        by_hand = each.source is Source.HAND and who is not None
        return f"{SOURCES[each.source]}, {who}" if by_hand else SOURCES[each.source]

    def _until(self, each: Completion) -> str:
        course = self.editions.on(today()).named(each.course)
        if course is None:
            return "Not asked for any more"
        until = months_after(each.completed_on, course.counts_for(settings().COURSE_MONTHS))
        return f"Until {in_words(until)}" if until >= today() else f"Ran out {in_words(until)}"

    def _undo_url(self, each: Completion) -> str | None:
        if not self.me.staff or each.person_id == self.me.person_id:
            return None
        where = "people.course_take_back"
        return url_for(where, person_id=each.person_id, completion_id=each.id)


def completion_in_words(session: Session, each: Completion | CompletionChange) -> str:
    """Basic Privacy & Security, completed Nov 2, 2026 with 95 %."""
    label = grids.editions(session).labels.get(each.course, each.course)
    score = f" with {each.score} %" if each.score is not None else ""
    return f"{label}, completed {in_words(each.completed_on)}{score}"


def told_courses(session: Session, changes: Iterable[CompletionChange]) -> list[Dated]:
    """What was entered and taken back, as the history tells it."""
    return [(each.at, _event(session, each)) for each in changes]


def _event(session: Session, each: CompletionChange) -> EventShown:
    done = "entered" if each.entered else "took back"
    return EventShown(
        who=each.actor_name,
        what=f"{done} {completion_in_words(session, each)}",
        text=each.reason,
        when=pieces.when(each.at),
        kind="message" if each.reason else "step",
        state=None,
    )
