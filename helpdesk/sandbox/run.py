"""Runs the reading of a stranger's file in a process of its own, that can't do much harm.

It has little memory and time, writes no file, sees no environment of ours and no folder of ours.
Bombs, cycles and deep nesting end there; whoever asked is told that the file can't be read.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Any

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
SECONDS = 10
ANSWER = 4 * 1024 * 1024
AT_ONCE = 2
"""Of one process of ours: each may take all of its memory and time."""

PATIENCE = 6.0
"""Seconds to wait for a place among them."""

LAUNCH = Path(__file__).with_name("launch.py")


BUSY = "busy"

_places = BoundedSemaphore(AT_ONCE)


class Unreadable(Exception):
    """There is no answer. The program ended without one: it ran out of memory or time, or broke; or
    too many others were at work, which says nothing of the file: `BUSY`."""


def run(program: str, question: dict[str, Any], data: bytes, *, most: int = ANSWER) -> bytes:
    """What the program says of the file, in `most` bytes or fewer. Raises `Unreadable`.

    `program`: the name of one beside this.
    """
    with _place():
        return _run(program, question, data, most)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Unreadable(BUSY)
    try:
        yield
    finally:
        _places.release()


def _run(program: str, question: dict[str, Any], data: bytes, most: int) -> bytes:
    command = [sys.executable, "-I", "-B", str(LAUNCH), program, str(MEMORY), str(CPU_SECONDS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={}, cwd="/",
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        killer = Timer(SECONDS, process.kill)
        killer.start()
        try:
            _tell(process.stdin, json.dumps(question).encode() + b"\n" + data)
            answer = process.stdout.read(most + 1)
        finally:
            process.stdout.close()  # whoever goes on talking ends there
            code = process.wait()
            killer.cancel()
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise Unreadable("time")
    if code != 0 or len(answer) > most:
        raise Unreadable("broken")
    return answer


def _tell(stdin: IO[bytes], words: bytes) -> None:
    """The programs read all of it before they say anything; one that has ended hears nothing."""
    with suppress(BrokenPipeError):
        stdin.write(words)
    with suppress(BrokenPipeError):
        stdin.close()
