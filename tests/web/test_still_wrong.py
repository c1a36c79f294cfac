"""A request that did not help: what is offered instead on the page of a completed one, and to staff
who change its type."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.models.ticket import Ticket
from tests import factories
from tests.web.conftest import Visit
from workflows import license as life
from workflows.common import COMPLETED, IN_REVIEW
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY

ASKS = "Something is still wrong?"


@pytest.fixture
def reachable(app: Flask) -> Iterator[None]:
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(
        kept, DESK_PHONE="313-555 0111", DESK_EMAIL="desk@hand.example"
    )
    yield
    app.extensions["settings"] = kept


def done(cast: factories.Cast) -> Ticket:
    about = factories.licensee(life.ACTIVE, of=cast.agency)
    return factories.ticket(COMPLETED, by=cast, about=about)


@pytest.mark.usefixtures("reachable")
def test_it_leads_to_the_request_that_the_license_needs_now(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = done(cast)
    page = visit(cast.admin).get(f"/tickets/{ticket.id}")
    assert ASKS in page.words
    assert f'href="/requests/new/{NEW_PASSWORD}?person={ticket.person_id}"' in page.text
    assert f'href="/requests/new?person={ticket.person_id}"' in page.text
    assert 'href="tel:3135550111"' in page.text
    assert f'href="mailto:desk@hand.example?subject={ticket.number}"' in page.text


def test_not_while_it_is_open(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    assert ASKS not in visit(cast.admin).get(f"/tickets/{ticket.id}").words


def test_what_a_request_cannot_go_on_as_says_why_and_cannot_be_chosen(
    cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(life.ACTIVE, of=cast.agency)
    ticket = factories.ticket(IN_REVIEW, by=cast, about=about)
    page = visit(cast.sam).get(f"/tickets/{ticket.id}/convert")
    barred = re.findall(r'value="(\w+)"[^>]* disabled|disabled[^>]* value="(\w+)"', page.text)
    assert {one or other for one, other in barred} == {NEW_USER, REACTIVATE}
    assert f"{about.name} has an active license." in page.words
    assert page.form_with("to").fields["to"].options[0] == RECERTIFY
