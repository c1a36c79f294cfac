"""What the words of a roster mean here: agencies, access levels, states."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.services.imports.columns import bare
from helpdesk.services.imports.lines import quoted
from workflows.training import ACCESS_LEVELS

NUMBER = re.compile(r"\s*\(\d+\)\s*$")
"""Community Services puts the number of a provider behind its name."""

ROMAN = {"i": "1", "ii": "2", "iii": "3"}
ALSO = {"agencyadmin": "agency_administrator", "readonlyuser": "read_only"}

DELETED, INACTIVE, LOCKED, ACTIVE = "deleted", "inactive", "locked", "active"
STATUSES = {
    "active": ACTIVE, "enabled": ACTIVE, "yes": ACTIVE, "true": ACTIVE, "y": ACTIVE, "1": ACTIVE,
    "inactive": INACTIVE, "disabled": INACTIVE, "deactivated": INACTIVE, "no": INACTIVE,
    "false": INACTIVE, "n": INACTIVE, "0": INACTIVE,
    "locked": LOCKED, "lockedout": LOCKED,
    "deleted": DELETED, "removed": DELETED, "terminated": DELETED,
    "expired": ACTIVE,
}  # fmt: skip
"""An expired license is told by its date."""


class Unknown(Exception):
    """Nothing here is called so; the sentence says it."""


@dataclass(frozen=True)
class Agencies:
    by_name: dict[str, Agency]
    names: dict[int, str]

    def find(self, text: str) -> int:
        """Raises `Unknown`."""
        agency = self.by_name.get(bare(text)) or self.by_name.get(bare(NUMBER.sub("", text)))
        if agency is None:
            raise Unknown(f"There is no agency {quoted(text)} here.")
        if not agency.active:
            raise Unknown(f"The agency {quoted(text)} is inactive here.")
        return agency.id


def agencies(session: Session) -> Agencies:
    """An active one goes before an inactive one whose name is written alike."""
    found = list(session.scalars(select(Agency).order_by(Agency.active, Agency.id.desc())))
    return Agencies({bare(a.name): a for a in found}, {a.id: a.name for a in found})


def level_of(text: str) -> str | None:
    """The access level that is meant; None if nobody can tell."""
    words = text.split()
    if words and words[-1].casefold() in ROMAN:
        words[-1] = ROMAN[words[-1].casefold()]
    return LEVELS.get(bare("".join(words)))


LEVELS = {bare(name): name for name in ACCESS_LEVELS} | {
    bare(label): name for name, label in ACCESS_LEVELS.items()
} | ALSO  # fmt: skip


def status_of(text: str) -> str | None:
    return STATUSES.get(bare(text))
