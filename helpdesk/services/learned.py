"""Courses on the worksheet of a completed request: those that passed are kept on file."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.completion import Completion, Source
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
