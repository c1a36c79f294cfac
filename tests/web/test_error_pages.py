"""Pages that say what went wrong: with the menu for who is signed in, and without a database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import create_engine

from helpdesk.extensions import db
from helpdesk.transaction import release
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer

MENU = 'aria-label="Main"'


@contextmanager
def sessions_out_of_reach(app: Flask) -> Iterator[None]:
    """Who is signed in can’t be looked up."""
    release()
    with app.app_context():
        engine = create_engine(db.engine.url)
    with engine.begin() as link:
        link.exec_driver_sql("ALTER TABLE web_session RENAME TO elsewhere")
    yield
    release()
    with engine.begin() as link:
        link.exec_driver_sql("ALTER TABLE elsewhere RENAME TO web_session")
    engine.dispose()


def offers(page: Answer) -> tuple[int, bool, bool]:
    """The status, and whether there are the menu, and the words “Sign out”."""
    return page.status, MENU in page.text, "Sign out" in page.words


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/tickets/4711", 404), ("/queue", 403)]
)
def test_whoever_is_signed_in_keeps_the_menu(
    path: str, status: int, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    assert offers(dana.get(path)) == (status, True, True)
    dana.client.delete_cookie("helpdesk")
    assert offers(dana.get("/nowhere")) == (404, False, False)


def test_without_the_database_there_is_a_page_all_the_same(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    with sessions_out_of_reach(app):
        page = dana.get("/nowhere")
    assert offers(page) == (404, False, False)
    assert "There is nothing here" in page.words
