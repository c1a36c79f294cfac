"""What the pages about rules for straight-through approval say."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from helpdesk.models.person import named
from helpdesk.models.straight import Outcome, StraightRule, rule_history
from helpdesk.services.straight import rules
from helpdesk.services.straight.measure import counts, measured
from helpdesk.services.straight.rules import Standing, Terms
from helpdesk.views.show import pieces
from workflows.common import SUBMITTED
from workflows.straight import BY_RULE, RULE
from workflows.straight_facts import Measure
from workflows.ticket_type import TicketType

HISTORY = 20
@dataclass(frozen=True)
class Change:
    """A version of the rule in its history."""

    who: str
    what: str
    reason: str
    when: pieces.When


@dataclass(frozen=True)
class RuleShown:
    """`tone`: of the note that says how it stands; `now` says it in short. `ends`: how many
    requests came to which."""

    label: str
    url: str
    version: int
    terms: Terms
    tone: str
    now: str
    stands: str
    judged: str
    ends: dict[Outcome, int]
    conditions: tuple[str, ...]
    changes: tuple[Change, ...] = ()


def shown(session: Session, kind: TicketType, *, with_history: bool = False) -> RuleShown:
    now = rules.standing(session, kind.name)
    measure = measured(session, kind.name, now.terms.latest)
    rows = rule_history(session, kind.name, HISTORY if with_history else 1)
    tone, in_short, stands = _stands(now, measure, rows)
    return RuleShown(
        label=kind.label,
        url=url_for("manage.straight_rule", type_name=kind.name),
        version=now.version,
        terms=now.terms,
        tone=tone,
        now=in_short,
        stands=stands,
        judged=_judged(measure),
        ends=counts(session, kind.name),
        conditions=_conditions(kind),
        changes=tuple(_changes(session, rows)) if with_history else (),
    )


def _stands(now: Standing, measure: Measure, rows: list[StraightRule]) -> tuple[str, str, str]:
    terms = now.terms
    if rows and not terms.active and rows[0].changed_by_id is None:
        return "warning", "Stopped by itself", rows[0].reason
    if not terms.active:
        return "info", "Off", "Off: people approve. The desk only notes what it would approve."
    if measure.judged < terms.least:
        return "info", "On, being tried out", (
            f"On, and tried out: people have judged {measure.judged} of {terms.least} samples. "
            "Until then they approve everything.")  # fmt: skip
    words = f"On: the desk approves by it. {terms.share} % go to a person as samples."
    return "success", "On", words


def _judged(measure: Measure) -> str:
    if not measure.judged:
        return "People have judged no sample yet."
    samples = "one sample" if measure.judged == 1 else f"{measure.judged} samples"
    percent = f"{100 * measure.faulted / measure.judged:.0f} %"
    found = "no fault" if not measure.faulted else f"a fault in {measure.faulted} ({percent})"
    return f"In the latest {samples} people found {found}."


def _conditions(kind: TicketType) -> tuple[str, ...]:
    """What must hold of a request, in the words of the guards that are asked."""
    step = kind.workflow.step_from(SUBMITTED, BY_RULE)
    return tuple(guard.rule for guard in step.guards if guard not in RULE) if step else ()


def _changes(session: Session, rows: list[StraightRule]) -> list[Change]:
    people = named(session, {row.changed_by_id for row in rows if row.changed_by_id})
    return [
        Change(
            who=people[row.changed_by_id].name if row.changed_by_id else "The desk itself",
            what=_in_words(rules.terms_of(row)),
            reason=row.reason,
            when=pieces.when(row.changed_at),
        )
        for row in rows
    ]


def _in_words(terms: Terms) -> str:
    on = "On" if terms.active else "Off"
    return (f"{on}; samples {terms.share} %; at most {terms.fault_limit} % faults in the latest "
            f"{terms.latest}; tried out on {terms.least}")  # fmt: skip
