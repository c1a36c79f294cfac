"""Staff look for a step that is not there: the ticket's page says in words why not."""

import pytest

from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows.common import APPROVED, BEING_SET_UP, COMPLETED, IN_REVIEW, SUBMITTED, WAITING

EVERY = "Approve, Take it, Ask for more, They answered, Hand over, Reject, Change the type"
WHY = {
    SUBMITTED: [
        "Approve, Ask for more, Hand over, Reject Take it first.",
        "They answered Only while it is Waiting on Agency.",
    ],
    IN_REVIEW: ["They answered Ask for more first."],
    WAITING: ["Approve, Ask for more The agency has to answer first."],
    APPROVED: [
        "Reject The account is being changed right now. Wait until that is done.",
        "Take it, Change the type Only while it is Submitted, In Review or Waiting on Agency.",
        "Approve, Ask for more Only while it is In Review.",
    ],
    BEING_SET_UP: ["Hand over, Reject Only while it is In Review, Waiting on Agency or Approved."],
    COMPLETED: [EVERY + ", Send message It has ended: Completed."],
}


@pytest.mark.parametrize("state", WHY)
def test_each_step_that_is_not_offered_has_its_reason(
    state: str, cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(state, by=cast)
    page = visit(cast.sam).get(f"/tickets/{ticket.id}")
    assert "Why not something else?" in page.words
    for reason in WHY[state]:
        assert reason in page.words


def test_who_opens_the_steps_page_all_the_same_reads_the_same(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(SUBMITTED, by=cast)
    page = visit(cast.sam).get(f"/tickets/{ticket.id}/approve")
    words = "That is not possible while the request is Submitted. Take it first."
    assert words in page.words


def test_an_ended_request_says_so_once(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(COMPLETED, by=cast)
    page = visit(cast.sam).get(f"/tickets/{ticket.id}/approve")
    assert "That is not possible while the request is Completed." in page.words
    assert "It has ended" not in page.words
