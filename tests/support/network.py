"""No test talks to the world, and none opens a socket without asking.

To ask: the marker `sockets`, or one of the fixtures in ASKING. It opens the loopback interface, no
more. PostgreSQL's own client is C and uses a Unix socket; neither is looked at here.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

ASKING = {"smtp_server", "scim_server", "live_server", "browser", "new_page", "page"}
NAMES = {"", "localhost"}


class SocketForbidden(AssertionError):
    """Not an OSError: nothing that retries on network errors may swallow it."""


class Guard:
    """Sees every use of a socket in this process (PEP 578). Outside tests loopback is open."""

    loopback_open = True

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            try:
                self.check(args[0].family, args[1])
            except SocketForbidden:
                args[0].close()
                raise
        elif event == "socket.getaddrinfo":
            self.check_host(args[0])

    def check(self, family: int, address: Any) -> None:
        if family not in (socket.AF_INET, socket.AF_INET6) or address is None:
            return
        self.check_host(address[0])
        if not self.loopback_open:
            raise SocketForbidden(f"This test opens a socket to {address}; see {__name__}")

    def check_host(self, host: Any) -> None:
        if not is_here(host.decode() if isinstance(host, bytes) else host or ""):
            raise SocketForbidden(f"This test reaches for {host}; tests stay on this machine")


def is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host in NAMES


GUARD = Guard()


def pytest_configure() -> None:
    sys.addaudithook(GUARD)


@pytest.fixture(autouse=True)
def _sockets_only_where_asked(request: pytest.FixtureRequest) -> Iterator[None]:
    asked = request.node.get_closest_marker("sockets") is not None
    GUARD.loopback_open = asked or not ASKING.isdisjoint(request.fixturenames)
    yield
    GUARD.loopback_open = True
