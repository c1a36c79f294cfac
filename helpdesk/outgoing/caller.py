"""Calls one other machine: no proxies, no redirects, no cookies, nothing kept between calls."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from helpdesk.outgoing.address import find
from helpdesk.outgoing.errors import NoAnswer

PIECE = 64 * 1024
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Answer:
    """`headers` by names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Caller:
    """Everything it asks for lies under `base`, so what `headers` carry goes to that host alone.

    `private`: the host may be in our own network. `timeout`: seconds, for the connection and then
    for the whole answer. `authority`: a file with the certificates that vouch for the host, beside
    those the world trusts. `longest`: bytes of an answer.
    """

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    private: bool = False
    timeout: float = 10.0
    authority: str = ""
    longest: int = 2 * 1024 * 1024

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Whatever the answer's status. Raises `NoAnswer` or `NotAllowed`."""
        parts = urlsplit(self.base)
        host = parts.hostname or ""
        address = find(host, parts.port or PORTS[parts.scheme], private=self.private)
        with requests.Session() as session:
            session.trust_env = False
            session.mount(f"{parts.scheme}://", _Pinned(host, address, parts.scheme))
            try:
                response = session.request(
                    method,
                    self.base.rstrip("/") + path,
                    params=query,
                    data=body,
                    headers={"Accept-Encoding": "identity", **self.headers, **(headers or {})},
                    timeout=self.timeout,
                    verify=self.authority or True,
                    allow_redirects=False,
                    stream=True,
                )
                return _answer(response, time.monotonic() + self.timeout, self.longest)
            except (requests.RequestException, HTTPError) as error:
                raise NoAnswer(f"{host} did not answer ({type(error).__name__}).") from error


class _Pinned(HTTPAdapter):
    """Connects to one address. To the machine there, and to TLS, the host keeps its name."""

    def __init__(self, host: str, address: str, scheme: str) -> None:
        self.address = f"[{address}]" if ":" in address else address
        named = {"server_hostname": host, "assert_hostname": host}
        self.of_tls: dict[str, Any] = named if scheme == "https" else {}
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **more: Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **more, **self.of_tls)

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        port = f":{parts.port}" if parts.port else ""
        request.url = urlunsplit(parts._replace(netloc=self.address + port))
        return super().send(request, *args, **more)


def _answer(response: requests.Response, until: float, longest: int) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = b"".join(_pieces(response, until, longest))
    return Answer(response.status_code, headers, body)


def _pieces(response: requests.Response, until: float, longest: int) -> Iterator[bytes]:
    """As they come in, so that somebody who sends a letter now and then does not hold us up."""
    length = 0
    while piece := response.raw.read1(PIECE, decode_content=True):
        length += len(piece)
        if length > longest:
            raise NoAnswer(f"The answer is longer than {longest} bytes.")
        if time.monotonic() > until:
            raise NoAnswer("The answer took too long.")
        yield piece
