"""A ticket that a newer version of the desk has written: shown for what it is, never broken."""

from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from workflows.common import IN_REVIEW

NEWER: tuple[dict[str, Any], ...] = ({"type": "gone"}, {"workflow_version": 99})


@pytest.mark.parametrize("newer", NEWER, ids=str)
def test_it_is_shown_by_number_whatever_is_asked_of_it(
    newer: dict[str, Any], cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    with transaction():
        row = db.session.get_one(Ticket, ticket.id)
        for name, value in newer.items():
            setattr(row, name, value)
    sam = visit(cast.sam)
    for path in ("", "?watch=1", "/approve", "/nosuch"):
        page = sam.get(f"/tickets/{ticket.id}{path}")
        assert page.status == 500
        assert f"Request {ticket.number} is kept safe" in page.text
    assert ticket.number in sam.get("/queue").text
