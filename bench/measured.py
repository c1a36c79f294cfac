"""What one run has found out about one database."""

from dataclasses import dataclass

from bench.load import Sum
from bench.mails import Drained


@dataclass(frozen=True)
class Measured:
    """Everything about one database. `memory` of a web process at rest: PSS and RSS, in MB."""

    label: str
    kind: str
    tickets: int
    sums: dict[str, Sum]
    queries: dict[str, int]
    queue_bytes: int
    people_bytes: int
    memory: tuple[float, float]
    drained: Drained
    first_answer: float
    floor_first_answer: float
