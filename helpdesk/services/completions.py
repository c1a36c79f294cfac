"""Completions that staff enter by hand, and wrong ones that they take back with a reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.completion import Completion, Source
from helpdesk.models.completion_change import CompletionChange
from helpdesk.models.person import Person
from helpdesk.transaction import hold, transaction
from workflows.engine import Reason, Refused


@dataclass(frozen=True)
class Done:
    """`course` by its name; `score` in percent, None where none is told."""

    course: str
    on: date
    score: int | None = None


class OnFile(Exception):
    """That course of that day is on file already."""

    def __init__(self, completion: Completion) -> None:
        self.score = completion.score
        super().__init__("it is on file already")


def barred(person_id: int, actor: Actor) -> str | None:
    """Nobody vouches for themselves."""
    own = person_id == actor.person_id
    return "These are your own courses. A colleague at HAND has to do it." if own else None


def enter(person_id: int, done: Done, actor: Actor) -> None:
    """Raises `Refused`, and `OnFile`."""
    _refuse_own(person_id, actor)
    with transaction() as session:
        hold(session, Person.id, person_id)
        known = _known(session, person_id, done)
        if known is not None:
            raise OnFile(known)
        row = Completion(
            person_id=person_id, course=done.course, completed_on=done.on, score=done.score,
            source=Source.HAND,
        )  # fmt: skip
        session.add_all([row, _change(row, actor)])


def take_back(person_id: int, completion_id: int, reason: str, actor: Actor) -> bool:
    """False where somebody has taken it back before. Raises `Refused`."""
    _refuse_own(person_id, actor)
    with transaction() as session:
        hold(session, Person.id, person_id)
        row = session.get(Completion, completion_id)
        if row is None or row.person_id != person_id:
            return False
        session.add(_change(row, actor, reason))
        session.delete(row)
        return True


def _refuse_own(person_id: int, actor: Actor) -> None:
    why = barred(person_id, actor)
    if why:
        raise Refused([Reason(why)])


def _known(session: Session, person_id: int, done: Done) -> Completion | None:
    query = select(Completion).where(
        Completion.person_id == person_id,
        Completion.course == done.course,
        Completion.completed_on == done.on,
    )
    return session.scalar(query)


def _change(row: Completion, actor: Actor, reason: str | None = None) -> CompletionChange:
    """`reason` None: it is entered."""
    return CompletionChange(
        person_id=row.person_id, course=row.course, completed_on=row.completed_on,
        score=row.score, source=row.source, entered=reason is None, reason=reason,
        actor_id=actor.person_id, actor_name=actor.name, at=now(),
    )  # fmt: skip
