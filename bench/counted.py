"""How often a page asks the database, counted in this process through the test client."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from bench.client import Client, Sent, Unexpected, Visitor
from bench.database import Filled
from bench.load import Target
from bench.visits import AGENCY_TICKET, FILE, FILTERED, HOME, PEOPLE, QUEUE, STEP, TICKET
from tests.web.counted import queries

COUNTED = (QUEUE, FILTERED, TICKET, AGENCY_TICKET, HOME, PEOPLE, FILE, STEP)
BASE = "https://desk.example"


class Inside(Client):
    """Asks the app in this process what a `Client` asks of a server."""

    def __init__(self, client: FlaskClient, visitor: Visitor) -> None:
        self.client, self.visitor = client, visitor

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, 200)[0]

    def post(self, path: str, sent: Sent, status: int = 302) -> str:
        return self._ask("POST", path, status, sent)[1]

    def _ask(
        self, method: str, path: str, status: int, sent: Sent | None = None
    ) -> tuple[bytes, str]:
        answer = self.client.open(
            path, method=method, base_url=BASE, headers={"Cookie": self.visitor.cookie},
            data=sent.body if sent else None, content_type=sent.kind if sent else None,
        )  # fmt: skip
        if answer.status_code != status:
            raise Unexpected(f"{method} {path}: {answer.status_code}")
        return answer.data, urlsplit(answer.location or "").path


def count(filled: Filled, targets: list[Target]) -> dict[str, int]:
    """Statements by the name of the target; all but transactions' own words count."""
    return {target.name: _count(filled, target) for target in targets if target.name in COUNTED}


def _count(filled: Filled, target: Target) -> int:
    client = Inside(filled.app.test_client(use_cookies=False), target.visitor)
    target.act(client, next(target.numbers))  # notes what is noted once a minute
    with queries(filled.app) as seen:
        target.act(client, next(target.numbers))
    return len(seen)
