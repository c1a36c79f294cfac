"""What the pages about workflows say: in a list, and of one."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.views.show.drawing import Drawing, draw
from workflows.check import AnyWorkflow
from workflows.diagram import Row, mermaid, table
from workflows.in_words import people
from workflows.license import WORKFLOW as LICENSE
from workflows.papers import PAPERS
from workflows.registry import all_workflows, ticket_types
from workflows.ticket_type import TicketType


@dataclass(frozen=True)
class Summary:
    """A workflow in the list. `facts` are pairs of a heading and words."""

    label: str
    url: str
    summary: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A workflow's own page."""

    about: Summary
    drawing: Drawing
    rows: tuple[Row, ...]
    mermaid: str


def summaries() -> list[Summary]:
    return [_summary(flow) for flow in all_workflows().values()]


def shown(name: str) -> Shown | None:
    flow = all_workflows().get(name)
    if flow is None:
        return None
    return Shown(_summary(flow), draw(flow), tuple(table(flow)), mermaid(flow))


def _summary(flow: AnyWorkflow) -> Summary:
    url = url_for("workflows.show", name=flow.name)
    if flow is LICENSE:
        return Summary(flow.label, url, "The right to use the HMIS, from its request to its end.")
    kind = ticket_types()[flow.name]
    return Summary(flow.label, url, kind.summary, _facts(kind))


def _facts(kind: TicketType) -> tuple[tuple[str, str], ...]:
    days = "1 business day" if kind.target_days == 1 else f"{kind.target_days} business days"
    papers = ", ".join(PAPERS[paper] for paper in kind.papers) or "None"
    return ("Who files it", _filers(kind)), ("Target", days), ("Papers", papers)


def _filers(kind: TicketType) -> str:
    """Those who may take the steps that the type's own form belongs to."""
    filing = [step.who for step in kind.workflow.steps if step.form == kind.name]
    words = people(frozenset().union(*filing))
    return words[:1].upper() + words[1:]
