"""Mails as `.eml` files, for a desk without a mail server."""

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from helpdesk.mail.errors import MailBusy
from helpdesk.mail.message import Letter, build
from helpdesk.mail.settings import MailSettings


class FileMailer:
    """One file a mail; the same mail again overwrites its file."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._directory = settings.directory or Path()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        return None

    def send(self, letter: Letter) -> str:
        """See `Mailer.send`; a full or forbidden disk is `MailBusy`."""
        message = build(letter, self._settings)
        mark = message.msgId[1:].partition("@")[0]
        try:
            # The mails hold one-time links: for the owner alone.
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(_place(self._directory, mark, letter.when), message.as_bytes())
        except OSError as error:
            raise MailBusy("The mail could not be written to the mail folder.") from error
        return message.msgId


def _place(directory: Path, mark: str, when: datetime) -> Path:
    """The file this mail has already, even if its Date was another one; else a new name."""
    for known in directory.glob(f"*-{mark}.eml"):
        return known
    return directory / f"{when.astimezone(UTC):%Y%m%dT%H%M%S%f}-{mark}.eml"


def _write(path: Path, data: bytes) -> None:
    """All of the mail or nothing, and still there after a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
