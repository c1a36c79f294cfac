"""Somebody at a browser without scripts: follows links, fills in forms as the page gave them."""

from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.models.web_session import Proof
from helpdesk.services import sessions
from helpdesk.transaction import release, transaction
from helpdesk.views.guard import TOKEN
from tests.web.markup import Answer, Form

OURS = "http://localhost"


class Visitor:
    """Wants an app context for signing in."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def sign_in(self, person_id: int | None, proof: Proof = Proof.PASSWORD) -> "Visitor":
        """As somebody whose password has been judged, or who opened a mailed link."""
        assert person_id is not None, "nobody to sign in as"
        with transaction() as session:
            token = sessions.begin(session, person_id, proof)
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie[TOKEN] = token
        return self

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, follow_redirects=True)

    def send(self, page: Answer, form: Form, **typed: str) -> Answer:
        """Sends a form of this page, with what is typed over what stands there."""
        return self.post(form.action or page.path, {**form.values(), **typed})

    def confirm(self, page: Answer) -> Answer:
        """Sends the form of a page that asks whether it shall be done."""
        return self.send(page, next(form for form in page.forms if not form.action))

    def post(self, path: str, data: dict[str, str], *, follow: bool = True) -> Answer:
        return self.ask("POST", path, data=data, origin=OURS, follow_redirects=follow)

    def ask(self, method: str, path: str, *, origin: str | None = None, **more: Any) -> Answer:
        """Each request has an app context of its own, as in life; the test's sees what it did."""
        headers = {"Origin": origin} if origin else {}
        response = Context().run(self.client.open, path, method=method, headers=headers, **more)
        release()
        return answer(response)

    def fill(self, path: str, *names: str, **typed: str) -> Answer:
        """Opens a page, fills in its form that has these fields, and sends it."""
        page = self.get(path)
        assert page.status == 200, page.words
        return self.send(page, page.form_with(*(names or typed)), **typed)


def answer(response: TestResponse) -> Answer:
    asked = urlsplit(response.request.url)
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return Answer(response.status_code, response.text, dict(response.headers), path)
