"""What a form is told about the request it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.actor import Actor
from helpdesk.models.license import License
from helpdesk.models.person import Person
from workflows.training import STANDARD, Grid


@dataclass(frozen=True)
class About:
    """`person` None: somebody who is not on file; then `agencies` are those they may come to,
    names by id.

    `callers` is empty except for staff: on whose behalf they may file. `grid`: today's courses.
    """

    actor: Actor
    person: Person | None
    license: License | None = None
    callers: list[Person] = field(default_factory=list)
    agencies: Mapping[int, str] = field(default_factory=dict)
    grid: Grid = STANDARD
