"""A mail server that takes its time, so that there is a moment between a mail and its receipt."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.smtp import Handler, Received, SmtpServer

RECEIPT_AFTER = 0.02  # seconds


class Unhurried(Handler):
    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(smtp, session, envelope)
        await asyncio.sleep(RECEIPT_AFTER)
        return answer


@contextmanager
def post_office() -> Iterator[SmtpServer]:
    server = SmtpServer()
    controller = Controller(
        Unhurried(server), hostname=server.host, port=server.port, server_hostname="localhost"
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def by_id(mails: list[Received]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for mail in mails:
        found.setdefault(mail.message_id, []).append(mail.raw)
    return found


def repeated(mails: list[Received]) -> Counter[str]:
    """The mails that came more than once, and how often."""
    counted = Counter(mail.message_id for mail in mails)
    return Counter({key: times for key, times in counted.items() if times > 1})
