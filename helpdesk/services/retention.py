"""How long documents are kept after their request has ended, by their kind. Afterwards the file
goes, and with it what was read of it; name, kind and checksum stay, and the ticket tells of it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, now, settings
from helpdesk.models.document import Document
from helpdesk.models.event import Event
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.held_documents import empty
from helpdesk.transaction import release, transaction
from workflows.common import DELETED, EVERYWHERE
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    CODE_OF_ETHICS,
    NEW_USER_WORKSHEET,
    OTHER,
    RECERTIFICATION_WORKSHEET,
    USER_AGREEMENT,
)
from workflows.registry import ticket_types

CHUNK = 100

KINDS = {
    "KEEP_WORKSHEETS_DAYS": (NEW_USER_WORKSHEET, RECERTIFICATION_WORKSHEET),
    "KEEP_AGREEMENTS_DAYS": (USER_AGREEMENT, CODE_OF_ETHICS, AGREEMENT_AND_ETHICS),
    "KEEP_OTHERS_DAYS": (OTHER,),
}
"""The kinds of documents by the setting that says for how many days; 0 for good."""


def forget_old() -> int:
    """Says how many documents went."""
    forgotten = 0
    for setting, kinds in KINDS.items():
        days = getattr(settings(), setting)
        while days and (ids := _old(kinds, days)):
            with transaction() as session:
                forgotten += _forget(session, ids, days)
    return forgotten


def _old(kinds: tuple[str, ...], days: int) -> list[int]:
    """Of a type or state that this version does not know, nothing is forgotten: staff see to it."""
    before = now() - timedelta(days=days)
    ended = (
        select(func.max(Event.at))
        .where(Event.ticket_id == Ticket.id, Event.from_state != Event.to_state)
        .scalar_subquery()
    )
    query = (
        select(Document.id)
        .join(Ticket, Ticket.id == Document.ticket_id)
        .where(Document.kind.in_(kinds), Document.deleted_at.is_(None))
        .where(Document.created_at < before)  # quickly told, and true of all that are meant
        .where(Ticket.open.is_(False), Ticket.type.in_(ticket_types()), ended < before)
        .where(Ticket.state.in_(EVERYWHERE))
        .order_by(Document.ticket_id, Document.id)
        .limit(CHUNK)
    )
    found = list(db.session.scalars(query))
    release()
    return found


def _forget(session: Session, ids: list[int], days: int) -> int:
    count = 0
    for ticket_id, rows in _by_ticket(session, ids):
        for row in rows:
            empty(session, row, days)
        names = ", ".join(f"“{row.name}”" for row in rows)
        message = f"{names}: kept for {days} days after the request ended."
        tickets.act(ticket_id, DELETED, THE_DESK, {"message": message})
        count += len(rows)
    return count


def _by_ticket(session: Session, ids: list[int]) -> Iterator[tuple[int, list[Document]]]:
    """Locked; what somebody else has seen to meanwhile is left out."""
    query = select(Document).where(Document.id.in_(ids), Document.deleted_at.is_(None))
    query = query.order_by(Document.ticket_id, Document.id).with_for_update()
    for ticket_id, rows in groupby(session.scalars(query).all(), lambda row: row.ticket_id):
        if ticket_id is not None:
            yield ticket_id, list(rows)
