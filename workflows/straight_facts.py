"""What is known of a request that the desk may approve by a manager's rule, as plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Oddity(StrEnum):
    """What of a request or its licensee a person should see."""

    ON_BEHALF = "on_behalf"
    GOING = "going"
    ROLE = "role"
    TWO_STEPS = "two_steps"
    AGAIN = "again"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class Measure:
    """What people made of the latest samples: of so many that they judged, so many had a fault."""

    judged: int = 0
    faulted: int = 0

    def over(self, limit: int) -> bool:
        """Whether more than `limit` percent had one."""
        return self.faulted * 100 > limit * self.judged


@dataclass(frozen=True)
class StraightFacts:
    """`version`: of the rule. `on`: a manager has switched it on. `trusted`: people have judged
    enough samples and found few faults. `drawn`: this one is a sample.

    `by_link`: it was filed in a session that a mailed link has opened. `moved`: mail to the
    licensee, or to who filed, goes elsewhere of late.
    """

    version: int
    on: bool = False
    trusted: bool = False
    drawn: bool = False
    by_link: bool = False
    moved: bool = False
    oddities: frozenset[Oddity] = frozenset()
