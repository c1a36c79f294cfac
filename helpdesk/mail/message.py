"""A letter, and the Flask-Mail message made of it: the same letter gives the same bytes."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr

from flask_mail import Message

from helpdesk.mail import wire
from helpdesk.mail.address import Address, parse_address
from helpdesk.mail.errors import MailBusy, MailRefused
from helpdesk.mail.settings import MailSettings

_LONGEST_SUBJECT, _LONGEST_NAME = 200, 100


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail to one person.

    `key` is the effect's stable key; `thread` names the conversation ("ticket-12") or is None.
    `when` (aware) becomes the Date: give the time the effect was owed and not the time of the
    attempt, and a repeated mail is the same to the last byte. `unsubscribe`: the page on which its
    reader turns such mails off.
    """

    key: str
    thread: str | None
    to_name: str
    to_address: str
    subject: str
    text: str = field(repr=False)  # the bodies may hold a one-time link: never in a log
    html: str = field(repr=False)
    when: datetime
    unsubscribe: str | None = field(default=None, repr=False)


class LetterMessage(Message):
    """Flask-Mail's message for one recipient, with bytes of our own making (see `wire`)."""

    def __init__(self, letter: Letter, settings: MailSettings) -> None:
        """Raise `MailRefused` for a bad recipient, `MailBusy` for a bad address of the desk."""
        name, address = settings.sender_name_and_address
        self.recipient = parse_address(letter.to_address)
        self.envelope_from = _own_address(address)
        self.letter = letter
        super().__init__(
            subject=wire.one_line(letter.subject, _LONGEST_SUBJECT),
            recipients=[str(self.recipient)],
            body=letter.text,
            html=letter.html,
            sender=str(self.envelope_from),
            date=letter.when.timestamp(),
            extra_headers=_extra_headers(letter, settings),
            mail_options=["SMTPUTF8", "BODY=8BITMIME"] if self.recipient.needs_utf8 else [],
        )
        self.msgId = message_id(letter.key, settings.domain)
        self._from = wire.mailbox(wire.one_line(name, _LONGEST_NAME), str(self.envelope_from))

    def as_bytes(self) -> bytes:
        """The mail with CRLF line ends, not yet dot-stuffed."""
        boundary = "=_" + _digest("boundary", self.msgId)
        return wire.mail(self._headers(), self.body or "", self.html or "", boundary)

    def as_string(self) -> str:
        """The same as text; Flask-Mail's own way needs an app and another format."""
        return self.as_bytes().decode("utf-8")

    def _headers(self) -> list[tuple[str, str]]:
        to_name = wire.one_line(self.letter.to_name, _LONGEST_NAME)
        return [
            ("Message-ID", self.msgId),
            ("Date", format_datetime(self.letter.when.astimezone(UTC))),
            ("From", self._from),
            ("To", wire.mailbox(to_name, str(self.recipient))),
            ("Subject", wire.words(self.subject)),
            *(self.extra_headers or {}).items(),
        ]


def build(letter: Letter, settings: MailSettings) -> LetterMessage:
    """The message for this letter; needs no app and no clock."""
    if letter.when.tzinfo is None:
        raise ValueError("Letter.when needs a time zone")
    return LetterMessage(letter, settings)


def message_id(key: str, domain: str) -> str:
    """Stable per key, and telling nothing about it to other people's mail servers."""
    return f"<{_digest('mail', key)}@{_own_domain(domain)}>"


def _extra_headers(letter: Letter, settings: MailSettings) -> dict[str, str]:
    # RFC 3834 and Exchange's word for it: no vacation note, no loop of robots.
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if letter.thread:
        # The root is no mail that exists: every mail of a thread names it, so order and losses
        # do not matter.
        root = f"<{_digest('thread', letter.thread)}@{_own_domain(settings.domain)}>"
        headers |= {"In-Reply-To": root, "References": root}
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{wire.one_line(letter.unsubscribe)}>"
    if settings.reply_to:
        name, address = parseaddr(settings.reply_to)
        headers["Reply-To"] = wire.mailbox(wire.one_line(name), str(_own_address(address)))
    return headers


def _own_address(text: str) -> Address:
    """The desk's own address: when it is bad, no recipient is to blame and settings are mended."""
    try:
        address = parse_address(text)
    except MailRefused:
        address = None
    if address is None or address.needs_utf8:
        raise MailBusy("The desk's own email address (MAIL_DEFAULT_SENDER, MAIL_REPLY_TO) is bad.")
    return address


def _own_domain(domain: str) -> str:
    return _own_address(f"x@{domain}").domain


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode()).hexdigest()[:40]
