"""What makes a request type: its workflow, what it is for, and how soon HAND wants it done."""

from dataclasses import dataclass

from workflows.common import TicketWorkflow


@dataclass(frozen=True)
class TicketType:
    """`target_days` are HAND's business days, of eight hours each; `papers` names those of
    `workflows.papers` without which it is not filed."""

    workflow: TicketWorkflow
    summary: str
    target_days: int
    papers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.workflow.name

    @property
    def label(self) -> str:
        return self.workflow.label
