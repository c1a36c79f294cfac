"""The queue as staff read it: what needs me, then what is due first; nothing lost on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.transaction import transaction
from tests import factories
from tests.support.fakes import FakeClock
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import CLOSED, COMPLETED, IN_REVIEW, REJECTED, SUBMITTED, WAITING, WITHDRAWN

NUMBER = re.compile(r"<b>(HD-\d+)</b>")
MORE = re.compile(r'href="([^"]+)">More ')


@pytest.fixture
def clock(app: Flask) -> Iterator[FakeClock]:
    """The app's clock, standing still on a Monday at ten, Detroit time."""
    fake = FakeClock()
    app.extensions["clock"] = fake
    yield fake
    del app.extensions["clock"]


def numbers(page: Answer) -> list[str]:
    return NUMBER.findall(page.text)


def make(cast: factories.Cast, clock: FakeClock, *states: str) -> list[Ticket]:
    """A ticket in each state, filed a quarter of an hour apart."""
    made = []
    with transaction():
        for state in states:
            clock.pass_by(timedelta(minutes=15))
            made.append(factories.ticket(state, by=cast))
    return made


def test_what_needs_me_comes_first_then_what_is_due_first_then_what_waits(
    cast: factories.Cast, visit: Visit, clock: FakeClock
) -> None:
    first, waiting, mine, late, asked, _done = make(
        cast, clock, SUBMITTED, WAITING, IN_REVIEW, SUBMITTED, WAITING, COMPLETED
    )
    joan = visit(cast.joan).get("/queue")
    assert numbers(joan) == [t.number for t in (first, mine, late, waiting, asked)]
    sam = visit(cast.sam).get("/queue")
    assert numbers(sam) == [t.number for t in (mine, first, late, waiting, asked)]


def test_a_ticket_comes_back_where_its_paused_clock_puts_it(
    cast: factories.Cast, visit: Visit, clock: FakeClock
) -> None:
    (paused,) = make(cast, clock, WAITING)
    clock.pass_by(timedelta(days=2))
    (fresh,) = make(cast, clock, IN_REVIEW)
    clock.pass_by(timedelta(hours=1))
    factories.step(paused, "answer", cast)
    assert numbers(visit(cast.sam).get("/queue")) == [fresh.number, paused.number]


@pytest.fixture
def everything(cast: factories.Cast, clock: FakeClock) -> dict[str, list[str]]:
    """A ticket in each state, and what each filter has to show of them."""
    submitted, review, waiting, rejected, withdrawn, closed = make(
        cast, clock, SUBMITTED, IN_REVIEW, WAITING, REJECTED, WITHDRAWN, CLOSED
    )
    other = factories.cast()
    (elsewhere,) = make(other, clock, SUBMITTED)
    tickets.act(review.id, "hand_over", cast.sam, {"assignee": cast.joan.person_id})
    numbered = {
        "view=open": [submitted, elsewhere, review, waiting],
        "view=mine": [],
        "view=unassigned": [submitted, elsewhere],
        "view=waiting": [waiting],
        "view=closed": [rejected, withdrawn, closed],
        "type=request_new_password": [submitted, elsewhere, review, waiting],
        "type=anything": [submitted, elsewhere, review, waiting],
        "state=submitted": [submitted, elsewhere],
        "state=waiting": [waiting],
        "view=closed&state=rejected": [rejected],
        f"agency={other.agency.id}": [elsewhere],
        "agency=999999": [],
        "assignee=0": [submitted, elsewhere],
        f"assignee={cast.joan.person_id}": [review],
        f"assignee={cast.sam.person_id}": [waiting],
        f"state=submitted&agency={cast.agency.id}&assignee=0": [submitted],
    }
    return {query: [t.number for t in found] for query, found in numbered.items()}


def test_every_filter_shows_what_it_says(
    everything: dict[str, list[str]], cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    for query, expected in everything.items():
        page = sam.get(f"/queue?{query}")
        assert sorted(numbers(page)) == sorted(expected), query
        if not expected:
            assert "Nothing here." in page.words


def test_a_filter_is_shown_and_can_be_taken_off(cast: factories.Cast, visit: Visit) -> None:
    page = visit(cast.sam).get(f"/queue?state=waiting&agency={cast.agency.id}")
    chips = re.findall(r'class="chip" href="([^"]+)"', page.text)
    assert chips == [f"/queue?agency={cast.agency.id}", "/queue?state=waiting"]
    assert f"Agency: {cast.agency.name}" in page.words
    form = page.form_with("state", "agency")
    assert form.fields["state"].value == "waiting"


def test_paging_visits_each_ticket_once_in_the_same_order(
    cast: factories.Cast, visit: Visit, clock: FakeClock
) -> None:
    """124 tickets over all bands, some of them due at the same moment."""
    states = [SUBMITTED, IN_REVIEW, WAITING, SUBMITTED] * 8
    for _ in range(4):
        with transaction():
            for state in states[:31]:
                factories.ticket(state, by=cast)
        clock.pass_by(timedelta(minutes=1))
    sam = visit(cast.sam)
    pages = list(walk(sam, "/queue"))
    visited = [number for page in pages for number in numbers(page)]
    assert [len(numbers(page)) for page in pages] == [50, 50, 24]
    assert len(set(visited)) == len(visited) == 124

    with transaction():
        for state in (REJECTED, WITHDRAWN) * 30:
            factories.ticket(state, by=cast)
    closed = [number for page in walk(sam, "/queue?view=closed") for number in numbers(page)]
    assert len(set(closed)) == len(closed) == 60
    assert [number for page in walk(sam, "/queue") for number in numbers(page)] == visited


def walk(visitor: Visitor, path: str) -> Iterator[Answer]:
    page = visitor.get(path)
    yield page
    while more := MORE.search(page.text):
        page = visitor.get(more[1].replace("&amp;", "&"))
        yield page


def test_one_that_came_back_and_nobody_has_can_be_taken(
    cast: factories.Cast, visit: Visit, clock: FakeClock
) -> None:
    (ticket,) = make(cast, clock, IN_REVIEW)
    with transaction() as session:
        session.get_one(Ticket, ticket.id).assignee_id = None
    sam = visit(cast.sam)
    assert f"/tickets/{ticket.id}/take" in sam.get("/queue?view=unassigned").text
    shown = sam.get(f"/tickets/{ticket.id}").words
    assert "Take it" in shown
    assert "Take it over" not in shown


def test_taking_one_that_a_colleague_has_just_taken_says_so(
    cast: factories.Cast, visit: Visit, clock: FakeClock
) -> None:
    (ticket,) = make(cast, clock, SUBMITTED)
    sam, joan = visit(cast.sam), visit(cast.joan)
    page = sam.get("/queue")
    buttons = re.findall(r'formaction="([^"]+)" name="version" value="(\d+)"', page.text)
    assert buttons == [(f"/tickets/{ticket.id}/take", "1")]
    form = page.form_with("csrf_token").values() | {"version": "1"}
    joan.fill(f"/tickets/{ticket.id}", "version")
    conflict = sam.post(buttons[0][0], form)
    assert conflict.status == 409
    assert f"{cast.joan.name} took the ticket" in conflict.words
