"""Web and worker as real processes that can be killed at any moment and are started again at once.

They are forked from a server that has the desk's modules loaded already: the same commands as in
operation, without their seconds of importing. Each leads a session of its own, so that a SIGKILL
reaches all that a program has started.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask.cli import main as flask
from gunicorn.app.wsgiapp import run as gunicorn  # type: ignore[import-untyped]

PROGRAMS: dict[str, Callable[[], object]] = {"flask": flask, "gunicorn": gunicorn}
ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 60.0
TICK = 0.01


def forked() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["helpdesk", "gunicorn.workers.gthread", __name__])
    return context


def become(command: list[str], env: Mapping[str, str], log: str) -> None:
    """Run in the new process: be the program, as if called from the shell."""
    os.setsid()
    os.chdir(ROOT)
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.argv = command
    PROGRAMS[command[0]]()


@dataclass
class Program:
    """One of the desk's two programs."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    kills: int = 0
    process: ForkServerProcess | None = field(default=None, repr=False)

    def start(self) -> None:
        self.process = forked().Process(target=become, args=(self.command, self.env, str(self.log)))
        self.process.start()

    def kill(self) -> None:
        """The power goes: no word to anybody, and nothing of it is left."""
        assert self.process is not None
        assert self.process.pid is not None
        self.kills += 1
        wait_until(lambda: leads_a_session(self.process), f"{self.name} to be on its own")
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join(STARTS_WITHIN)

    def kill_and_start(self) -> None:
        self.kill()
        self.start()

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.is_alive()


def leads_a_session(process: ForkServerProcess | None) -> bool:
    """Or is gone: then there is nothing to be killed."""
    if process is None or process.pid is None or not process.is_alive():
        return True
    try:
        return os.getsid(process.pid) == process.pid
    except ProcessLookupError:
        return True


def worker(env: Mapping[str, str], folder: Path) -> Program:
    return Program("worker", ["flask", "--app", "wsgi", "worker"], env, folder / "worker.log")


def web(env: Mapping[str, str], folder: Path, port: int) -> Program:
    options = "--workers 1 --threads 4 --worker-class gthread --log-level warning"
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", *options.split(), "wsgi:app"]
    return Program("web", command, env, folder / "web.log")


def wait_until(holds: Callable[[], bool], what: str, seconds: float = STARTS_WITHIN) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} seconds for {what}")
        time.sleep(TICK)
