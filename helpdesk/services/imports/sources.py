"""Where the bytes of a file from outside are: on somebody's disk, or kept since it was uploaded."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from helpdesk.documents.errors import NotThere
from helpdesk.services import documents

CHUNK = 256 * 1024


class CannotRead(Exception):
    """The file as a whole is of no use; the sentence says why."""


class Source(Protocol):
    """`name` is what people call the file. `most_lines` None: as many as there are."""

    @property
    def name(self) -> str: ...

    @property
    def most_lines(self) -> int | None: ...

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Raises `CannotRead`."""


@dataclass(frozen=True)
class OnDisk:
    """Only opening is guarded: what the caller does with a line is its own affair."""

    path: Path
    most_lines: int | None = None

    @property
    def name(self) -> str:
        return str(self.path)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        try:
            if self.path.exists() and not self.path.is_file():
                raise CannotRead(f"{self.name} is not a file.")
            file = self.path.open("rb")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "that is not a name of a file"
            raise CannotRead(f"{self.name} cannot be read: {why}.") from None
        with file:
            yield file

    def checksum(self) -> str:
        digest = hashlib.sha256()
        with self.open() as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


@dataclass(frozen=True)
class Kept:
    """A file among the documents, by its checksum."""

    name: str
    sha256: str
    most_lines: int | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        try:
            file = documents.store().open(self.sha256)
        except NotThere:
            raise CannotRead(f"{self.name} is not kept here any more.") from None
        with file:
            yield cast(BinaryIO, file)
