"""What staff can do about an effect that failed for good: try again, or give it up."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.effect import Effect, Kind, Status, is_dead
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.wanted import unwanted
from helpdesk.transaction import OWED, transaction


class NotDead(Exception):
    """The effect is not waiting for anybody: a colleague was faster, or it has gone out."""


Failure = tuple[Effect, Person, Ticket | None]


def failures(session: Session, limit: int, before: int | None = None) -> list[Failure]:
    """Dead effects with whom they are for and their ticket, newest first."""
    query = (
        select(Effect, Person, Ticket)
        .join(Person, Person.id == Effect.person_id)
        .outerjoin(Ticket, Ticket.id == Effect.ticket_id)
        .where(is_dead())
        .order_by(Effect.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Effect.id < before)
    return [(effect, person, ticket) for effect, person, ticket in session.execute(query)]


def failure(session: Session, effect_id: int) -> Failure | None:
    found = failures(session, 1, before=effect_id + 1)
    return found[0] if found and found[0][0].id == effect_id else None


def retry(effect_id: int) -> str | None:
    """Due again now, with a fresh allowance of attempts and the same key. Raises `NotDead`.

    Gives the reason if it is not wanted any more: then it is settled as recalled.
    """
    with transaction() as session:
        effect = _dead(session, effect_id)
        why_not = _unwanted(session, effect)
        if why_not is not None:
            effect.status, effect.settled_at = Status.RECALLED, now()
            effect.closed_reason = why_not
            return why_not
        effect.status, effect.due_at, effect.settled_at = Status.DUE, now(), None
        effect.allowed_attempts = effect.attempts + settings().EFFECT_ATTEMPTS
        session.info[OWED].add(effect.kind)
        return None


def _unwanted(session: Session, effect: Effect) -> str | None:
    """What a ticket asked for, its own steps judge."""
    if effect.kind is not Kind.ACCOUNT or effect.ticket_id is not None:
        return None
    return unwanted(session, effect.person_id, effect.payload["action"])


def give_up(effect_id: int, actor: Actor, reason: str) -> None:
    """It will not be done, and the history says who decided that and why. Raises `NotDead`."""
    with transaction() as session:
        effect = _dead(session, effect_id)
        effect.status, effect.settled_at = Status.GIVEN_UP, now()
        effect.closed_by_id, effect.closed_reason = actor.person_id, reason


def _dead(session: Session, effect_id: int) -> Effect:
    query = select(Effect).where(Effect.id == effect_id, Effect.status == Status.DEAD)
    effect = session.scalar(query.with_for_update())
    if effect is None:
        raise NotDead
    return effect
