"""Traps that are sent as anybody would send a file: each is taken or refused, and in time.

On PostgreSQL: of what is read from them it takes less than SQLite.
"""

import io
import time
from contextvars import Context

import pytest
from werkzeug.test import TestResponse, encode_multipart

from helpdesk.documents.types import PDF
from helpdesk.sandbox import run as sandbox
from helpdesk.transaction import release
from tests import factories
from tests.support.apps import MakeApp
from tests.support.nasty_files import NASTY
from tests.web.visitor import Visitor
from workflows.papers import NEW_USER_WORKSHEET, OTHER

KEY = "a-form-with-traps-in-it"
SLACK = 3.0  # seconds, on a busy machine


def sent(visitor: Visitor, token: str, what: str) -> TestResponse:
    name, make, content_type = NASTY[what]
    kind = NEW_USER_WORKSHEET if content_type == PDF.content_type else OTHER
    fields = {"key": KEY, "kind": kind, "csrf_token": token}
    line, body = encode_multipart({**fields, "file": (io.BytesIO(make()), name)})
    response = Context().run(
        visitor.client.post, "/documents/drafts?type=new_user_license", data=body, buffered=True,
        content_type=f"multipart/form-data; boundary={line}",
    )
    release()
    return response


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("label", ["PDF", "Word", "PNG", "JPEG"])
def test_a_trap_is_taken_or_refused_within_the_limits(make_app: MakeApp, label: str) -> None:
    with make_app(DOCUMENTS_PER_TICKET=1000, DRAFTS_MAX_BYTES=10**10).app_context() as within:
        cast = factories.cast()
        visitor = Visitor(within.app).sign_in(cast.admin.person_id)
        page = visitor.get("/requests/new")
        token = page.form_with("csrf_token").fields["csrf_token"].value
        for what in (each for each in NASTY if each.startswith(f"{label}:")):
            begun = time.monotonic()
            response = sent(visitor, token, what)
            assert response.status_code in {201, 413, 422}, what
            assert time.monotonic() - begun < sandbox.SECONDS + SLACK, what
            assert response.status_code == 201 or "sentence" in response.text, what
