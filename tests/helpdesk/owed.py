"""The outbox in tests: what is owed, read back; debts of one's own; a worker's moves."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.claim import Claimed, claim
from helpdesk.outbox.owe import Debt, owe
from helpdesk.transaction import transaction


def effects(ticket: Ticket | None = None, **columns: object) -> list[Effect]:
    """As they stand in the database now, oldest first."""
    query = select(Effect).filter_by(**columns).order_by(Effect.id)
    if ticket is not None:
        query = query.where(Effect.ticket_id == ticket.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def mails_of(ticket: Ticket, status: Status | None = Status.DUE) -> list[tuple[str, int]]:
    """Name and recipient of a ticket's mails."""
    found = (e for e in effects(ticket, kind=Kind.MAIL) if status in {None, e.status})
    return [(name_of(effect), effect.person_id) for effect in found]


def name_of(effect: Effect) -> str:
    return str(effect.payload["folders"][0]).rpartition("/")[2]


def actions_of(ticket: Ticket) -> list[tuple[str, Status]]:
    return [(e.payload["action"], e.status) for e in effects(ticket, kind=Kind.ACCOUNT)]


def action_of(ticket: Ticket) -> Effect:
    (effect,) = effects(ticket, kind=Kind.ACCOUNT)
    return effect


def debt(key: str, person_id: int, kind: Kind = Kind.MAIL, lane: str | None = None) -> Debt:
    """A debt of no ticket. Its mail renders; its action cannot be performed."""
    payload: dict[str, object] = {"action": "unlock"}
    if kind is Kind.MAIL:
        payload = {"folders": ["account/password_changed"], "link": None, "thread": None,
                   "says": {"recipient_name": "Ann Lee", "recipient": "licensee",
                            "when_words": "Monday, November 23, 3 pm"}}  # fmt: skip
    return Debt(key, kind, lane or f"lane:{key}", person_id, payload)


def owe_some(person_id: int, *keys: str, kind: Kind = Kind.MAIL, lane: str | None = None) -> None:
    with transaction() as session:
        for key in keys:
            owe(session, debt(key, person_id, kind, lane))
            session.flush()


def take(kind: Kind = Kind.MAIL, limit: int = 100) -> list[Claimed]:
    """Claims as a worker does, in a transaction of its own."""
    with transaction() as session:
        return claim(session, kind, limit)


def settled(how: Callable[..., None], *words: object) -> None:
    """`settle.done`, `settle.later` and so on, in a transaction of its own."""
    with transaction() as session:
        how(session, *words)


def keys(claimed: Iterable[Claimed]) -> list[str]:
    return [each.key for each in claimed]


def statuses() -> dict[str, Status]:
    return {effect.key: effect.status for effect in effects()}
