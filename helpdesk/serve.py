"""Serve the desk: web and worker as one process tree, from an empty folder to a clean stop.

    python -m helpdesk.serve

SIGINT, SIGTERM and SIGHUP stop all of it. Each child leads a session of its own, so Ctrl-C in a
terminal reaches this process alone, which then tells each child in the word it understands: Huey
drops its running job on SIGTERM and finishes it on SIGINT; gunicorn finishes its requests on
SIGTERM. If this process is killed, the kernel sends the children the same words.

Settings read here, because they are needed before there is an app: PORT, HELPDESK_BIND (host:port),
HELPDESK_WEB_WORKERS, HELPDESK_INSTANCE, HELPDESK_SECRET_KEY, HELPDESK_ENV. The children get the
whole environment, with the gaps filled in.
"""

import http.client
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from helpdesk.processes import Child, GaveUp, say, stop

ROOT = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Seconds.
TICK = 0.2
GRACE_FOR_REQUESTS = 10

HIGHEST_PORT = 65535

LEAN = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(1024 * 1024)}
"""For glibc: the 19 MiB that judging a password takes go back to the system, in every thread."""


def address(given: Mapping[str, str]) -> tuple[str, int]:
    """Where to listen: HELPDESK_BIND, else PORT on the loopback interface."""
    bind = given.get("HELPDESK_BIND") or f"127.0.0.1:{given.get('PORT') or 8000}"
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or int(port) > HIGHEST_PORT:
        raise GaveUp(f"HELPDESK_BIND or PORT is not an address: {bind!r}. Like 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket. It is ours, so that callers wait, unrefused, while web is restarted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = str(error.strerror).partition(" (while")[0]
        raise GaveUp(
            f"Can't listen on {host}:{port}: {why}.\n"
            f"Stop what is listening there, or choose another port: make run PORT={port + 1}"
        ) from error


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def environment(given: Mapping[str, str], url: str) -> dict[str, str]:
    """The children's environment; makes the instance folder and its secret key where missing."""
    instance = Path(given.get("HELPDESK_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = {**LEAN, **given, "HELPDESK_INSTANCE": str(instance)}
    env["HELPDESK_ENV"] = given.get("HELPDESK_ENV") or "production"
    env["HELPDESK_SECRET_KEY"] = given.get("HELPDESK_SECRET_KEY") or kept_secret(instance)
    if env["HELPDESK_ENV"] == "development":
        env["HELPDESK_BASE_URL"] = given.get("HELPDESK_BASE_URL") or url
    return env


def kept_secret(instance: Path) -> str:
    """The instance's own random key, made once. Complete or absent, whenever the power goes."""
    kept = instance / "secret-key"
    if not kept.exists():
        draft = instance / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        with draft.open("w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            kept.hardlink_to(draft)
        draft.unlink()
    return kept.read_text().strip()


@dataclass
class Launcher:
    listener: socket.socket
    env: dict[str, str]
    stopping: bool = False
    ready: bool = False

    def run(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self.note_signal)
        self.prepare()
        children = [self.web(), self.worker()]
        try:
            while not self.stopping:
                for child in children:
                    child.tend()
                self.announce()
                time.sleep(TICK)
        finally:
            self.stop(children)

    def note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def prepare(self) -> None:
        say("Bringing the database up to date …")
        self.finish("database upgrade", [*FLASK, "db", "upgrade"])
        if self.env["HELPDESK_ENV"] == "development":
            say("Making sure that the demo data is there …")
            self.finish("demo data", [*FLASK, "demo"])

    def finish(self, name: str, command: list[str]) -> None:
        """Run one command to its end, unless we are told to stop."""
        if self.stopping:
            return
        step = Child(name, command, self.env, signal.SIGTERM)
        process = step.start()
        while process.poll() is None and not self.stopping:
            time.sleep(TICK / 4)
        self.stop([step])
        if process.returncode and not self.stopping:
            raise GaveUp(f"The {name} failed (status {process.returncode}); its words are above.")

    def web(self) -> Child:
        """Gunicorn. No access log: one-time links are in paths. No forwarded headers believed here:
        which proxy counts is the app's setting. Imported once and forked: importing opens nothing
        that two processes could not share, and asks the database nothing.
        """
        fd = self.listener.fileno()
        workers = self.env.get("HELPDESK_WEB_WORKERS") or "2"
        options = f"--bind fd://{fd} --workers {workers} --threads 4 --worker-class gthread"
        quiet = "--log-level warning --no-control-socket --forwarded-allow-ips="
        grace = f"--preload --graceful-timeout {GRACE_FOR_REQUESTS}"
        command = [sys.executable, "-m", "gunicorn", *f"{options} {quiet} {grace}".split()]
        return Child("web server", [*command, "wsgi:app"], self.env, signal.SIGTERM, (fd,))

    def worker(self) -> Child:
        return Child("worker", [*FLASK, "worker"], self.env, signal.SIGINT)

    def announce(self) -> None:
        """Once /readyz answers 200: say where the desk is."""
        if self.ready or not answers(self.listener, "/readyz"):
            return
        self.ready = True
        say(f"\nThe help desk is ready: {url_of(self.listener)}")
        if self.env["HELPDESK_ENV"] == "development":
            accounts = Path(self.env["HELPDESK_INSTANCE"], "demo-accounts.csv")
            say(f"Demo accounts: {shown(accounts)}")
        say("Ctrl-C stops it.\n")

    def stop(self, children: list[Child]) -> None:
        if self.stopping:
            self.listener.close()
        stop(children)


def answers(listener: socket.socket, path: str) -> bool:
    host, port = listener.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - no binding
    connection = http.client.HTTPConnection(reachable, port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def shown(path: Path) -> str:
    """The path as a person would type it from the folder they are in."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def main() -> int:
    try:
        with listen(*address(os.environ)) as listener:
            Launcher(listener, environment(os.environ, url_of(listener))).run()
    except GaveUp as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    say("The help desk has stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
