"""Do what the README tells a newcomer, and look hard: make run, use it, stop it, nothing is left.

    python3 scripts/newcomer.py CLONE

In a folder that holds a clone and nothing else. Needs no package. Prints one line per thing seen;
exits 1 at the first that is not as promised. Linux (it reads /proc).
"""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MARK = "NEWCOMER"

# Seconds.
SETS_UP_WITHIN = 600
STOPS_WITHIN = 30


class NotAsPromised(Exception):
    """The message says what."""


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body; (0, why) when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def marked(mark: str) -> list[str]:
    """The processes that came from ours, however they were started."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append(f"{process.name} {command}")
    return found


def wait_until(what: str, holds: Callable[[], bool], seconds: float) -> None:
    started = time.monotonic()
    while not holds():
        if time.monotonic() - started > seconds:
            raise NotAsPromised(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.5)
    print(f"{what}: after {time.monotonic() - started:.1f} seconds", flush=True)


def use(port: int, run: "subprocess.Popen[bytes]") -> None:
    def ready() -> bool:
        if run.poll() is not None:
            raise NotAsPromised(f"make run ended by itself, with status {run.returncode}")
        return get(port, "/readyz")[0] == http.client.OK

    wait_until("make run, from an empty clone to /readyz", ready, SETS_UP_WITHIN)
    status, page = get(port, "/sign-in")
    if status != http.client.OK or "<form" not in page:
        raise NotAsPromised(f"The sign-in page answers {status}:\n{page[:2000]}")
    print("The sign-in page is there", flush=True)


def visit(clone: Path) -> None:
    mark = secrets.token_hex(8)
    port = free_port()
    run = subprocess.Popen(
        ["make", "run"],  # noqa: S607 - the one on the PATH, as a newcomer would
        cwd=clone,
        env={**os.environ, MARK: mark, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        use(port, run)
        run.send_signal(signal.SIGTERM)
        wait_until("SIGTERM to make run, until all has ended", lambda: ended(run), STOPS_WITHIN)
        wait_until("No process left", lambda: not marked(mark), 2)
    except NotAsPromised:
        print("Processes:", *marked(mark), sep="\n  ", flush=True)
        raise
    finally:
        for process in marked(mark):
            with suppress(ProcessLookupError):
                os.kill(int(process.split()[0]), signal.SIGKILL)


def ended(run: "subprocess.Popen[bytes]") -> bool:
    return run.poll() is not None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    try:
        visit(Path(sys.argv[1]))
    except NotAsPromised as fault:
        sys.exit(f"NOT AS THE README PROMISES: {fault}")
