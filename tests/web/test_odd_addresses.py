"""Numbers that no row can have, in paths and in forms: not there, never a mistake of ours."""

import pytest

from tests import factories
from tests.web.conftest import Visit
from workflows.common import IN_REVIEW

NUMBERS = ("0", "-1", "2147483648", "9223372036854775808", "9" * 40, "1e400", "nan")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_beyond_all_rows_is_answered(
    number: str, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    for path in (
        f"/tickets/{number}",
        f"/tickets/{number}/approve",
        f"/effects/{number}/give-up",
        f"/requests/new?person={number}&what=request_new_password",
        f"/requests/new/request_new_password?person={number}",
    ):
        assert sam.get(path).status in {200, 404}, path
    for path in (
        f"/effects?before={number}",
        f"/queue?agency={number}&assignee={number}",
        f"/queue?after={number}_{number}_{number}",
        f"/queue?after=0_1_{number}",
        f"/queue?after=0_{number}_1",
        f"/queue?view=closed&after=0_{number}_{number}",
    ):
        assert sam.get(path).status == 200, path


@pytest.mark.parametrize("number", NUMBERS)
def test_a_form_with_such_a_number_changes_nothing(
    number: str, cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam = visit(cast.sam)
    path = f"/tickets/{ticket.id}"
    page = sam.get(f"{path}/hand_over")
    form = page.form_with("assignee")
    assert sam.send(page, form, assignee=number).status == 200
    assert sam.send(page, form, version=number).status in {200, 409}
    start = sam.fill("/requests/new", "q", person=number, what="request_new_password", go="1")
    assert start.status in {200, 404}
    assert sam.get(f"{path}?watch=1").text.count('"version":2') == 1
