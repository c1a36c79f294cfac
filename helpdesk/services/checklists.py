"""Account actions that staff carry out by hand: confirmed step by step, by whoever is there.

The last step, or the word that it can't be done, settles the effect and moves license and ticket
in the same commit, as the worker does for other directories.
"""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.checklist import Checklist, Outcome
from helpdesk.models.effect import Effect, Status, is_handed_over
from helpdesk.models.event import Event
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.claim import Claimed, take_back
from helpdesk.services import provisioning
from helpdesk.services.wanted import recall_unwanted
from helpdesk.transaction import transaction
from workflows.engine import Refused


class Overtaken(Exception):
    """A colleague has confirmed this step, or has ended the checklist. Nothing has changed."""


class NotYours(Exception):
    """It is about the account of the very person who wants to carry it out."""


@dataclass(frozen=True)
class Task:
    """A checklist with whom and what it is about. `ticket` None: it follows from a step of the
    license itself, named `trigger`. `open`: it waits for somebody's hands."""

    checklist: Checklist
    person: Person
    ticket: Ticket | None
    trigger: str | None
    open: bool

    def is_about(self, actor: Actor) -> bool:
        return self.person.id == actor.person_id


Rows = Select[Checklist, Person, Ticket, str | None, Status]
"""The ticket and the name of the step may be None."""


def _tasks() -> Rows:
    return (
        select(Checklist, Person, Ticket, Event.trigger, Effect.status)
        .join(Effect, Effect.key == Checklist.key)
        .join(Person, Person.id == Effect.person_id)
        .outerjoin(Ticket, Ticket.id == Effect.ticket_id)
        .outerjoin(Event, Event.id == Effect.event_id)
    )


def _read(session: Session, query: Rows) -> list[Task]:
    return [
        Task(row, person, ticket, trigger, open=status is Status.HANDED_OVER)
        for row, person, ticket, trigger, status in session.execute(query)
    ]


def open_tasks(session: Session, limit: int, after: int = 0) -> list[Task]:
    """Those to carry out, the longest waiting first. `after`: the last checklist's id before."""
    waiting = _tasks().where(is_handed_over(), Checklist.id > after)
    return _read(session, waiting.order_by(Checklist.id).limit(limit))


def count_open(session: Session) -> int:
    waiting = select(func.count()).select_from(Effect).where(is_handed_over())
    return session.scalar(waiting) or 0


def task(session: Session, checklist_id: int) -> Task | None:
    found = _read(session, _tasks().where(Checklist.id == checklist_id))
    return found[0] if found else None


def last_of(session: Session, ticket_id: int) -> Task | None:
    """The last checklist there was for a ticket, if any."""
    mine = _tasks().where(Effect.ticket_id == ticket_id).order_by(Checklist.id.desc())
    found = _read(session, mine.limit(1))
    return found[0] if found else None


def confirm(checklist_id: int, of_round: int, step: int, actor: Actor) -> None:
    """The actor has done this step (0 is the first). After the last one, the account is changed.

    To confirm again what oneself has confirmed is harmless. Raises `Overtaken` or `NotYours`.
    """
    _judge_anew(checklist_id)
    try:
        with transaction() as session:
            claimed = _tick(session, checklist_id, (of_round, step), actor)
            if claimed is not None:
                provisioning.succeeded(claimed, f"Carried out in {_hmis()} by {actor.name}.")
    except Refused as refused:
        with transaction() as session:
            claimed = _tick(session, checklist_id, (of_round, step), actor)
            assert claimed is not None, "nothing but the last step can be refused"
            provisioning.failed(claimed, f"The account was changed, but: {refused}")


def could_not(checklist_id: int, of_round: int, reason: str, actor: Actor) -> None:
    """It can't be done; staff see why on the ticket. Raises `Overtaken` or `NotYours`."""
    _judge_anew(checklist_id)
    with transaction() as session:
        row = _locked(session, checklist_id, actor)
        if row.outcome is not None or row.round != of_round:
            raise Overtaken
        _close(row, Outcome.FAILED, actor, reason)
        provisioning.failed(_taken_back(session, row), f"{actor.name} could not do it: {reason}")


def _judge_anew(checklist_id: int) -> None:
    """It may have waited for nothing ever since a step of the license that met it in use."""
    with transaction() as session:
        whose = select(Effect.person_id).join(Checklist, Checklist.key == Effect.key)
        person_id = session.scalars(whose.where(Checklist.id == checklist_id)).one()
        recall_unwanted(session, person_id)


def _tick(
    session: Session, checklist_id: int, place: tuple[int, int], actor: Actor
) -> Claimed | None:
    """Gives the effect once nothing is left to do. `place`: the round, and the step in it."""
    row, (of_round, step) = _locked(session, checklist_id, actor), place
    if row.round != of_round:
        raise Overtaken
    if step < len(row.confirmed) and row.confirmed[step]["by"] == actor.person_id:
        return None
    if step != len(row.confirmed) or row.outcome is not None:
        raise Overtaken
    mine = {"by": actor.person_id, "name": actor.name, "at": now().isoformat()}
    row.confirmed = [*row.confirmed, mine]
    if row.left:
        return None
    _close(row, Outcome.DONE, actor)
    return _taken_back(session, row)


def _locked(session: Session, checklist_id: int, actor: Actor) -> Checklist:
    query = select(Checklist).where(Checklist.id == checklist_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    owed = select(Effect.person_id, Effect.status).where(Effect.key == row.key)
    person_id, status = session.execute(owed).one()
    if person_id == actor.person_id:
        raise NotYours
    if row.outcome is None and status is not Status.HANDED_OVER:
        raise Overtaken
    return row


def _close(row: Checklist, outcome: Outcome, actor: Actor, reason: str | None = None) -> None:
    row.outcome, row.reason = outcome, reason
    row.closed_by_id, row.closed_at = actor.person_id, now()


def _taken_back(session: Session, row: Checklist) -> Claimed:
    claimed = take_back(session, row.key)
    assert claimed is not None, "an open checklist's effect is handed over"
    return claimed


def _hmis() -> str:
    return settings().HMIS_NAME
