"""Whom a change of the training grid touches: licenses that need more courses by it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.models.license import License
from workflows.license import HELD
from workflows.training import ACCESS_LEVELS, Grid, Purpose


@dataclass(frozen=True)
class More:
    """So many licenses of an access level need these courses besides, each year."""

    level: str
    licenses: int
    courses: tuple[str, ...]


def needing_more(session: Session, before: Grid, after: Grid) -> list[More]:
    """The levels with most licenses first."""
    held = select(License.access_level, func.count()).where(License.state.in_(HELD))
    found = [
        More(ACCESS_LEVELS.get(level or "", "No access level"), licenses, courses)
        for level, licenses in session.execute(held.group_by(License.access_level))
        if (courses := _besides(level, before, after))
    ]
    return sorted(found, key=lambda more: (-more.licenses, more.level))


def _besides(level: str | None, before: Grid, after: Grid) -> tuple[str, ...]:
    old = {course.name for course in before.required(level, Purpose.YEARLY)}
    new = after.required(level, Purpose.YEARLY)
    return tuple(course.label for course in new if course.name not in old)
