"""Programs that are kept alive: started, started again when they die, asked to stop, made to stop.

Each leads a session of its own, so that a signal from the terminal does not reach it, and is sent
its stop signal by the kernel (Linux) if the process that started it dies without a word.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Seconds.
STOP_WITHIN = 15.0
DIED_AT_ONCE = 5.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

FAILURES_ALLOWED = 2
PR_SET_PDEATHSIG = 1


class GaveUp(Exception):
    """There is no point in going on; the message says why."""


def say(words: str) -> None:
    print(words, flush=True)


@dataclass
class Child:
    """One program to keep alive, and the signal that asks it to finish."""

    name: str
    command: list[str]
    env: dict[str, str]
    stop_signal: signal.Signals
    fds: tuple[int, ...] = ()
    quick_deaths: int = 0
    failures: int = 0
    started: float = 0.0
    resume: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> subprocess.Popen[bytes]:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            pass_fds=self.fds,
            start_new_session=True,
            preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509 - we have no threads
        )
        return self.process

    def tend(self) -> None:
        """Start it if it does not run, after a pause that grows while it keeps dying."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self.note_death(self.process)
        if time.monotonic() >= self.resume:
            self.start()

    def note_death(self, process: subprocess.Popen[bytes]) -> None:
        """Count it. A SIGKILL (no memory left, an operator) is not its fault: it never ends us."""
        self.process = None
        self.signal_group(process, signal.SIGTERM)
        at_once = time.monotonic() - self.started < DIED_AT_ONCE
        self.quick_deaths = self.quick_deaths + 1 if at_once else 0
        killed = process.returncode == -signal.SIGKILL
        self.failures = 0 if not at_once else self.failures + (not killed)
        if self.failures > FAILURES_ALLOWED:
            raise GaveUp(f"The {self.name} keeps ending as soon as it is started; giving up.")
        pause = min(FIRST_PAUSE * 2**self.quick_deaths, LONGEST_PAUSE)
        self.resume = time.monotonic() + pause
        say(f"The {self.name} ended (status {process.returncode}); starting it again.")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def make_sure_it_stopped(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {self.name} did not stop within {STOP_WITHIN:.0f} seconds: killed.")
        self.signal_group(self.process, signal.SIGKILL)
        self.process.wait()

    @staticmethod
    def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Reach what it may have left behind: its children are in the group that it leads."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Run in the child before exec: have the kernel send `number` when the launcher dies."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    launcher = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number.value)
        if os.getppid() != launcher:
            os._exit(1)

    return arrange


def stop(children: Sequence[Child]) -> None:
    """Ask all of them first, then wait: together they have STOP_WITHIN seconds."""
    deadline = time.monotonic() + STOP_WITHIN
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.make_sure_it_stopped(deadline)
