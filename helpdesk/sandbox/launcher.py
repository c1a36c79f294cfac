"""The process that starts the sandbox's programs: one for each of ours that needs it, made when it
is needed first (see `launch`, which is that process)."""

import atexit
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Order:
    """`program`: the name of a file beside this one. `memory` in bytes, `cpu` and `seconds` (of
    the clock on the wall) in seconds."""

    program: str
    memory: int
    cpu: int
    seconds: float


class Launcher:
    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def start(self, order: Order) -> tuple[socket.socket, int]:
        """Where to talk with the program, and where its exit code will be told."""
        talk, theirs = socket.socketpair()
        report, reporter = os.pipe()
        try:
            self._send(json.dumps(asdict(order)).encode(), [theirs.fileno(), reporter])
        except BaseException:
            talk.close()
            os.close(report)
            raise
        finally:
            theirs.close()
            os.close(reporter)
        return talk, report

    def _send(self, packet: bytes, descriptors: list[int]) -> None:
        with self._lock:
            if self._control is None or self._owner != os.getpid() or self._has_ended():
                self._begin()
            assert self._control is not None
            try:
                socket.send_fds(self._control, [packet], descriptors)
            except (BrokenPipeError, ConnectionError):  # it was idle, and went just now
                self._begin()
                socket.send_fds(self._control, [packet], descriptors)

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _begin(self) -> None:
        self.stop()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(LAUNCH)], stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={}, cwd="/",
                start_new_session=True,
            )  # fmt: skip
        self._control, self._owner = mine, os.getpid()

    def stop(self) -> None:
        """It ends by itself once nobody can ask it. Another process's is none of ours."""
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.wait()
        self._process = self._control = None


launcher = Launcher()
atexit.register(launcher.stop)
