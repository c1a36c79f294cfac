"""Asks clamd, the daemon of ClamAV, whether there is a virus in a file.

Its protocol: a command that ends with NUL, for INSTREAM chunks with their length before each and an
empty one at the end, then one answer that ends with NUL. It answers early when the file is larger
than it takes (`StreamMaxLength` in its settings), and listens no more.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import IO

CHUNK = 64 * 1024
CONNECT_WITHIN = 2.0  # seconds
ANSWER_WITHIN = 20.0
PONG_WITHIN = 3.0
LONGEST_ANSWER = 4096
FOUND, CLEAN = " FOUND", ": OK"


class NoAnswer(Exception):
    """Nobody can say whether there is a virus in it; the message tells why."""


def virus_in(address: str, stream: IO[bytes]) -> str | None:
    """The name of the virus; None for a clean file. `address`: the path of a socket, or host:port.
    Raises `NoAnswer`."""
    answer = _asked(address, b"zINSTREAM\0", ANSWER_WITHIN, stream)
    if answer.endswith(FOUND):
        return answer.removesuffix(FOUND).partition(": ")[2][:100] or "a virus"
    if answer.endswith(CLEAN):
        return None
    raise NoAnswer(answer or "It hung up.")


def answers(address: str) -> bool:
    try:
        return _asked(address, b"zPING\0", PONG_WITHIN) == "PONG"
    except NoAnswer:
        return False


def _asked(address: str, command: bytes, within: float, stream: IO[bytes] | None = None) -> str:
    ends = time.monotonic() + within
    try:
        with _connected(address) as link:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered already
                _send(link, command, stream, ends)
            return _answer(link, ends)
    except (OSError, ValueError, OverflowError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), CONNECT_WITHIN)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(CONNECT_WITHIN)
        link.connect(address)
    except BaseException:
        link.close()
        raise
    return link


def _send(link: socket.socket, command: bytes, stream: IO[bytes] | None, ends: float) -> None:
    _wait_until(link, ends)
    link.sendall(command)
    if stream is None:
        return
    while chunk := stream.read(CHUNK):
        _wait_until(link, ends)
        link.sendall(struct.pack(">I", len(chunk)) + chunk)
    link.sendall(bytes(4))


def _answer(link: socket.socket, ends: float) -> str:
    told = b""
    while not told.endswith(b"\0") and len(told) < LONGEST_ANSWER:
        _wait_until(link, ends)
        part = link.recv(LONGEST_ANSWER)
        if not part:
            break
        told += part
    return told.rstrip(b"\0").decode("utf-8", "replace").strip()


def _wait_until(link: socket.socket, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("It took too long.")
    link.settimeout(left)
