"""Letters, settings and servers for the mail room's tests; no app and no database."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk.mail import Letter, MailSettings
from tests.helpdesk.mail.loopback import Loopback, SmtpServer

WHEN = datetime(2026, 11, 23, 20, 15, 30, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost that no system trusts, and a client that does."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture
def make_letter() -> Callable[..., Letter]:
    """A letter with any field replaced."""

    def make(**changes: Any) -> Letter:
        fields: dict[str, Any] = {
            "key": "ticket:12:event:34:0",
            "thread": "ticket-12",
            "to_name": "Ann Lee",
            "to_address": "ann@harbor.example",
            "subject": "[HD-1042] received",
            "text": "Hello Ann Lee,\n\n.a line that begins with a dot\n.\nthe end\n",
            "html": "<p>Hello Ann Lee,</p>\n",
            "when": WHEN,
        }
        return Letter(**fields | changes)

    return make


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., MailSettings]:
    """Settings for files, unless a server is given."""

    def make(**changes: Any) -> MailSettings:
        fields: dict[str, Any] = {
            "sender": "help@desk.example",
            "domain": "desk.example",
            "desk_name": "HAND Help Desk",
            "directory": tmp_path / "mail",
            "timeout": 5,
        }
        return MailSettings(**fields | changes)

    return make


@pytest.fixture
def start_smtp() -> Iterator[Callable[..., SmtpServer]]:
    """Starts servers with the options of aiosmtpd, and stops them all."""
    with ExitStack() as stack:

        def start(**options: Any) -> SmtpServer:
            controller = Loopback(**options)
            controller.start()
            stack.callback(controller.stop)
            return controller.desk

        yield start


@pytest.fixture
def smtp(start_smtp: Callable[..., SmtpServer]) -> SmtpServer:
    """A plain server."""
    return start_smtp()


@pytest.fixture
def smtp_settings(
    smtp: SmtpServer, make_settings: Callable[..., MailSettings]
) -> Callable[..., MailSettings]:
    """Settings that lead to `smtp`."""

    def make(**changes: Any) -> MailSettings:
        return make_settings(**{"server": "127.0.0.1", "port": smtp.port} | changes)

    return make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Made for this run; needs the openssl command."""
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = str(folder / "key.pem"), str(folder / "cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert]
    subprocess.run(command, check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return Certificate(server, ssl.create_default_context(cafile=cert))
