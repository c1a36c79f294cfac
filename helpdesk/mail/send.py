"""The door mails leave through: one opening for a batch, SMTP or files behind it."""

from types import TracebackType
from typing import Protocol, Self

from helpdesk.mail.connection import DeskConnection
from helpdesk.mail.files import FileMailer
from helpdesk.mail.message import Letter, build
from helpdesk.mail.settings import MailSettings


class Mailer(Protocol):
    """Sends letters one by one; a refused one leaves the next ones alone. Not for two threads."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None: ...

    def send(self, letter: Letter) -> str:
        """Return the Message-ID once the mail is accepted; else raise a `MailError`."""
        ...


class SmtpMailer:
    """Opening costs nothing: the connection is made at the first letter."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._connection = DeskConnection(settings)

    def __enter__(self) -> Self:
        self._connection.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._connection.__exit__(exc_type, exc_value, tb)

    def send(self, letter: Letter) -> str:
        """See `Mailer.send`."""
        message = build(letter, self._settings)
        self._connection.send(message)
        return message.msgId


def open_mailer(settings: MailSettings) -> Mailer:
    """`with open_mailer(settings) as mailer: mailer.send(letter)`."""
    return SmtpMailer(settings) if settings.server else FileMailer(settings)
