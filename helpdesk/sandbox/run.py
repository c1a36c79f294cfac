"""Runs the reading of a stranger's file in a process of its own, that can't do much harm.

It has little memory and time, writes no file, sees no environment of ours and no folder of ours.
Bombs, cycles and deep nesting end there; whoever asked is told that the file can't be read.
"""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
SECONDS = 10
PROCESSES = 0
ANSWER = 4 * 1024 * 1024
ROOM = Path(__file__).parent


class Unreadable(Exception):
    """The program ended without an answer: it ran out of memory or time, or broke."""


def run(program: str, question: dict[str, Any], data: bytes, *, most: int = ANSWER) -> bytes:
    """What the program says of the file, in `most` bytes or fewer. Raises `Unreadable`."""
    command = [sys.executable, "-I", "-B", str(ROOM / program)]
    line = json.dumps(question).encode() + b"\n"
    try:
        done = subprocess.run(
            command, input=line + data, capture_output=True, timeout=SECONDS, env={}, cwd="/",
            preexec_fn=_limit, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unreadable("time") from None
    if done.returncode != 0 or len(done.stdout) > most:
        raise Unreadable(_why(done.returncode))
    return done.stdout


def _why(code: int) -> str:
    return "time" if code in {-signal.SIGXCPU, -signal.SIGKILL} else "broken"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
