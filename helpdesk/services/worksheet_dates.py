"""Dates that a request takes over from its worksheet, with whoever read them there."""

from collections.abc import Iterable, Iterator
from datetime import date
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
    readers = _readers(session, found)
    days: dict[str, tuple[date, set[int]]] = {}
    for name, judged, check in found:
        if check.day:
            _day, before = days.get(name, (check.day, set()))
            days[name] = check.day, before | readers.get((judged.document_id, check.blank), set())
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


def _readers(
    session: Session, found: Iterable[tuple[str, Judged, Check]]
) -> dict[tuple[int, str | None], set[int]]:
    """Who at HAND has put these blanks right: by the document and the blank."""
    documents = {judged.document_id for _name, judged, _check in found}
    query = select(ReadingCorrection).where(
        ReadingCorrection.document_id.in_(documents), ReadingCorrection.actor_id.is_not(None)
    )
    who: dict[tuple[int, str | None], set[int]] = {}
    for each in session.scalars(query):
        who.setdefault((each.document_id, each.blank), set()).add(each.actor_id or 0)
    return who
