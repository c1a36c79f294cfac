"""The desk as production serves it, and the floor under the very same settings."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.client import Client
from bench.database import Filled
from helpdesk.processes import Child, stop
from helpdesk.serve import Launcher, environment, listen, url_of

DESK, FLOOR = "wsgi:app", "bench.floor:app"
FLOOR_URL, FLOOR_FOLDER = "BENCH_DATABASE_URL", "BENCH_FOLDER"
FIRST_PATH = {DESK: "/sign-in", FLOOR: "/queue"}


@dataclass
class Server:
    """`first_answer`: seconds from the start of the process to the first page."""

    port: int
    child: Child
    first_answer: float

    @property
    def pid(self) -> int:
        assert self.child.process is not None, "it is running"
        return self.child.process.pid

    def workers(self) -> list[int]:
        return [process.pid for process in psutil.Process(self.pid).children()]


@contextmanager
def serving(filled: Filled, what: str) -> Iterator[Server]:
    """Gunicorn by the launcher's own command, with another app in place of the desk for a floor."""
    with listen("127.0.0.1", 0) as listener:
        port = int(listener.getsockname()[1])
        child = Launcher(listener, env_of(filled, listener)).web()
        child.command[-1] = what
        began = time.perf_counter()
        child.start()
        try:
            with Client(port) as client:
                client.get(FIRST_PATH[what])
            yield Server(port, child, time.perf_counter() - began)
        finally:
            stop([child])


def env_of(filled: Filled, listener: socket.socket) -> dict[str, str]:
    folder = Path(filled.app.instance_path) / "floor"
    folder.mkdir(exist_ok=True)
    ours = environment(filled.env, url_of(listener))
    return {**ours, FLOOR_URL: filled.url, FLOOR_FOLDER: str(folder)}


@contextmanager
def working(filled: Filled) -> Iterator[Child]:
    """The worker, by the launcher's own command."""
    with listen("127.0.0.1", 0) as unused:
        child = Launcher(unused, env_of(filled, unused)).worker()
    child.start()
    try:
        yield child
    finally:
        stop([child])
