"""An SMTP server on loopback that misbehaves when it is told to."""

import asyncio
import ssl
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "loopback-only"


class Act(Enum):
    """What a server can do besides answering."""

    DROP = auto()
    HANG = auto()


@dataclass
class SmtpServer:
    """Counts connections, keeps what it took, plays the planned answers at each stage.

    Stages: MAIL, RCPT, DATA (instead of the 354), BODY (after the 354, reading nothing) and
    DOT (after the last dot; a mail is kept before the answer goes out).
    """

    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    plans: dict[str, deque[str | Act]] = field(default_factory=lambda: defaultdict(deque))

    def plan(self, stage: str, *steps: str | Act) -> None:
        """One step for each time the stage is reached; afterwards all is well again."""
        self.plans[stage].extend(steps)

    async def at(self, stage: str, smtp: SMTP) -> str:
        """The answer now due, or "" for the ordinary one."""
        step = self.plans[stage].popleft() if self.plans[stage] else ""
        if isinstance(step, str):
            return step
        if step is Act.DROP and smtp.transport is not None:
            smtp.transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(60)  # ends with the connection
        return ""

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self.at("MAIL", server):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self.at("RCPT", server):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        planned = self.plans["DOT"]
        if not (planned and isinstance(planned[0], str) and not planned[0].startswith("2")):
            assert envelope.original_content is not None
            self.mails.append(envelope.original_content)
            self.recipients += envelope.rcpt_tos
        return await self.at("DOT", server) or "250 OK"


class _Talk(SMTP):
    """One connection."""

    def __init__(self, desk: SmtpServer, **options: Any) -> None:
        super().__init__(desk, **options)
        self.desk = desk

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.desk.connections += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if answer := await self.desk.at("DATA", self):
            await self.push(answer)
        elif self.desk.plans["BODY"]:
            await self.push("354 Go ahead")
            self.transport.pause_reading()  # type: ignore[union-attr]
            await self.desk.at("BODY", self)
        else:
            await super().smtp_DATA(arg)


class Loopback(Controller):
    """Serves on a port of the system's choice."""

    def __init__(self, tls: ssl.SSLContext | None = None, **options: Any) -> None:
        self.desk = SmtpServer()
        super().__init__(self.desk, hostname="127.0.0.1", port=0, ssl_context=tls, **options)

    def factory(self) -> SMTP:
        return _Talk(self.desk, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.desk.port = self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
        self.desk.connections = 0  # the controller's own try


def check_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    """An authenticator that knows one password."""
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)
