"""The database is locked for longer than we wait: 503, when to try again, and the text kept."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text

from helpdesk.extensions import db, now
from helpdesk.models.web_session import WebSession
from helpdesk.transaction import release, transaction
from tests import factories
from tests.web.conftest import Visit
from workflows.common import IN_REVIEW

TEXT = "It took me a while to write this,\nso please don’t lose it."
WAITS = {"sqlite": "PRAGMA busy_timeout = 50", "postgresql": "SET lock_timeout = '50ms'"}
TAKES = {
    "sqlite": "SELECT 1",
    "postgresql": "LOCK TABLE ticket, person, counter IN ACCESS EXCLUSIVE MODE",
}
A_SESSION = {"sqlite": "SELECT 1", "postgresql": "SELECT 1 FROM web_session FOR UPDATE"}
Hold = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def hold(app: Flask, database: str) -> Iterator[Hold]:
    """Somebody else has the database; our own wait for it is cut short."""
    with app.app_context():
        engine = db.engine
    name = engine.dialect.name
    somebody = create_engine(engine.url)

    def hurry(connection: Any, _record: object) -> None:
        connection.cursor().execute(WAITS[name])
        connection.commit()

    @contextmanager
    def locked(takes: dict[str, str] = TAKES) -> Iterator[None]:
        release()
        with somebody.connect().execution_options(writes=True) as other:
            other.exec_driver_sql(takes[name])
            yield

    event.listen(engine, "connect", hurry)
    engine.dispose()  # so that every connection hurries
    yield locked
    event.remove(engine, "connect", hurry)
    engine.dispose()
    somebody.dispose()


def test_a_request_is_told_when_to_come_back_and_then_filed(
    cast: factories.Cast, visit: Visit, hold: Hold
) -> None:
    about = factories.licensee(of=cast.agency)
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/request_new_password?person={about.id}")
    typed = {"happened": "forgotten", "note": TEXT, "vouched": "y"}
    with hold():
        busy = dana.send(page, page.form_with("note"), **typed)
    assert busy.status == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert "Nothing was lost, and nothing was done." in busy.words
    assert busy.form_with("note").fields["note"].value == TEXT

    filed = dana.send(busy, busy.form_with("note"))
    assert filed.status == 200
    assert f"for {about.name}" in filed.words
    assert "The password is forgotten" in filed.words
    assert "so please don’t lose it." in filed.words


def test_a_step_is_kept_too(cast: factories.Cast, visit: Visit, hold: Hold) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam = visit(cast.sam)
    page = sam.get(f"/tickets/{ticket.id}/reject")
    with hold():
        busy = sam.send(page, page.form_with("code"), code="duplicate", message=TEXT)
    assert busy.status == 503
    assert busy.form_with("message").fields["message"].value == TEXT
    done = sam.send(busy, busy.form_with("message"))
    assert "You rejected the request." in done.words


def test_signing_in_is_not_counted_and_the_password_not_given_back(
    cast: factories.Cast, visit: Visit, hold: Hold
) -> None:
    visitor = visit(cast.sam)
    visitor.client.delete_cookie("helpdesk")
    page = visitor.get("/sign-in")
    with hold():
        busy = visitor.send(
            page, page.form_with("password"), username="somebody", password="open sesame"
        )
    assert busy.status == 503
    assert "open sesame" not in busy.text
    assert busy.form_with("username").fields["username"].value == "somebody"


def test_a_page_is_shown_though_nobody_can_note_that_the_session_is_in_use(
    cast: factories.Cast, visit: Visit, hold: Hold
) -> None:
    sam = visit(cast.sam)
    with transaction() as session:
        session.query(WebSession).update({"seen_at": now() - timedelta(minutes=5)})
    with hold(A_SESSION):
        assert sam.get("/queue").status == 200
        assert db.session.query(WebSession).one().seen_at < now() - timedelta(minutes=4)
        release()
    assert sam.get("/queue").status == 200
    assert db.session.query(WebSession).one().seen_at > now() - timedelta(minutes=4)
    release()


def test_the_pool_recovers_by_itself(cast: factories.Cast, visit: Visit, hold: Hold) -> None:
    sam = visit(cast.sam)
    for _ in range(3):
        with hold():
            assert sam.get("/queue").status in {200, 503}
        assert sam.get("/queue").status == 200


def test_the_wait_for_a_lock_is_bounded_without_the_tests_help(app: Flask) -> None:
    with app.app_context():
        asked = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
        found = db.session.execute(text(asked[db.engine.dialect.name])).scalar_one()
        assert str(found) not in {"0", "0ms"}
        release()
