"""Dates that a request takes over from its worksheet, with whoever read them there."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.reading import ReadingCorrection
from workflows.checking import Check, Judged
from workflows.facts import TicketFacts
from workflows.taken_dates import with_dates
from workflows.training import completed


def taken(session: Session, facts: TicketFacts, chosen: str | None) -> dict[str, Any]:
    """What the history keeps: which date was what before, and the answers that change. `chosen`:
    one course alone."""
    found = list(_found(facts, chosen))
    told = completed(facts.fields)
    days = {name: (check.day, _readers(session, judged, check))
            for name, judged, check in found if check.day}  # fmt: skip
    dates = [
        {"course": course.label if (course := facts.grid.named(name)) else name,
         "from": told[name].isoformat(), "to": day.isoformat()}
        for name, (day, _who) in days.items()
    ]  # fmt: skip
    return {"dates": dates, "fields": with_dates(facts.fields, days)}


def _found(facts: TicketFacts, chosen: str | None) -> Iterator[tuple[str, Judged, Check]]:
    for judged in facts.worksheets:
        for name, check in judged.contradicted.items():
            if chosen in {None, name}:
                yield name, judged, check


def _readers(session: Session, judged: Judged, check: Check) -> set[int]:
    """Who at HAND has put this blank right."""
    query = select(ReadingCorrection.actor_id).where(
        ReadingCorrection.document_id == judged.document_id, ReadingCorrection.blank == check.blank
    )
    return {who for who in session.scalars(query) if who is not None}
