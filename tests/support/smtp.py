"""An SMTP server on loopback that keeps what it gets and can be told to misbehave."""

import asyncio
import email.policy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Stage = Literal["MAIL", "RCPT", "DATA"]
OK = "250 OK"
HANG_UP = "hang up"


@dataclass(frozen=True)
class Received:
    """One accepted mail, as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: float

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def html(self) -> str:
        return self.part("html")

    def part(self, kind: Literal["plain", "html"]) -> str:
        """What a reader sees of it, with plain line ends; "" when there is none."""
        found = self.message.get_body((kind,))
        return str(found.get_content()).replace("\r\n", "\n") if found else ""


@dataclass
class Fault:
    """What to answer instead, at which stage, for whom (None: everybody), how often (None: on)."""

    answer: str
    at: Stage
    recipient: str | None
    times: int | None

    def strikes(self, stage: Stage, recipients: list[str]) -> bool:
        if stage != self.at or self.times == 0:
            return False
        if self.recipient is not None and self.recipient not in recipients:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class SmtpServer:
    """What tests hold. `messages` are those accepted, oldest first."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[Received] = []
        self.faults: list[Fault] = []
        self.connections = 0
        self.changed = threading.Condition()

    def clear(self) -> None:
        with self.changed:
            self.messages.clear()
            self.faults.clear()
            self.connections = 0

    def fail(
        self,
        answer: str = "451 4.3.0 Try again later",
        *,
        at: Stage = "RCPT",
        recipient: str | None = None,
        times: int | None = None,
    ) -> None:
        """Refuse from now on (`4xx …` for a while, `5xx …` for good), `times` times or always."""
        self.faults.append(Fault(answer, at, recipient, times))

    def hang_up_after_data(self, *, times: int | None = 1) -> None:
        """Keep the mail, but cut the line before saying so: the sender can't know."""
        self.faults.append(Fault(HANG_UP, "DATA", None, times))

    def heal(self) -> None:
        self.faults.clear()

    def to(self, recipient: str) -> list[Received]:
        return [mail for mail in self.messages if recipient in mail.recipients]

    def wait_for(
        self,
        found: Callable[[Received], bool] = lambda _mail: True,
        *,
        count: int = 1,
        timeout: float = 10.0,
    ) -> list[Received]:
        """At least `count` mails for which `found` holds, as soon as they are there."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while len(these := [mail for mail in self.messages if found(mail)]) < count:
                if not self.changed.wait(deadline - time.monotonic()):
                    raise AssertionError(
                        f"{len(these)} of {count} mails within {timeout} s; all that came: "
                        f"{[(mail.recipients, mail.subject) for mail in self.messages]}"
                    )
        return these

    def keep(self, mail: Received) -> None:
        with self.changed:
            self.messages.append(mail)
            self.changed.notify_all()

    def fault(self, stage: Stage, recipients: list[str]) -> str | None:
        return next((f.answer for f in self.faults if f.strikes(stage, recipients)), None)


class Handler:
    """aiosmtpd calls these, by these names, in its own thread."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, _smtp: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.server.connections += 1
        return answers

    async def handle_MAIL(
        self, _smtp: SMTP, _session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        if answer := self.server.fault("MAIL", []):
            return answer
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(
        self, _smtp: SMTP, _session: Session, envelope: Envelope, recipient: str, _: list[str]
    ) -> str:
        if answer := self.server.fault("RCPT", [recipient]):
            return answer
        envelope.rcpt_tos.append(recipient)
        return OK

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.server.fault("DATA", list(envelope.rcpt_tos))
        if answer is None or answer == HANG_UP:
            self.server.keep(received(envelope))
        if answer == HANG_UP and isinstance(smtp.transport, asyncio.Transport):
            smtp.transport.abort()
        return answer or OK


def received(envelope: Envelope) -> Received:
    content = envelope.content
    raw = content if isinstance(content, bytes) else str(content).encode()
    return Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, time.time())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[SmtpServer]:
    server = SmtpServer()
    controller = Controller(
        Handler(server),
        hostname=server.host,
        port=server.port,
        server_hostname="localhost",  # else it asks the name service who we are
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[SmtpServer]:
    with running() as server:
        yield server


@pytest.fixture
def smtp_server(_smtp_server: SmtpServer) -> Iterator[SmtpServer]:
    """An SMTP server, empty and well at each test's start; `live_server` sends to the same one."""
    _smtp_server.clear()
    yield _smtp_server
    _smtp_server.clear()
