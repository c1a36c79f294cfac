"""What a form is told about the request it is for."""

from dataclasses import dataclass, field

from helpdesk.actor import Actor
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person


@dataclass(frozen=True)
class About:
    """`person` None: somebody who is not on file; then `agencies` are those they may come to.

    `callers` is empty except for staff: on whose behalf they may file.
    """

    actor: Actor
    person: Person | None
    license: License | None = None
    callers: list[Person] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
