"""What an import would do, whatever its file: parts, each a list of entries that pages and the
command line put into words."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from helpdesk.services.imports.lines import Fault

COLUMNS = {"username": "username", "first_name": "first name", "last_name": "last name",
           "email": "email", "phone": "phone", "hmis_id": "UserID"}  # fmt: skip
"""What a person's columns are called."""


class Part(StrEnum):
    """`LOOK` is left for a person to decide, `GONE` is only told: nothing of them is applied."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    LOOK = "look"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Detail:
    """One field: what it would be, and what it is."""

    label: str
    value: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the file, or several that belong together. `name`: whom it is about, `key`: by what
    the file calls them, `person_id`: who they are here. `notes` say what no field does."""

    lines: tuple[int, ...] = ()
    name: str = ""
    key: str = ""
    person_id: int | None = None
    details: tuple[Detail, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Proposal(ABC):
    """`same`: rows that say what is here already. `repeated`: rows that say what an earlier row
    says. `unread`: lines of which nobody can tell whom they are about."""

    same: int = 0
    look: list[Fault] = field(default_factory=list)
    faulty: list[Fault] = field(default_factory=list)
    repeated: int = 0
    unread: int = 0

    @abstractmethod
    def size(self, part: Part) -> int: ...

    @abstractmethod
    def entries(self, part: Part) -> Iterator[Entry]: ...

    @property
    def touches(self) -> int:
        return self.size(Part.NEW) + self.size(Part.CHANGED)

    def counts(self) -> dict[str, int]:
        sizes = {part.value: self.size(part) for part in Part}
        return sizes | {"same": self.same, "repeated": self.repeated}

    def digest(self) -> str:
        """The same for proposals that say and do the same."""
        digest = hashlib.blake2b(digest_size=16)
        for part in Part:
            for entry in self.entries(part):
                digest.update(f"{part}{entry!r}\n".encode("utf-8", "backslashreplace"))
        return digest.hexdigest()


def of_faults(faults: list[Fault]) -> Iterator[Entry]:
    return (Entry(lines=fault.lines, notes=(fault.sentence,)) for fault in faults)
