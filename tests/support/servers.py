"""The real thing: the launcher with web and worker, on a free port and an instance of its own."""

import csv
import http.client
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from helpdesk.processes import ROOT, STOP_WITHIN, die_with_parent
from tests.support.demo_desk import bare_environment
from tests.support.smtp import SmtpServer

READY = "The help desk is ready: "
READY_WITHIN = 120.0  # generous: a busy machine is slow


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

    def renew(self, instance: Path) -> None:
        """The desk as it was at first: whatever remembers something is killed, the instance is
        replaced, and those that keep the others alive start them again."""
        launcher = psutil.Process(self.process.pid)
        keepers = [launcher, one_of(launcher.children(), "gunicorn")]
        for keeper in keepers:
            keeper.suspend()
        others = [each for each in launcher.children(recursive=True) if each not in keepers]
        for each in others:
            each.kill()
        await_that(lambda: not any(map(is_at_work, others)), "Some of the server did not die")
        shutil.rmtree(self.instance)
        shutil.copytree(instance, self.instance)
        for keeper in keepers:
            keeper.resume()
        await_that(self.is_ready, "The server did not come back")

    def is_ready(self) -> bool:
        link = http.client.HTTPConnection(self.base_url.removeprefix("http://"), timeout=5)
        try:
            link.request("GET", "/readyz")
            return link.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def one_of(processes: list[psutil.Process], word: str) -> psutil.Process:
    """The one with this word in its command."""
    (found,) = (each for each in processes if word in each.cmdline())
    return found


def is_at_work(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def await_that(holds: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


def start(folder: Path, env: Mapping[str, str], like: Path | None = None) -> LiveServer:
    """`like`: an instance to begin with a copy of; without one the desk begins with nothing."""
    instance = folder / "instance"
    if like is not None:
        shutil.copytree(like, instance)
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


class Kept:
    """The server that this process keeps for all its tests, started when first it is asked for."""

    def __init__(self, folder: Path, smtp: SmtpServer) -> None:
        self.folder, self.smtp = folder, smtp
        self.server: LiveServer | None = None

    def fresh(self, instance: Path) -> LiveServer:
        if self.server is None:
            self.server = start(self.folder, mailing_to(self.smtp), instance)
        else:
            self.server.renew(instance)
        return self.server

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()


@pytest.fixture(scope="session")
def _kept_server(
    _smtp_server: SmtpServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("live-server"), _smtp_server)
    yield kept
    kept.stop()


@pytest.fixture(scope="module")
def live_server(_kept_server: Kept, demo_instance: Path) -> LiveServer:
    """For the tests of a file: as new, on SQLite, with demo data, mailing to `smtp_server`."""
    return _kept_server.fresh(demo_instance)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share a server in one process (pytest-xdist, --dist loadgroup)."""
    for item in items:
        if "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
