"""Starts the programs beside it, each in a process of its own and within limits.

    python -I -B launch.py

To load what they are made of takes ten times as long as their work. So this process has it loaded,
and copies itself for each file; it never looks at a file itself. Standard input is a socket: each
packet is JSON, {"program", "memory" in bytes, "cpu" and "seconds"}, and two descriptors, one for
the program's input and output, one for its end: the exit code, negative for a signal. It ends when
whoever started it does, or after `IDLE` seconds without work.
"""

import contextlib
import importlib
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOADED = ("PIL.Image", "PIL.ImageChops", "PIL.ImageOps", "pypdf", "pypdf.generic", "pypdfium2",
          "zipfile")  # fmt: skip
"""What the programs import."""

IDLE = 60.0
PACKET = 4096


@dataclass(frozen=True)
class Child:
    pid: int
    report: int
    ends: float


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    bell, ringer = socket.socketpair()
    ringer.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(ringer.fileno())
    _load()
    children: dict[int, Child] = {}
    while True:
        ready, _, _ = select.select([control, bell], [], [], _patience(children))
        if not ready and not children:
            return
        if bell in ready:
            bell.recv(PACKET)
        _end(children)
        if control in ready:
            packet, descriptors, _, _ = socket.recv_fds(control, PACKET, 2)
            if not packet:  # whoever started us is gone
                for pid in children:
                    _kill(pid)
                return
            child = _start(json.loads(packet), *descriptors)
            children[child.pid] = child


def _load() -> None:
    for name in LOADED:
        importlib.import_module(name)


def _patience(children: dict[int, Child]) -> float:
    if not children:
        return IDLE
    return max(0.0, min(child.ends for child in children.values()) - time.monotonic())


def _end(children: dict[int, Child]) -> None:
    """Of those that have taken too long, and tells of all that have ended."""
    for child in children.values():
        if child.ends <= time.monotonic():
            _kill(child.pid)
    for pid in list(children):
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            _kill(pid)
            _, status = os.waitpid(pid, 0)
            report = children.pop(pid).report
            with contextlib.suppress(OSError):  # nobody waits for it any more
                os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(report)


def _kill(pid: int) -> None:
    """With all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _start(asked: dict[str, Any], talk: int, report: int) -> Child:
    pid = os.fork()
    if pid == 0:
        os.close(report)
        _be(asked, talk)
    os.close(talk)
    return Child(pid, report, time.monotonic() + asked["seconds"])


def _be(asked: dict[str, Any], talk: int) -> None:
    """The copy, which becomes the program and never returns."""
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(talk, 0)
        os.dup2(talk, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
        _limit(asked["memory"], asked["cpu"])
        runpy.run_path(str(Path(__file__).parent / asked["program"]), run_name="__main__")
        sys.stdout.flush()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    finally:
        os._exit(code)


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
