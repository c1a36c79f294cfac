"""The real thing: the launcher with web and worker, on a free port and an instance of its own."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from helpdesk.processes import ROOT, STOP_WITHIN, die_with_parent
from tests.support.smtp import SmtpServer

READY = "The help desk is ready: "
READY_WITHIN = 120.0  # beside other work on two cores it took 38
OURS = ("HELPDESK_", "MAIL_", "FLASK_", "GUNICORN_")


@dataclass
class LiveServer:
    base_url: str
    instance: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def accounts(self) -> list[dict[str, str]]:
        """The demo accounts, a row each."""
        with (self.instance / "demo-accounts.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def stop(self) -> int:
        """By SIGTERM: all finish what they are at. Gives the exit status; may be repeated."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(2 * STOP_WITHIN)

    def processes(self) -> list[psutil.Process]:
        """All that runs beneath the launcher now."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker_pid(self) -> int | None:
        return self.child("worker")

    def web_pid(self) -> int | None:
        """gunicorn's master; `processes` has its workers too."""
        return self.child("gunicorn")

    def child(self, word: str) -> int | None:
        """The launcher's child with this word in its command; None while it is being restarted."""
        for process in psutil.Process(self.process.pid).children():
            try:
                if word in process.cmdline():
                    return process.pid
            except psutil.NoSuchProcess:
                continue
        return None


class StartServer(Protocol):
    """`env` adds to the environment, which holds none of the caller's settings."""

    def __call__(self, env: Mapping[str, str] | None = None) -> LiveServer: ...


def start(folder: Path, env: Mapping[str, str]) -> LiveServer:
    instance = folder / "instance"
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk.serve"],
            cwd=ROOT,
            env={**bare_environment(), "HELPDESK_INSTANCE": str(instance), **env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - calls prctl, no more
        )
    try:
        return LiveServer(wait_until_ready(process, log), instance, log, process)
    except BaseException:
        process.kill()
        raise


def bare_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "HELPDESK_ENV": "development", "PORT": "0"}


def mailing_to(smtp: SmtpServer) -> dict[str, str]:
    return {"MAIL_SERVER": smtp.host, "MAIL_PORT": str(smtp.port)}


def wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that the launcher prints once /readyz answers 200."""
    deadline = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        time.sleep(0.05)
    raise AssertionError(f"The server did not become ready:\n{log.read_text(errors='replace')}")


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers of the test's own. They are stopped after it, or killed if they won't."""
    started: list[LiveServer] = []

    def begin(env: Mapping[str, str] | None = None) -> LiveServer:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        started.append(start(folder, env or {}))
        return started[-1]

    yield begin
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def live_server(
    _smtp_server: SmtpServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One server for the tests of a file, on SQLite, with demo data, mailing to `smtp_server`."""
    server = start(tmp_path_factory.mktemp("live-server"), mailing_to(_smtp_server))
    yield server
    server.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share a server in one process (pytest-xdist, --dist loadgroup)."""
    for item in items:
        if "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
