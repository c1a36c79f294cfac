"""Staff find a request by its number or by a name, which comes to stand in no address."""

import pytest

from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.markup import Answer
from workflows import common
from workflows import license as life


def search(visit: Visit, cast: Cast, words: str) -> Answer:
    return visit(cast.sam).fill("/queue", "q", q=words)


@pytest.mark.parametrize("typed", ["HD-{}", "hd{}", " {} "])
def test_a_number_opens_its_ticket(typed: str, cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(common.COMPLETED, by=cast)
    page = search(visit, cast, typed.format(ticket.number.removeprefix("HD-")))
    assert page.path == f"/tickets/{ticket.id}"


def test_a_name_finds_what_is_open_and_what_is_not(cast: Cast, visit: Visit) -> None:
    lee = factories.licensee(life.ACTIVE, of=cast.agency, username="lee.tran")
    done = factories.ticket(common.REJECTED, by=cast, about=lee)
    now = factories.ticket(common.IN_REVIEW, by=cast, about=lee)
    other = factories.ticket(common.IN_REVIEW, by=cast)
    page = search(visit, cast, "LEE tran")
    assert page.status == 200
    assert "lee" not in page.path.casefold()
    shown = [number for number in (now.number, done.number, other.number) if number in page.words]
    assert shown == [now.number, done.number]


@pytest.mark.parametrize("typed", ["HD-999999", "nobody", "%", "_", "'", "HD-1000", "9" * 30])
def test_what_finds_nothing_says_so_and_stays(typed: str, cast: Cast, visit: Visit) -> None:
    factories.ticket(common.IN_REVIEW, by=cast)
    page = search(visit, cast, typed)
    assert "No request has the number" in page.words
    assert page.form_with("q").values()["q"] == typed


def test_nothing_typed_shows_the_queue(cast: Cast, visit: Visit) -> None:
    assert search(visit, cast, "  ").path == "/queue"


def test_a_filtered_queue_counts_what_it_shows(cast: Cast, visit: Visit) -> None:
    for state in (common.IN_REVIEW, common.WAITING, common.WAITING):
        factories.ticket(state, by=cast)
    sam = visit(cast.sam)
    assert "All open 3" in sam.get("/queue").words
    assert "All open 2 " in sam.get(f"/queue?view=open&state={common.WAITING}").words
