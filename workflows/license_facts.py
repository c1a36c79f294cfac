"""What is so about a license, and the state that it shows.

Lock, idleness, expiry and suspension are facts, each set and cleared on its own; the state shown
is the strongest of them. Taking one fact away shows the next.
"""

from dataclasses import dataclass, replace

ABSENT = "absent"
REQUESTED = "requested"
NOT_ISSUED = "not_issued"
ACTIVE = "active"
LOCKED = "locked"
INACTIVE = "inactive"
EXPIRED = "expired"
SUSPENDED = "suspended"
DELETED = "deleted"

HELD = (ACTIVE, LOCKED, INACTIVE, EXPIRED, SUSPENDED)
"""The states of a license that exists, weakest first."""


@dataclass(frozen=True)
class LicenseFacts:
    """What is so about a license at one moment. The first five make its state; the others tell of
    its holder: has left the agency, is on leave, or will leave, go on leave or move to another
    agency, as reported (`full_there`: that one has no license left for it); then of its end: it is
    proposed to delete it, and staff have said so. `own`: the one who acts holds it.
    """

    locked: bool = False
    inactive: bool = False
    expired: bool = False
    suspended: bool = False
    deleted: bool = False
    left: bool = False
    away: bool = False
    leaving: bool = False
    going: bool = False
    proposed: bool = False
    confirmed: bool = False
    own: bool = False
    moving: bool = False
    unassigned: bool = False
    full_there: bool = False


def strongest(facts: LicenseFacts) -> str:
    """The state that a license with these facts shows."""
    ranked = (
        (SUSPENDED, facts.suspended),
        (EXPIRED, facts.expired),
        (INACTIVE, facts.inactive),
        (LOCKED, facts.locked),
    )
    return next((state for state, holds in ranked if holds), ACTIVE)


CHANGES: dict[str, dict[str, bool]] = {
    "lock": {"locked": True},
    "unlock": {"locked": False},
    "inactivate": {"inactive": True},
    "reactivate": {"inactive": False},
    "expire": {"expired": True},
    "lapse": {"expired": True},
    "extend": {"expired": False, "inactive": False},
    "suspend": {"suspended": True},
    "lift": {"suspended": False},
    "depart": {"inactive": True},
    "take_leave": {"inactive": True},
    "note_renewal": {"expired": False},
    "note_inactive": {"inactive": True},
    "note_lock": {"locked": True},
}
"""What each step does to the facts of a license that is held."""

ENDS: dict[str, dict[str, bool]] = {
    "delete": {"deleted": True},
    "note_deletion": {"deleted": True},
    "create": {"deleted": False},
}
"""A license that was deleted and is asked for again is deleted still, until it is created."""


def after(trigger: str, facts: LicenseFacts) -> LicenseFacts:
    """The facts once the step is taken; a step that is named nowhere leaves them alone."""
    return replace(facts, **(CHANGES | ENDS).get(trigger, {}))
