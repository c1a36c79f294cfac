"""Virus scanners: the real clamd where it is installed, with a list of its own that knows EICAR
alone, and a stand-in that speaks its protocol. What is tested of one is tested of both."""

import hashlib
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""No virus; every scanner calls it one, so that it can be tried."""

VIRUS = "Eicar-Test"
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
LARGEST = 1024 * 1024
STARTS_WITHIN = 30.0

CONFIGURATION = """
LocalSocket {folder}/socket
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength {largest}
MaxThreads 2
User {user}
"""


class StandIn:
    """Knows EICAR, wherever in a stream it stands. `answer` changes what it says to a stream;
    None: it says nothing."""

    def __init__(self, address: Path) -> None:
        self.address = str(address)
        self.answer: Callable[[bytes], bytes | None] = _judged
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.address)
        self.listener.listen(8)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            with link, suppress(OSError):
                self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        with link.makefile("rb") as told:
            command = b""
            while not command.endswith(b"\0"):
                command += told.read(1)
            if command == b"zPING\0":
                link.sendall(b"PONG\0")
                return
            data = b""
            while (length := struct.unpack(">I", told.read(4))[0]) and len(data) <= LARGEST:
                data += told.read(length)
            if (answer := self.answer(data)) is not None:
                link.sendall(answer)


def _judged(data: bytes) -> bytes:
    if len(data) > LARGEST:
        return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Eicar-Test.UNOFFICIAL FOUND\0" if EICAR in data else b"stream: OK\0"


@contextmanager
def real() -> Iterator[str]:
    """The address of a clamd of our own, as long as it is needed."""
    folder = Path(mkdtemp(prefix="clamd-"))
    signatures = folder / "signatures"
    signatures.mkdir()
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (signatures / "ours.hdb").write_text(f"{digest}:{len(EICAR)}:{VIRUS}\n")
    (signatures / "ours.ndb").write_text(f"{VIRUS}:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    user = Path("/proc/self").owner()
    settings.write_text(CONFIGURATION.format(folder=folder, largest=LARGEST, user=user))
    process = subprocess.Popen([str(CLAMD), "--config-file", str(settings)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_for(folder / "socket", process)
        yield str(folder / "socket")
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _wait_for(address: Path, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while not address.exists():
        assert process.poll() is None, "clamd has ended"
        assert time.monotonic() < ends, "clamd does not start"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    folder = Path(mkdtemp(prefix="clamd-"))
    scanner = StandIn(folder / "socket")
    yield scanner
    scanner.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def real_clamd() -> Iterator[str | None]:
    """None where it is not installed."""
    if CLAMD is None:
        yield None
        return
    with real() as address:
        yield address
