"""Looks up what the guards of a rule want to know, besides what every guard does."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session

from helpdesk.actor import Channel
from helpdesk.extensions import settings
from helpdesk.models.correction import moves_since
from helpdesk.models.role import Grant, counts
from helpdesk.models.second_factor import SecondFactor
from helpdesk.models.straight import Outcome, StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services.letters import Parties
from helpdesk.services.straight import rules
from helpdesk.services.straight.measure import measured
from workflows.registry import ticket_type
from workflows.straight_facts import Oddity, StraightFacts

PURPOSE = b"straight-through sample "
FULL = 2**64


def straight_facts(
    session: Session, ticket: Ticket, people: Parties, lately: datetime
) -> StraightFacts:
    """`lately`: what has happened since counts as of late."""
    now = rules.standing(session, ticket.type)
    measure = measured(session, ticket.type, now.terms.latest)
    found = _oddities(session, ticket, people, lately)
    enough = measure.judged >= now.terms.least
    return StraightFacts(
        version=now.version,
        on=now.terms.active,
        trusted=enough and not measure.over(now.terms.fault_limit),
        drawn=drawn(ticket.number, now.terms.share),
        by_link=ticket.channel == Channel.LINK,
        moved=bool(moves_since(people.corrections, lately)),
        oddities=frozenset(oddity for oddity, there in found.items() if there),
    )


def drawn(number: str, share: int) -> bool:
    """Whether a ticket is a sample: the same each time it is asked, and to be foretold by nobody
    who lacks the server's key."""
    digest = hmac.digest(settings().SECRET_KEY.encode(), PURPOSE + number.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) * 100 < share * FULL


def _oddities(
    session: Session, ticket: Ticket, people: Parties, lately: datetime
) -> dict[Oddity, bool]:
    row = people.license
    role, two_steps, again = session.execute(
        select(
            exists().where(Grant.person_id == ticket.person_id, counts()),
            exists().where(SecondFactor.person_id == ticket.person_id),
            _passed(ticket, lately),
        )
    ).one()
    return {
        Oddity.ON_BEHALF: ticket.entered_by_id is not None,
        Oddity.GOING: row is not None and bool(row.departs_on or row.leave_from or row.moves_on),
        Oddity.ROLE: role,
        Oddity.TWO_STEPS: two_steps,
        Oddity.AGAIN: again,
        Oddity.DOCUMENTS: _to_be_seen(ticket, people),
    }


def _to_be_seen(ticket: Ticket, people: Parties) -> bool:
    """Whether there is more than the type's papers, or one of them that nobody may open yet, or
    that tells too much."""
    kinds = sorted(each.kind for each in people.documents)
    withheld = any(each.held or each.gone or each.looks_private for each in people.documents)
    return withheld or kinds != sorted(ticket_type(ticket.type).papers)


def _passed(ticket: Ticket, lately: datetime) -> Exists:
    """Whether the rule has approved another of the same kind for the same person of late."""
    others = select(StraightCase.ticket_id).join(Ticket, Ticket.id == StraightCase.ticket_id)
    return others.where(
        Ticket.person_id == ticket.person_id,
        StraightCase.type == ticket.type,
        StraightCase.outcome == Outcome.APPROVED,
        StraightCase.at >= lately,
    ).exists()
