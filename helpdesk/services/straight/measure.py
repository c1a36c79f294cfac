"""What people made of the samples: the measure of a rule.

Nothing of it is kept: it is read from the history of the tickets, so it can't differ from it. A
request counts by the first that a person decides of it, whatever becomes of it later.
"""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from helpdesk.models.document import Document
from helpdesk.models.event import Event
from helpdesk.models.reading import ReadingCorrection
from helpdesk.models.straight import Outcome, StraightCase
from workflows.straight import AGREES, JUDGES
from workflows.straight_facts import Measure

FIRST = (
    select(func.min(Event.version))
    .where(Event.ticket_id == StraightCase.ticket_id, Event.trigger.in_(JUDGES))
    .correlate(StraightCase)
    .scalar_subquery()
)


CORRECTED = (
    exists()
    .where(Document.ticket_id == StraightCase.ticket_id,
           ReadingCorrection.document_id == Document.id)
    .correlate(StraightCase)
)  # fmt: skip
"""What a program read otherwise than a person, the rule would have judged wrongly."""


def measured(session: Session, type_name: str, latest: int) -> Measure:
    """Over the latest samples of a type that people have judged."""
    query = (
        select(Event.trigger, CORRECTED)
        .join(StraightCase, StraightCase.ticket_id == Event.ticket_id)
        .where(StraightCase.type == type_name, StraightCase.outcome == Outcome.SAMPLED,
               Event.version == FIRST)
        .order_by(StraightCase.ticket_id.desc())
        .limit(latest)
    )  # fmt: skip
    verdicts = session.execute(query).all()
    faulted = sum(verdict != AGREES or corrected for verdict, corrected in verdicts)
    return Measure(len(verdicts), faulted)


def counts(session: Session, type_name: str) -> dict[Outcome, int]:
    """How many requests of a type came to which end."""
    query = (
        select(StraightCase.outcome, func.count())
        .where(StraightCase.type == type_name)
        .group_by(StraightCase.outcome)
    )
    found = dict(session.execute(query).all())
    return {outcome: found.get(outcome, 0) for outcome in Outcome}
