"""The rule of each request type: what holds now, a manager's change, and its stop by itself."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor
from helpdesk.models.role import managers
from helpdesk.models.straight import StraightRule, rule_history
from helpdesk.outbox.owe import owe
from helpdesk.services import trace
from helpdesk.services.letters import personal_letter
from helpdesk.services.straight.measure import measured
from helpdesk.transaction import hold_value, transaction
from workflows.common import SUBMITTED
from workflows.registry import ticket_type, ticket_types
from workflows.straight import BY_RULE
from workflows.straight_facts import Measure
from workflows.ticket_type import TicketType


@dataclass(frozen=True)
class Terms:
    """What a manager sets of a rule; see `models.straight`. The defaults hold until one has."""

    active: bool = False
    share: int = 20
    fault_limit: int = 5
    latest: int = 30
    least: int = 10


@dataclass(frozen=True)
class Standing:
    """The terms that hold. `version` 0: no manager has touched them yet."""

    version: int
    terms: Terms


class Overtaken(Exception):
    """Another version holds by now than the one that the manager has seen."""


class TooManyFaults(Exception):
    """It would stop at once: people found too many faults among the latest samples."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        super().__init__(f"{measure.faulted} of {measure.judged}")


def straight_types() -> list[TicketType]:
    """The types that have a step for it."""
    return [kind for kind in ticket_types().values() if has_rule(kind.name)]


def has_rule(type_name: str) -> bool:
    return ticket_type(type_name).workflow.step_from(SUBMITTED, BY_RULE) is not None


def standing(session: Session, type_name: str) -> Standing:
    row = next(iter(rule_history(session, type_name, 1)), None)
    return Standing(row.version, terms_of(row)) if row else Standing(0, Terms())


def stopped(session: Session) -> list[TicketType]:
    """The types whose rule has stopped by itself, until a manager changes it."""
    latest = {kind.name: rule_history(session, kind.name, 1) for kind in straight_types()}
    return [kind for kind in straight_types()
            if any(row.changed_by_id is None for row in latest[kind.name])]  # fmt: skip


def terms_of(row: StraightRule) -> Terms:
    return Terms(**{name: getattr(row, name) for name in asdict(Terms())})


def hold(session: Session, type_name: str) -> None:
    """Until this transaction ends nobody else changes the rule, or decides by it: once a manager
    has read that it is off, nothing more is approved."""
    hold_value(session, f"straight:{type_name}")


def change(type_name: str, terms: Terms, reason: str, seen: int, actor: Actor) -> Standing:
    """Raises `Overtaken` and `TooManyFaults`."""
    with transaction() as session:
        hold(session, type_name)
        before = standing(session, type_name)
        if before.version != seen:
            raise Overtaken
        measure = measured(session, type_name, terms.latest)
        if terms.active and too_faulty(terms, measure):
            raise TooManyFaults(measure)
        after = _write(session, type_name, Standing(seen + 1, terms), reason, actor)
    trace.changed(actor, f"rule of {type_name}", before.terms, after.terms)
    return after


def too_faulty(terms: Terms, measure: Measure) -> bool:
    return measure.judged >= terms.least and measure.over(terms.fault_limit)


def stop_if_faulty(session: Session, type_name: str) -> bool:
    """Switches off a rule whose samples had too many faults, and tells the managers; whether it
    did. The caller holds the rule."""
    now = standing(session, type_name)
    measure = measured(session, type_name, now.terms.latest)
    if not now.terms.active or not too_faulty(now.terms, measure):
        return False
    reason = (f"It stopped by itself: people found a fault in {measure.faulted} of the latest "
              f"{measure.judged} samples, more than {now.terms.fault_limit} %.")  # fmt: skip
    off = Terms(**{**asdict(now.terms), "active": False})
    after = _write(session, type_name, Standing(now.version + 1, off), reason, THE_DESK)
    _tell(session, type_name, after, measure)
    return True


def _write(
    session: Session, type_name: str, after: Standing, reason: str, actor: Actor
) -> Standing:
    session.add(
        StraightRule(type=type_name, version=after.version, reason=reason,
                     changed_by_id=actor.person_id, **asdict(after.terms))
    )  # fmt: skip
    session.flush()
    return after


def _tell(session: Session, type_name: str, after: Standing, measure: Measure) -> None:
    says = {"type_label": ticket_type(type_name).label, "faulted": measure.faulted,
            "judged": measure.judged, "limit": after.terms.fault_limit,
            "path": f"/manage/straight-through/{type_name}"}  # fmt: skip
    for person in managers(session):
        if person.email is not None:
            key = f"straight:{type_name}:{after.version}:{person.id}"
            owe(session, personal_letter(key, "desk/rule_stopped", person, says=says))
