"""A SCIM server over HTTP, scim2-server in a thread: `scim_server`. Tests can plan its mishaps.

It serves the users of RFC 7643 with an HMIS's own extension: locked, until when, access level.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from zoneinfo import ZoneInfo

import pytest
from scim2_models import ResourceType, Schema, ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from helpdesk.directory.scim.settings import ScimSettings

TOKEN = "a-token-of-the-tests"
HMIS = "urn:ietf:params:scim:schemas:extension:hmis:2.0:User"
LOCKED, UNTIL, LEVEL = f"{HMIS}:locked", f"{HMIS}:licenseUntil", f"{HMIS}:accessLevel"
DETROIT = ZoneInfo("America/Detroit")

StartResponse = Callable[..., Any]
Environ = dict[str, Any]


@dataclass(frozen=True)
class Mishap:
    """One answer that is not the server's own. `after`: it has done what it was asked for.

    `method` None: the next request, whatever it is.
    """

    status: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: bool = False
    method: str | None = None
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: dict[str, Any]


class ScimServer:
    def __init__(self) -> None:
        self.storage = InMemoryStorage()
        self.asked: list[Asked] = []
        self.plan: list[Mishap] = []
        self.application = _application(self.storage)
        self.server = make_server(
            "127.0.0.1", 0, self._serve, server_class=ThreadingWSGIServer, handler_class=Quiet
        )
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2"

    def settings(self, **changes: Any) -> ScimSettings:
        """Those with which the desk gets along with it."""
        values: dict[str, Any] = {
            "url": self.url, "token": TOKEN, "zone": DETROIT, "private": True, "timeout": 5.0,
            "locked": LOCKED, "until": UNTIL, "access_level": LEVEL,
        }  # fmt: skip
        return ScimSettings(**(values | changes))

    def of_the_desk(self) -> dict[str, Any]:
        """The same as settings of the desk."""
        return {
            "DIRECTORY": "scim", "SCIM_URL": self.url, "SCIM_TOKEN": TOKEN, "SCIM_PRIVATE": True,
            "SCIM_LOCKED": LOCKED, "SCIM_UNTIL": UNTIL, "SCIM_ACCESS_LEVEL": LEVEL,
        }  # fmt: skip

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        """As they are stored, by user name."""
        dumped = (resource.model_dump() for resource in self.storage.resources)
        return {user["userName"]: user for user in dumped}

    def methods(self) -> list[str]:
        return [each.method for each in self.asked]

    def lock(self, username: str) -> None:
        """As the product does after bad log-ins."""
        self.change(username, {LOCKED: True})

    def change(self, username: str, changes: dict[str, Any]) -> None:
        """Somebody else's change, past HTTP: it is neither counted nor met by a mishap."""
        operations = [{"op": "replace", "path": path, "value": value}
                      for path, value in changes.items()]  # fmt: skip
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": operations}  # fmt: skip
        self.ask("PATCH", f"/v2/Users/{self.users[username]['id']}", body)

    def add(self, username: str, **more: Any) -> None:
        """A user whom somebody else has made."""
        schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
        self.ask("POST", "/v2/Users", {"schemas": schemas, "userName": username, **more})

    def ask(self, method: str, path: str, body: dict[str, Any]) -> None:
        sent = json.dumps(body).encode()
        answered = Answered()
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(self.port), "wsgi.url_scheme": "http",
            "CONTENT_TYPE": "application/scim+json", "CONTENT_LENGTH": str(len(sent)),
            "HTTP_AUTHORIZATION": f"Bearer {TOKEN}", "wsgi.input": _Input(sent),
        }  # fmt: skip
        body_back = b"".join(self.application(environ, answered))
        assert answered.status.startswith("2"), (answered.status, body_back)

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Input(sent)
        self.asked.append(_asked(environ, sent))
        mishap = self._mishap(environ["REQUEST_METHOD"])
        if mishap is None:
            return self.application(environ, start_response)
        if mishap.before is not None:
            mishap.before()
            return self.application(environ, start_response)
        if mishap.after:
            list(self.application(environ, Answered()))
        headers = {"Content-Length": str(len(mishap.body)), **mishap.headers}
        start_response(mishap.status, list(headers.items()))
        return [mishap.body]

    def _mishap(self, method: str) -> Mishap | None:
        if self.plan and self.plan[0].method in {None, method}:
            return self.plan.pop(0)
        return None

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing on the tests' output."""


class Answered:
    """Takes the head of an answer that nobody gets."""

    status = ""

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status = status
        return len


class _Input:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, size: int = -1) -> bytes:
        taken = self.content if size < 0 else self.content[:size]
        self.content = self.content[len(taken) :]
        return taken


def _asked(environ: Environ, sent: bytes) -> Asked:
    headers = {name.removeprefix("HTTP_").replace("_", "-").title(): value
               for name, value in environ.items() if name.startswith("HTTP_")}  # fmt: skip
    body = json.loads(sent) if sent else {}
    return Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"],
                 headers, body)  # fmt: skip


def _application(storage: InMemoryStorage) -> BearerTokenApplication:
    schemas = {**load_default_schemas(), HMIS: Schema.model_validate(OF_AN_HMIS)}
    types = load_default_resource_types()
    users = types["User"].model_dump()
    users["schemaExtensions"].append({"schema": HMIS, "required": False})
    config = load_default_service_provider_config()
    config.authentication_schemes = [BEARER_TOKEN_SCHEME]
    provider = ScimProvider.from_discovery(
        schemas.values(), [ResourceType.model_validate(users)], config=config
    )
    service = ScimService(provider, secret="of the tests")
    return BearerTokenApplication(storage, provider, service, bearer_tokens=[TOKEN])


def _attribute(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "multiValued": False, "required": False,
            "caseExact": True, "mutability": "readWrite", "returned": "default",
            "uniqueness": "none", "description": name}  # fmt: skip


OF_AN_HMIS = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    "id": HMIS,
    "name": "HMIS user",
    "description": "What an HMIS knows of a user besides.",
    "attributes": [
        _attribute("locked", "boolean"),
        _attribute("licenseUntil", "dateTime"),
        _attribute("accessLevel", "string"),
    ],
}


@pytest.fixture(scope="session")
def _scim_server() -> Iterator[ScimServer]:
    server = ScimServer()
    yield server
    server.stop()


@pytest.fixture
def scim_server(_scim_server: ScimServer) -> ScimServer:
    """The same for every test, without users and without a past."""
    _scim_server.storage.resources = []
    _scim_server.asked.clear()
    _scim_server.plan.clear()
    return _scim_server
