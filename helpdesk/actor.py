"""The one who acts: a person at a page, the worker, or somebody at the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.engine import Party


class Channel(StrEnum):
    """How an act reached the desk."""

    WEB = "web"
    LINK = "link"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True)
class Actor:
    """`person_id` None is the desk itself. `licensee` means: may use the licensee's view now.

    `agencies`: those whose admin they are, names by id.
    `owes_second_step`: has to set one up before anything else. `signer`: came by a link to sign a
    worksheet, and is on this ticket for nothing else; without a `person_id`, somebody not on file.
    """

    person_id: int | None
    name: str
    channel: Channel
    staff: bool = False
    manager: bool = False
    agencies: Mapping[int, str] = field(default_factory=dict)
    licensee: bool = False
    owes_second_step: bool = False
    signer: bool = False

    @property
    def agency_admin(self) -> bool:
        return bool(self.agencies)

    @property
    def link_only(self) -> bool:
        return self.channel is Channel.LINK

    def parties(self, agency_id: int | None, person_id: int) -> frozenset[Party]:
        """Who this is to a ticket of that agency about that person."""
        holds = {
            Party.SYSTEM: self.person_id is None and not self.signer,
            Party.SIGNER: self.signer,
            Party.STAFF: self.staff,
            Party.MANAGER: self.manager,
            Party.AGENCY: agency_id in self.agencies,
            Party.LICENSEE: self.licensee and self.person_id == person_id,
        }
        return frozenset(party for party, held in holds.items() if held)


THE_DESK = Actor(None, "The help desk", Channel.WORKER)
