"""Courses on the worksheet of a completed request: those that passed are kept on file."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.extensions import now, settings
from helpdesk.models.completion import Completion, Source
from helpdesk.models.document import Document
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import people_of, ticket_facts
from workflows.common import COMPLETED
from workflows.facts import TicketFacts


def keep(session: Session, facts: TicketFacts) -> None:
    """In the transaction that completes the request. What is on file already for that day stays as
    it is, whoever told it."""
    rows = [
        {"person_id": facts.person_id, "course": course, "completed_on": day,
         "score": None if score is None else round(score), "source": Source.WORKSHEET,
         "created_at": now()}
        for worksheet in facts.worksheets
        for course, (day, score) in worksheet.learned.items()
    ]  # fmt: skip
    if rows:
        insert = postgresql.insert if settings().on_postgresql else sqlite.insert
        session.execute(insert(Completion).values(rows).on_conflict_do_nothing())


def keep_late(session: Session, sha256: str) -> None:
    """Of requests that were completed before a program could read this worksheet: it is judged as
    of today. One that does not pass leaves it at what was typed in the request."""
    has_it = select(Document.ticket_id).where(Document.sha256 == sha256)
    query = select(Ticket).where(Ticket.id.in_(has_it), Ticket.state == COMPLETED)
    for ticket in session.scalars(query.order_by(Ticket.id)):
        people = people_of(session, ticket)
        keep(session, ticket_facts(session, ticket, people, THE_DESK))
