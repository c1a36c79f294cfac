"""What the guards of a ticket may know, looked up before they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TicketFacts:
    """Plain values about one ticket and the person it is about.

    `license_state` is a state of `workflows.license`; `approvers` are the names of those who
    could approve besides the one who asks; `takers` are the ids of those who may be given it.
    """

    license_state: str
    person_name: str
    person_id: int
    filer_ids: frozenset[int]
    actor_id: int | None
    email_on_file: bool
    assignee_id: int | None = None
    needs_attention: bool = False
    approvers: tuple[str, ...] = ()
    takers: frozenset[int] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)
