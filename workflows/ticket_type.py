"""What makes a request type: its workflow, what it is for, and how soon HAND wants it done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workflows.common import TicketWorkflow
from workflows.engine import Party
from workflows.facts import TicketFacts
from workflows.training import Purpose


@dataclass(frozen=True)
class TicketType:
    """`target_days` are HAND's business days, of eight hours each; `papers` names those of
    `workflows.papers` without which it is not filed, `purpose` the courses it asks for. `until`
    is the expiry that completing it sets. `for_newcomers`: it can be about somebody who is not
    on file yet. `for_me` is the summary as somebody reads it who would file it for themselves.
    `terms` names the answers that the account action carries on to the directory."""

    workflow: TicketWorkflow
    summary: str
    target_days: int
    papers: tuple[str, ...] = ()
    purpose: Purpose | None = None
    until: Callable[[TicketFacts], date] | None = None
    for_newcomers: bool = False
    for_me: str = ""
    terms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.workflow.name

    @property
    def label(self) -> str:
        return self.workflow.label

    @property
    def filers(self) -> frozenset[Party]:
        """Who may file it."""
        (submit,) = (step for step in self.workflow.steps if step.trigger == "submit")
        return submit.who
