"""People at their browsers, who send a form again until they get an answer."""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

PATIENCE = 60.0
PAUSE = 0.02


class NoAnswer(Exception):
    """The line went dead: nobody knows whether it arrived."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its forms."""
        parser = HiddenFields()
        parser.feed(self.body)
        return parser.found


class HiddenFields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "input" and known.get("type") == "hidden" and known.get("name"):
            self.found[str(known["name"])] = known.get("value") or ""


class Stay(HTTPRedirectHandler):
    """A redirect is the answer."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


@dataclass
class Browser:
    base_url: str
    on_answer: Callable[[], None]
    cookies: CookieJar = field(default_factory=CookieJar)
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), Stay())

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One try. Raises `NoAnswer`."""
        try:
            answer = self.send(path, form)
        except (URLError, OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error
        if answer.status >= 500:
            raise NoAnswer(f"status {answer.status}")
        self.on_answer()
        return answer

    def send(self, path: str, form: Mapping[str, str] | None) -> Answer:
        """The whole answer; half of one is none."""
        data = urlencode(form).encode() if form is not None else None
        request = Request(self.base_url + path, data)  # noqa: S310
        try:
            with self.opener.open(request, timeout=10) as reply:
                return Answer(reply.status, "", reply.read().decode())
        except HTTPError as error:
            with error:
                body = error.read().decode(errors="replace")
            return Answer(error.code, error.headers.get("Location", ""), body)

    def insist(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """The same again until it is answered."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(path, form)
            except NoAnswer as error:
                self.unanswered += 1
                if time.monotonic() > deadline:
                    raise AssertionError(f"{path} was never answered: {error}") from error
                time.sleep(PAUSE)

    def sign_in(self, username: str, password: str) -> None:
        form = self.insist("/sign-in").hidden
        answer = self.insist("/sign-in", form | {"username": username, "password": password})
        assert answer.status == 302, answer.body

    def file(self, type_name: str, person_id: int) -> int:
        """Files one request; the form is sent until its ticket is shown. Gives its id."""
        path = f"/requests/new/{type_name}?person={person_id}"
        form = self.insist(path).hidden
        told = {"happened": "locked", "note": "All at once.", "vouched": "y"}
        answer = self.insist(path, form | told)
        assert answer.status == 302, (answer.status, answer.body)
        return int(answer.location.partition("?")[0].rpartition("/")[2])

    def step(self, ticket_id: int, trigger: str, **brought: str) -> None:
        """Takes a step. When the answer was lost and the step was not, a second try is refused."""
        path = f"/tickets/{ticket_id}/{trigger}"
        form = self.insist(path).hidden
        if "version" not in form:
            return  # it has been taken: the page says that it can't be any more
        answer = self.insist(path, form | brought)
        assert answer.status in {302, 409}, (answer.status, answer.body)
