"""One mail over an open SMTP connection, with every answer sorted into final or not.

smtplib's own `sendmail` folds "cut off before the last dot" and "after it" into one error; the
difference decides whether a repeated mail can reach the person twice.
"""

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from helpdesk.mail.errors import MailBusy, MailRefused, MailUncertain

_LOST = (smtplib.SMTPException, OSError)
_AUTH_CODES = frozenset({530, 534, 535, 538})
_GOING_AWAY = 421
_CLOSING = "The mail server closed the connection for now."
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")


class NotBegun(MailBusy):
    """The connection was lost before this mail began: on an old connection, dial again."""


@dataclass(frozen=True)
class Envelope:
    """What the server is told; `data` has CRLF line ends and is not yet dot-stuffed."""

    sender: str
    recipient: str
    options: Sequence[str]
    data: bytes


@dataclass(frozen=True)
class Answer:
    """The server's code; of its words only the enhanced code, which can hold nothing private."""

    code: int
    words: bytes

    @property
    def label(self) -> str:
        """For staff, and for a search on the web: "550 5.1.1"."""
        enhanced = _ENHANCED.match(self.words.decode("ascii", "replace"))
        return f"{self.code} {enhanced.group()}" if enhanced else str(self.code)


def deliver(host: smtplib.SMTP, envelope: Envelope) -> None:
    """Hand over one mail, or raise; the connection is then fit for the next one, or closed."""
    try:
        _begin(host, envelope)
        _name_recipient(host, envelope)
        _hand_over(host, envelope)
    except (MailBusy, MailRefused):
        reset(host)
        raise


def reset(host: smtplib.SMTP) -> None:
    """Forget the refused mail, so that it cannot cling to the next one."""
    if host.sock is None:
        return
    try:
        code, _ = host.rset()
    except _LOST:
        code = -1
    if code != 250:
        hang_up(host)


def hang_up(host: smtplib.SMTP) -> None:
    """Close without a word."""
    with suppress(OSError):
        host.close()


def _begin(host: smtplib.SMTP, envelope: Envelope) -> None:
    if envelope.options and not host.has_extn("smtputf8"):
        raise MailRefused(
            "The mail server cannot send to an address with letters outside plain ASCII (SMTPUTF8)."
        )
    try:
        answer = Answer(*host.mail(envelope.sender, envelope.options))
    except _LOST as error:
        hang_up(host)
        raise NotBegun("The connection to the mail server was lost.") from error
    if answer.code == _GOING_AWAY:
        hang_up(host)
        raise NotBegun(_CLOSING)
    if answer.code != 250:  # about the desk, not about the recipient: settings can mend it
        raise MailBusy(f"The mail server does not take mail from the desk now ({answer.label}).")


def _name_recipient(host: smtplib.SMTP, envelope: Envelope) -> None:
    try:
        answer = Answer(*host.rcpt(envelope.recipient))
    except _LOST as error:
        hang_up(host)
        raise MailBusy("The connection was lost before the mail was sent.") from error
    if answer.code not in (250, 251):
        raise _refusal(host, answer, "this address")


def _hand_over(host: smtplib.SMTP, envelope: Envelope) -> None:
    try:
        answer = Answer(*host.docmd("DATA"))
        if answer.code != 354:
            raise _refusal(host, answer, "this mail")
        # One write: when it fails, its end, the dot, has not left this machine.
        host.send(_stuffed(envelope.data))
    except _LOST as error:
        hang_up(host)
        raise MailBusy("The connection was lost before the mail was sent whole.") from error
    _await_verdict(host)


def _await_verdict(host: smtplib.SMTP) -> None:
    try:
        answer = Answer(*host.getreply())
    except _LOST as error:
        answer = Answer(-1, str(error).encode())
    if not 200 <= answer.code < 600:
        hang_up(host)
        raise MailUncertain(
            "The mail was handed over, but the server's answer did not come; it is sent again "
            "with the same Message-ID, so it may arrive twice."
        )
    if answer.code >= 300:
        raise _refusal(host, answer, "this mail")


def _refusal(host: smtplib.SMTP, answer: Answer, what: str) -> MailBusy | MailRefused:
    if answer.code == _GOING_AWAY:
        hang_up(host)
        return MailBusy(_CLOSING)
    if answer.code in _AUTH_CODES:
        return MailBusy(f"The mail server wants the desk to log in ({answer.label}).")
    if 500 <= answer.code < 600:
        return MailRefused(f"The mail server refused {what} for good ({answer.label}).")
    return MailBusy(f"The mail server does not take {what} now ({answer.label}).")


def _stuffed(data: bytes) -> bytes:
    return re.sub(rb"(?m)^\.", b"..", data) + b".\r\n"
