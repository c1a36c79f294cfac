"""Decides on each request that has just been filed, once: by the rule, or left to people.

It is done by the worker, right after the commit of the filing. Nothing is queued: a request that
nobody has looked at and that has no case yet is due, so none can be lost. Where a rule is off, the
request is a sample all the same: so it is known how the rule would fare before it is switched on.
"""

import logging
from collections.abc import Callable

from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.straight import Outcome, StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.straight import rules
from helpdesk.transaction import release, transaction
from workflows.common import SUBMITTED
from workflows.engine import Refused
from workflows.registry import ticket_type
from workflows.straight import BY_RULE, RULE, WATCHED, address_stands

log = logging.getLogger(__name__)

CHUNK = 100
FILED = 1
"""The version of a ticket to which nothing has happened but its filing."""

UNEXPECTED = "Something unexpected went wrong; the log has the details."


def due() -> Select[int]:
    names = [kind.name for kind in rules.straight_types()]
    return (
        select(Ticket.id)
        .where(Ticket.open, Ticket.state == SUBMITTED, Ticket.type.in_(names),
               Ticket.version == FILED, ~exists().where(StraightCase.ticket_id == Ticket.id))
        .order_by(Ticket.id)
    )  # fmt: skip


def anything_due(session: Session) -> bool:
    return session.scalar(due().limit(1)) is not None


def run(stop: Callable[[], bool] = lambda: False) -> int:
    """Has its look at each that is due, or until `stop` says so; tells how many there were."""
    taken = last = 0
    while not stop() and (ids := _following(last)):
        release()
        for ticket_id in ids:
            _surely(ticket_id)
        last = ids[-1]
        taken += len(ids)
    return taken


def _following(ticket_id: int) -> list[int]:
    return list(db.session.scalars(due().where(Ticket.id > ticket_id).limit(CHUNK)))


def _surely(ticket_id: int) -> None:
    """Whatever is odd about a request, people see to it, and the next one has its turn."""
    try:
        decide(ticket_id)
    except OperationalError:
        raise  # the database is away: the next look finds what is due
    except Exception:
        log.exception("the rule left ticket %s to people", ticket_id)
        with transaction() as session:
            _keep(session, session.get_one(Ticket, ticket_id), Outcome.PERSON, [UNEXPECTED])


def decide(ticket_id: int) -> Outcome | None:
    """None where it is not the rule's turn: somebody was faster, or it has decided before."""
    with transaction() as session:
        ticket = _still_due(session, ticket_id)
        if ticket is None:
            return None
        rules.hold(session, ticket.type)
        rules.stop_if_faulty(session, ticket.type)
        version, reasons = rules.standing(session, ticket.type).version, _reasons(ticket.type)
        told = {"rule": version, "because": _because(ticket.type), "reasons": reasons}
        try:
            tickets.act(ticket_id, BY_RULE, THE_DESK, told, version=FILED)
        except Refused as refused:
            return _leave(session, ticket, refused)
        return _keep(session, ticket, Outcome.APPROVED, reasons)


def _still_due(session: Session, ticket_id: int) -> Ticket | None:
    """Held until the commit: of two workers, one decides."""
    session.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
    query = select(Ticket).where(Ticket.id.in_(due().where(Ticket.id == ticket_id)))
    return session.scalar(query.execution_options(populate_existing=True))


def _reasons(type_name: str) -> list[str]:
    """Everything that holds of the request itself when the rule approves it."""
    step = ticket_type(type_name).workflow.step_from(SUBMITTED, BY_RULE)
    assert step is not None, "only such types are due"
    return [guard.rule for guard in step.guards if guard not in RULE]


def _because(type_name: str) -> list[str]:
    """Those that people are told: what the type itself asks for, and that the address stands."""
    reasons = _reasons(type_name)
    return reasons[: reasons.index(address_stands.rule) + 1]


def _leave(session: Session, ticket: Ticket, refused: Refused) -> Outcome:
    against = [reason.sentence for reason in refused.reasons if reason not in WATCHED]
    if against:
        return _keep(session, ticket, Outcome.PERSON, against)
    sentences = [reason.sentence for reason in refused.reasons]
    return _keep(session, ticket, Outcome.SAMPLED, sentences)


def _keep(session: Session, ticket: Ticket, outcome: Outcome, reasons: list[str]) -> Outcome:
    version = rules.standing(session, ticket.type).version
    session.add(StraightCase(ticket_id=ticket.id, type=ticket.type, outcome=outcome,
                             rule_version=version, reasons=reasons))  # fmt: skip
    return outcome


def watch() -> None:
    """Stops each rule whose samples have come to show too many faults, though nothing is filed."""
    for kind in rules.straight_types():
        with transaction() as session:
            rules.hold(session, kind.name)
            rules.stop_if_faulty(session, kind.name)
