"""A client that keeps its connection and its cookie, and expects what it gets."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


class Unexpected(Exception):
    """An answer of another kind than a measurement can do with."""


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in: what their browser would send along."""

    cookie: str = ""
    token: str = ""


@dataclass(frozen=True)
class Sent:
    """What a POST carries."""

    body: bytes
    kind: str = FORM


@dataclass
class Client:
    port: int
    visitor: Visitor = field(default_factory=Visitor)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.connection.close()

    def get(self, path: str) -> bytes:
        return self.ask("GET", path, 200)[0]

    def post(self, path: str, sent: Sent, status: int = 302) -> str:
        """Where the answer leads."""
        return self.ask("POST", path, status, sent)[1].get("Location", "")

    def ask(
        self, method: str, path: str, status: int, sent: Sent | None = None
    ) -> tuple[bytes, http.client.HTTPMessage]:
        headers = {"Cookie": self.visitor.cookie} if self.visitor.cookie else {}
        if sent is not None:
            headers["Content-Type"] = sent.kind
        self.connection.request(method, path, sent.body if sent else None, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != status:
            words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode(errors="replace")))
            raise Unexpected(f"{method} {path}: {answer.status}, not {status}: {words[:800]}")
        return body, answer.headers


def form(**fields: str) -> Sent:
    return Sent(urlencode(fields).encode())


def sign_in(port: int, username: str, password: str) -> Visitor:
    """Through the pages, as a person does."""
    with Client(port) as client:
        page, headers = client.ask("GET", "/sign-in", 200)
        client.visitor = Visitor(_cookie(headers))
        typed = form(csrf_token=token_on(page), username=username, password=password, next="")
        _, headers = client.ask("POST", "/sign-in", 302, typed)
        client.visitor = Visitor(_cookie(headers))
        page, headers = client.ask("GET", "/", 200)
        return Visitor(_cookie(headers), token_on(page))


def token_on(page: bytes) -> str:
    found = TOKEN.search(page.decode())
    if found is None:
        raise Unexpected("The page has no form.")
    return found[1]


def _cookie(headers: http.client.HTTPMessage) -> str:
    jar = SimpleCookie()
    for line in headers.get_all("Set-Cookie", []):
        jar.load(line)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
