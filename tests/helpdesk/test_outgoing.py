"""Calls to other machines: where they go, what is carried there, and how much comes back."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest

from helpdesk.outgoing.address import is_allowed
from helpdesk.outgoing.caller import Caller
from helpdesk.outgoing.errors import NoAnswer, NotAllowed
from tests.support.scim import Quiet

pytestmark = pytest.mark.sockets

OUTSIDE = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
OURS = ["127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "::1", "fd00::1", "100.64.0.1",
        "::ffff:10.1.2.3", "2002:0a01:0203::1", "64:ff9b::a01:203"]  # fmt: skip
NOWHERE = str(ip_address(0))
NEVER = ["169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1", NOWHERE, "::",
         "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]  # fmt: skip


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_machine_in_the_world_may_be_called(address: str) -> None:
    assert is_allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", OURS)
def test_one_in_our_own_network_only_where_the_site_says_so(address: str) -> None:
    assert not is_allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "fd00::1"])
def test_where_it_says_so_it_may(address: str) -> None:
    assert is_allowed(ip_address(address), private=True)


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [True, False])
def test_some_are_never_called(address: str, private: bool) -> None:
    assert not is_allowed(ip_address(address), private=private)


class Server:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.headers, self.pieces = "200 OK", [("X-Is", "it")], [b"hello"]
        self.server = make_server("127.0.0.1", 0, self.answer, handler_class=Quiet)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_about: None  # type: ignore[method-assign]
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.asked.append(environ)
        start_response(self.status, self.headers)
        return self.pieces

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def caller(server: Server, **more: Any) -> Caller:
    base = f"http://127.0.0.1:{server.port}/v2"
    usual: dict[str, Any] = {"base": base, "private": True, "timeout": 5.0}
    return Caller(**(usual | more))


def test_an_answer_comes_back_whole(server: Server) -> None:
    answer = caller(server).call("GET", "/Users", query={"filter": 'a eq "b&c"'})
    assert (answer.status, answer.body, answer.headers["x-is"]) == (200, b"hello", "it")
    assert server.asked[0]["PATH_INFO"] == "/v2/Users"
    assert server.asked[0]["QUERY_STRING"] == "filter=a+eq+%22b%26c%22"


def test_a_machine_of_ours_is_not_asked_where_nobody_said_so(server: Server) -> None:
    with pytest.raises(NotAllowed, match="not to be called"):
        caller(server, private=False).call("GET", "/Users")
    assert server.asked == []


def test_a_name_is_looked_up_once_and_called_where_it_was_then(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **more: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    base = f"http://directory.example:{server.port}/v2"
    assert caller(server, base=base).call("GET", "/Users").status == 200
    assert server.asked[0]["HTTP_HOST"] == f"directory.example:{server.port}"
    assert looked_up[0] == "directory.example"
    assert set(looked_up[1:]) <= {"127.0.0.1"}


def test_a_name_that_leads_into_our_network_as_well_is_not_called(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(NotAllowed):
        caller(server, base="http://directory.example", private=False).call("GET", "/Users")


def test_a_redirect_is_an_answer_and_the_token_stays_here(server: Server) -> None:
    other = Server()
    server.status = "307 Temporary Redirect"
    server.headers = [("Location", f"http://127.0.0.1:{other.port}/v2/Users")]
    answer = caller(server, headers={"Authorization": "Bearer t"}).call("GET", "/Users")
    other.stop()
    assert answer.status == 307
    assert (len(server.asked), other.asked) == (1, [])


def test_no_proxy_and_no_netrc_of_the_machine_comes_in_between(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login joe password hush\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert caller(server).call("GET", "/Users").status == 200
    assert "HTTP_AUTHORIZATION" not in server.asked[0]


def test_an_answer_that_is_too_long_is_left(server: Server) -> None:
    server.pieces = [b"x" * 1000] * 20
    assert len(caller(server, longest=20_000).call("GET", "/Users").body) == 20_000
    with pytest.raises(NoAnswer, match="longer than"):
        caller(server, longest=19_999).call("GET", "/Users")


def test_a_machine_that_says_nothing_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NoAnswer, match="did not answer"):
            Caller(base, private=True, timeout=0.2).call("GET", "/Users")


CHUNKED = (b"Transfer-Encoding: chunked", b"1\r\nx\r\n")
COUNTED = (b"Content-Length: 100", b"x")


@pytest.mark.parametrize(("header", "letter"), [CHUNKED, COUNTED])
def test_a_machine_that_says_a_letter_now_and_then_is_left_in_time(
    header: bytes, letter: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        over = threading.Event()
        told = (slow, over, header, letter)
        threading.Thread(target=drip, args=told, daemon=True).start()
        base = f"http://127.0.0.1:{slow.getsockname()[1]}"
        with pytest.raises(NoAnswer, match="took too long"):
            Caller(base, private=True, timeout=0.3).call("GET", "/Users")
        over.set()


def drip(slow: socket.socket, over: threading.Event, header: bytes, letter: bytes) -> None:
    line, _address = slow.accept()
    with line:
        line.sendall(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\n")
        for _ in range(100):
            try:
                line.sendall(letter)
            except OSError:
                return
            if over.wait(0.05):
                return


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For `directory.example`, which no system trusts."""
    folder = tmp_path_factory.mktemp("certificates")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=directory.example", "-addext",
                "subjectAltName=DNS:directory.example", "-keyout", str(folder / "key.pem"),
                "-out", str(folder / "cert.pem")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def tls_server(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Every name leads to it."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, port, *a, **m: real("127.0.0.1", port, *a, **m)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    server = Server(context)
    yield server
    server.stop()


def test_tls_asks_for_the_name_and_not_for_the_address(
    tls_server: Server, certificates: Path
) -> None:
    base = f"https://directory.example:{tls_server.port}/v2"
    trusted = caller(tls_server, base=base, authority=str(certificates / "cert.pem"))
    assert trusted.call("GET", "/Users").body == b"hello"


@pytest.mark.parametrize(
    ("host", "trusts"), [("other.example", True), ("directory.example", False), ("127.0.0.1", True)]
)
def test_a_machine_that_cannot_prove_its_name_gets_nothing(
    tls_server: Server, certificates: Path, host: str, trusts: bool
) -> None:
    authority = str(certificates / "cert.pem") if trusts else ""
    base = f"https://{host}:{tls_server.port}/v2"
    with pytest.raises(NoAnswer, match="SSLError"):
        caller(tls_server, base=base, authority=authority).call("GET", "/Users")
    assert tls_server.asked == []
