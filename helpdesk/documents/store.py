"""Bytes by their checksum, in a folder that no web server knows: `ab/cdef…`.

A file is here before a row names it, and goes after the last row that did. So a crash leaves at
most a file that no row names, and `sweep` takes it away. It must not take one that somebody is
about to name: whoever will write such a row calls `put` or `touch` first, which makes the file
young under a shared lock; `sweep` looks at the age under the exclusive lock, at the moment of
removing. Either it sees the young file and lets it be, or it was first and `put` writes it anew
(and `touch` says that it is gone). The row then has as long as a file counts as young to come.
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helpdesk.documents.errors import CannotStore, NotThere, TooLarge

CHUNK = 256 * 1024
YOUNG = 24 * 60 * 60
"""Seconds in which a file needs no row. By the clock of the file system, as files' ages are."""

INCOMING = "incoming"
AT_ONCE = 500


@dataclass(frozen=True)
class Stored:
    """`sha256` is hexadecimal, `size` in bytes."""

    sha256: str
    size: int


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: IO[bytes], limit: int) -> Stored:
        """Durable when it returns. Raises `TooLarge` and `CannotStore`, with nothing left behind.

        Bytes that are here already are written anew: that mends a damaged file, too.
        """
        try:
            incoming = self._folder(INCOMING) / secrets.token_hex(16)
            try:
                stored = _write(stream, incoming, limit)
                self._settle(incoming, stored.sha256)
            finally:
                incoming.unlink(missing_ok=True)
        except OSError as error:
            raise CannotStore(str(error)) from error
        return stored

    def _settle(self, incoming: Path, sha256: str) -> None:
        path = self._path(sha256)
        self._folder(path.parent.name)
        with self._lock(fcntl.LOCK_SH):
            incoming.replace(path)
        _sync(path.parent)

    def touch(self, sha256: str) -> None:
        """Before one more row names the file. Raises `NotThere`."""
        with self._lock(fcntl.LOCK_SH):
            try:
                os.utime(self._path(sha256))
            except FileNotFoundError as error:
                raise NotThere(sha256) from error

    def open(self, sha256: str) -> IO[bytes]:
        """The very bytes that were put, checked before the first is given. Raises `NotThere`."""
        try:
            file = self._path(sha256).open("rb")
        except OSError as error:
            raise NotThere(sha256) from error
        try:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise NotThere(f"{sha256} is damaged")
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def holds(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """At once, whoever names it: for bytes that nobody may have."""
        with self._lock(fcntl.LOCK_EX):
            self._path(sha256).unlink(missing_ok=True)

    def sweep(self, named: Callable[[Collection[str]], set[str]]) -> int:
        """Removes what is not young and in no row, and says how many; `named` tells which of
        some checksums are in a row."""
        removed = 0
        for folder in sorted(self.folder.glob("*")):
            old = [path for path in folder.glob("*") if _is_old(path)]
            for start in range(0, len(old), AT_ONCE):
                removed += self._sweep(old[start : start + AT_ONCE], named)
        return removed

    def _sweep(self, paths: list[Path], named: Callable[[Collection[str]], set[str]]) -> int:
        sums = {path: path.parent.name + path.name for path in paths}
        kept = named(sums.values())
        return sum(self._remove(path) for path, sha256 in sums.items() if sha256 not in kept)

    def _remove(self, path: Path) -> bool:
        with self._lock(fcntl.LOCK_EX):
            if not _is_old(path):
                return False
            path.unlink()
            return True

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]

    def _folder(self, name: str) -> Path:
        folder = self._root() / name
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            _sync(self.folder)
        return folder

    def _root(self) -> Path:
        """Nobody else on the machine looks in."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync(self.folder.parent)
        return self.folder

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        """Among all processes on this machine; it ends with the process, if need be."""
        handle = os.open(self._root(), os.O_RDONLY)
        try:
            fcntl.flock(handle, kind)
            yield
        finally:
            os.close(handle)


def _write(stream: IO[bytes], path: Path, limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def _sync(folder: Path) -> None:
    """Makes names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - YOUNG
    except FileNotFoundError:
        return False
