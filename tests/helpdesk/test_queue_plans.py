"""The queue is read in the order of an index: what it costs does not grow with what is open."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask.ctx import AppContext
from sqlalchemy import Engine, event, text

from helpdesk.extensions import db
from helpdesk.services import queue
from helpdesk.services.queue import Filters, Page, View
from helpdesk.transaction import transaction
from tests import factories
from workflows.common import SUBMITTED

OTHER_WAYS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
"""So that PostgreSQL, too, plans for a few rows as it would for many."""


def plan_of(read: Callable[[], object]) -> str:
    """How the database goes about the statements of `read`, its own words."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return "\n".join(map(explained, asked))


def explained(asked: tuple[str, Any]) -> str:
    statement, values = asked
    link = db.session().connection()
    lite = link.dialect.name == "sqlite"
    if not lite:
        link.execute(text(OTHER_WAYS))
    words = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in link.exec_driver_sql(f"{words} {statement}", values))


def page(view: View, after: queue.Place | None = None) -> Page:
    return queue.read_page(db.session(), view, Filters(), 0, after)


@pytest.fixture
def sixty(app_context: AppContext) -> None:
    cast = factories.cast()
    with transaction():
        for _ in range(60):
            factories.ticket(SUBMITTED, by=cast, about=factories.licensee(of=cast.agency))


@pytest.mark.usefixtures("sixty")
def test_what_needs_hand_is_not_sorted_but_read_in_order() -> None:
    second = page(View.UNASSIGNED).following
    assert second is not None
    for view, after in ((View.OPEN, None), (View.MINE, None), (View.UNASSIGNED, second)):
        plan = plan_of(partial(page, view, after))
        assert "TEMP B-TREE" not in plan, view
        assert "Sort" not in plan, view
