"""What the guards of a ticket may know, looked up before they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflows.asked import Asked
from workflows.checking import Judged
from workflows.straight_facts import StraightFacts
from workflows.training import STANDARD, Grid


@dataclass(frozen=True)
class Rules:
    """HAND's numbers, as a site has set them.

    `window_days`: how long before its expiry a license can be recertified. `course_months`: how
    long a course counts that has no span of its own. `from_courses` False: expiry counts from the
    day of approval. `worksheets_block`: what fails a check on a worksheet has to be mended before
    it is sent.
    """

    window_days: int = 60
    course_months: int = 12
    from_courses: bool = True
    least_gain_days: int = 60
    worksheets_block: bool = True


@dataclass(frozen=True)
class Seats:
    """Of an agency that may have only so many licenses in use: how many others have, and whether
    the person at hand `holds` one already."""

    agency: str
    limit: int
    others: int
    holds: bool = False

    @property
    def full(self) -> bool:
        return not self.holds and self.others >= self.limit


@dataclass(frozen=True)
class TicketFacts:
    """Plain values about one ticket and the person it is about.

    `license_state` is a state of `workflows.license`; `approvers` are the names of those who
    could approve besides the one who asks; `takers` are the ids of those who may be given it.
    `today` is the desk's own day. `documents` holds the kind of each document that is attached.
    `lookalikes` describes other people on file with the same email address. `suspended` outlives a
    deletion: only a manager lifts it. `asked_for` names the papers that HAND is waiting for.
    `held`: the kinds of documents that nobody may look at before a virus scan.
    `being_deleted`: staff have confirmed that the license goes.
    `proved`: the one who acts came by a link mailed to the address on file. `admins` are the names
    of those who could file it for somebody who may not do so themselves. `left_since`: the licensee
    has left after it was filed. `seats` None: the agency may have as many as it likes. `moved_by`:
    who has changed the email on file of the licensee or a filer of late, or where somebody signs.
    `read_by`: who at HAND reads a date or a score on the worksheet otherwise than the program did.
    `worksheets`: the newest of each paper, judged. `grid`: the training grid that judges the
    ticket. `straight`: looked up for the desk itself alone, on a request that nobody has looked at.
    `asked_to_sign`: who has still to sign by a mailed link. `awaits_signatures`: nothing else keeps
    it from HAND. `asked_for_signatures`: HAND had it, and has asked for nothing but them.
    """

    license_state: str
    person_name: str
    person_id: int
    filer_ids: frozenset[int]
    actor_id: int | None
    today: date
    assignee_id: int | None = None
    moved_by: frozenset[int] = frozenset()
    read_by: frozenset[int] = frozenset()
    needs_attention: bool = False
    approvers: tuple[str, ...] = ()
    takers: frozenset[int] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    access_level: str | None = None
    expires_on: date | None = None
    lookalikes: tuple[str, ...] = ()
    suspended: bool = False
    being_deleted: bool = False
    has_username: bool = True
    person_email: str | None = None
    asked_for: tuple[str, ...] = ()
    proved: bool = False
    admins: tuple[str, ...] = ()
    left_since: bool = False
    seats: Seats | None = None
    worksheets: tuple[Judged, ...] = ()
    held: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    grid: Grid = STANDARD
    straight: StraightFacts | None = None
    asked_to_sign: tuple[Asked, ...] = ()
    awaits_signatures: bool = False
    asked_for_signatures: bool = False

    @property
    def about_actor(self) -> bool:
        return self.actor_id == self.person_id

    @property
    def whose(self) -> str:
        """Before what the person has, as the one who acts reads it."""
        return "Your" if self.about_actor else f"{self.person_name}’s"
