"""Drawn pages, kept for some days in a folder for each file: `ab/cdef…/`, with a PNG for each page
and what is known of all of them. Nothing is lost with it: whatever is missing is drawn anew."""

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from helpdesk.documents.drawing import CannotDraw, Page, Paged

KEPT = 7 * 24 * 60 * 60
"""Seconds. Whoever judges a request looks within days."""

TRY_AGAIN = 60 * 60
"""Seconds after which a file that could not be drawn is tried again: the machine may have been
busy."""

PAGED, FAULT = "pages.json", "fault"


class Drawings:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def paged(self, sha256: str) -> Paged | None:
        """What is known of the pages; None if nothing is. Raises `CannotDraw` for a file that could
        not be drawn lately."""
        self._raise_fault(sha256)
        try:
            told = json.loads((self._of(sha256) / PAGED).read_bytes())
            return Paged(told["count"], tuple(Page(**page) for page in told["pages"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def png(self, sha256: str, number: int) -> bytes | None:
        """Empty for a page that could not be drawn, None for one that nobody has drawn yet."""
        try:
            return (self._of(sha256) / f"{number}.png").read_bytes()
        except OSError:
            return None

    def keep(self, sha256: str, paged: Paged, number: int, png: bytes) -> None:
        """Raises `OSError` when there is no room."""
        self._write(sha256, PAGED, json.dumps(asdict(paged)).encode())
        self._write(sha256, f"{number}.png", png)

    def keep_fault(self, sha256: str, fault: str) -> None:
        self._write(sha256, FAULT, fault.encode())

    def forget(self, sha256: str) -> None:
        shutil.rmtree(self._of(sha256), ignore_errors=True)

    def sweep(self, there: Callable[[str], bool]) -> int:
        """Removes what is old, or drawn from a file that is not `there` any more; says of how many
        files."""
        removed = 0
        for path in self.folder.glob("*/*"):
            sha256 = path.parent.name + path.name
            if _age(path) > KEPT or not there(sha256):
                self.forget(sha256)
                removed += 1
        return removed

    def _raise_fault(self, sha256: str) -> None:
        path = self._of(sha256) / FAULT
        with suppress(OSError):
            if _age(path) < TRY_AGAIN:
                raise CannotDraw(path.read_text())

    def _write(self, sha256: str, name: str, content: bytes) -> None:
        """Whole or not at all."""
        folder = self._of(sha256)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f"{name}.{secrets.token_hex(8)}"
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / name)
        finally:
            draft.unlink(missing_ok=True)

    def _of(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]


def _age(path: Path) -> float:
    """Infinite for what is not there."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
