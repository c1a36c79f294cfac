"""Flask-Mail's connection, with what it lacks: time-out, verified TLS, redialing, clear errors."""

import smtplib
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self

from flask_mail import Connection, Mail, Message

from helpdesk.mail.errors import MailBusy
from helpdesk.mail.message import LetterMessage
from helpdesk.mail.settings import MailSettings
from helpdesk.mail.transaction import Envelope, NotBegun, deliver, hang_up


class DeskConnection(Connection):
    """Dials at the first mail, keeps the line for the batch, dials again when it was lost."""

    def __init__(self, settings: MailSettings) -> None:
        mail = Mail()
        mail.state = mail.init_mail({"MAIL_SERVER": settings.server, "MAIL_PORT": settings.port})
        super().__init__(mail)
        self.settings = settings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye; what happens to a goodbye concerns no mail."""
        if self.host is not None and self.host.sock is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            hang_up(self.host)
        self.host = None

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Send a message made by `build`, or raise a `MailError`.

        Unlike Flask-Mail's it emits no signal: what a listener raised would look like a failed
        mail, and the mail would be sent twice.
        """
        if not isinstance(message, LetterMessage) or envelope_from is not None:
            raise TypeError("only messages made by helpdesk.mail.build are sent")
        envelope = Envelope(
            sender=str(message.envelope_from),
            recipient=str(message.recipient),
            options=message.mail_options,
            data=message.as_bytes(),
        )
        used_before = self._is_open()
        try:
            deliver(self._open_host(), envelope)
        except NotBegun:
            if not used_before:
                raise
            deliver(self._open_host(), envelope)
        self.num_emails += 1

    def configure_host(self) -> smtplib.SMTP:
        """Dial, secure the line and log in; all that can go wrong here is worth a retry."""
        host: smtplib.SMTP | None = None
        try:
            host = self._dial()
            if self.settings.use_tls:
                host.starttls(context=self._trust())
            host.ehlo_or_helo_if_needed()
            self._log_in(host)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if host is not None:
                hang_up(host)
            raise MailBusy(_why_no_line(error)) from error
        return host

    def _is_open(self) -> bool:
        return self.host is not None and self.host.sock is not None

    def _open_host(self) -> smtplib.SMTP:
        if self.host is None or self.host.sock is None:
            self.host = self.configure_host()
        return self.host

    def _dial(self) -> smtplib.SMTP:
        # EHLO with the desk's domain: looking up this machine's own name can take as long as DNS.
        server, port, domain = self.settings.server or "", self.settings.port, self.settings.domain
        timeout = self.settings.timeout
        if self.settings.use_ssl:
            return smtplib.SMTP_SSL(server, port, domain, timeout=timeout, context=self._trust())
        return smtplib.SMTP(server, port, domain, timeout=timeout)

    def _trust(self) -> ssl.SSLContext:
        return self.settings.tls or ssl.create_default_context()

    def _log_in(self, host: smtplib.SMTP) -> None:
        if self.settings.username:
            host.login(self.settings.username, self.settings.password or "")


def _why_no_line(error: Exception) -> str:
    """A sentence without the server's words; the order matters, for some are kin."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The mail server's certificate could not be verified, so nothing was sent."
    if isinstance(error, ssl.SSLError):
        return "No secure connection to the mail server could be made, so nothing was sent."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "The mail server does not offer what the settings ask for (STARTTLS or log-in)."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server did not accept the desk's user name and password."
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "The mail server did not answer in time."
    return "The mail server could not be reached."
