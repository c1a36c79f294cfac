"""Runs the reading of a stranger's file in a process of its own, that can't do much harm.

It has little memory and time, writes no file, sees no environment of ours and no folder of ours.
Bombs, cycles and deep nesting end there; whoever asked is told that the file can't be read.
"""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from helpdesk.sandbox.launcher import Order, launcher

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
SECONDS = 10
ANSWER = 4 * 1024 * 1024
CHUNK = 64 * 1024
GRACE = 2.0
"""Seconds after which we no longer wait for one that should have been ended."""

AT_ONCE = 2
"""Of one process of ours: each may take all of its memory and time."""

PATIENCE = 6.0
"""Seconds to wait for a place among them."""

BUSY = "busy"

_places = BoundedSemaphore(AT_ONCE)


class Unreadable(Exception):
    """There is no answer. The program ended without one: it ran out of memory or time, or broke; or
    too many others were at work, which says nothing of the file: `BUSY`."""


class _Gone(Exception):
    """The launcher has ended between being asked and starting the program."""


def run(program: str, question: dict[str, Any], data: bytes, *, most: int = ANSWER) -> bytes:
    """What the program says of the file, in `most` bytes or fewer. Raises `Unreadable`.

    `program`: the name of one beside this.
    """
    words = json.dumps(question).encode() + b"\n" + data
    with _place():
        try:
            return _run(program, words, most)
        except _Gone:
            with suppress(_Gone):
                return _run(program, words, most)
            raise Unreadable("broken") from None


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Unreadable(BUSY)
    try:
        yield
    finally:
        _places.release()


def _run(program: str, words: bytes, most: int) -> bytes:
    ends = monotonic() + SECONDS + GRACE
    talk, report = launcher.start(Order(program, MEMORY, CPU_SECONDS, SECONDS))
    with os.fdopen(report, "rb") as told:
        with talk:
            try:
                _tell(talk, words, ends)
                answer = _hear(talk, most, ends)
            except TimeoutError:
                raise Unreadable("time") from None
        if len(answer) > most:
            raise Unreadable("broken")
        code = told.read()
    if not code:
        raise _Gone
    return _judge(int(code), answer)


def _judge(code: int, answer: bytes) -> bytes:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise Unreadable("time")
    if code != 0:
        raise Unreadable("broken")
    return answer


def _tell(talk: socket.socket, words: bytes, ends: float) -> None:
    """The programs read all of it before they say anything; one that has ended hears nothing."""
    with suppress(BrokenPipeError, ConnectionResetError):
        talk.settimeout(max(0.1, ends - monotonic()))
        talk.sendall(words)
        talk.shutdown(socket.SHUT_WR)


def _hear(talk: socket.socket, most: int, ends: float) -> bytes:
    """All that is said; a little more than `most` of what is longer."""
    heard = bytearray()
    with suppress(ConnectionResetError):  # it ended without having listened
        while len(heard) <= most:
            talk.settimeout(max(0.1, ends - monotonic()))
            chunk = talk.recv(CHUNK)
            if not chunk:
                break
            heard += chunk
    return bytes(heard)
