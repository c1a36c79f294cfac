"""An SMTP server that takes everything, in a process of its own, and counts.

It is aiosmtpd: a mail costs it about what it costs a mail server to take one in, but for the disk.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

STARTS_WITHIN = 60.0


@dataclass(frozen=True)
class Arrivals:
    """Moments are of `time.monotonic`, which all processes share; 0 while there is none."""

    count: int = 0
    size: int = 0
    first: float = 0.0
    last: float = 0.0


@dataclass
class Sink:
    port: int
    line: Connection

    def arrivals(self) -> Arrivals:
        """Since `clear`."""
        return self._ask("arrivals")

    def clear(self) -> None:
        self._ask("clear")

    def _ask(self, word: str) -> Arrivals:
        self.line.send(word)
        found = self.line.recv()
        assert isinstance(found, Arrivals)
        return found


class Counter:
    """aiosmtpd calls `handle_DATA`; the other end of the line asks for what it counted."""

    def __init__(self, line: Connection) -> None:
        self.line = line
        self.arrivals = Arrivals()

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:
        before, at = self.arrivals, time.monotonic()
        size = len(envelope.content or b"")
        self.arrivals = Arrivals(before.count + 1, before.size + size, before.first or at, at)
        return "250 OK"

    def answer(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            word = self.line.recv()
        except EOFError:
            loop.stop()
            return
        if word == "clear":
            self.arrivals = Arrivals()
        self.line.send(self.arrivals)


@contextmanager
def listening() -> Iterator[Sink]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    if not ours.poll(STARTS_WITHIN):
        raise TimeoutError("The mail sink did not start.")
    port = ours.recv()
    try:
        yield Sink(port, ours)
    finally:
        ours.close()
        process.join(5)


def _run(line: Connection) -> None:
    loop = asyncio.new_event_loop()
    counter = Counter(line)
    controller = UnthreadedController(
        counter, hostname="127.0.0.1", port=0, server_hostname="localhost", loop=loop
    )
    controller.begin()  # type: ignore[no-untyped-call]
    assert isinstance(controller.server, asyncio.Server), "it listens"
    line.send(controller.server.sockets[0].getsockname()[1])
    loop.add_reader(line.fileno(), counter.answer, loop)
    loop.run_forever()
