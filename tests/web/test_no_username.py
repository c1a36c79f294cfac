"""Somebody whose username is not on file: said when a request is begun, with the way on."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.factories import Cast
from tests.filings import FITTING_STATES
from tests.web.conftest import Visit
from workflows.guards import NEW_PASSWORD, NEW_USER

WORDS = "{}’s username is not on file, so the account cannot be found."
TYPES = sorted(set(FITTING_STATES) - {NEW_USER})


@pytest.mark.parametrize("type_name", TYPES)
def test_it_is_said_before_the_form_is_filled_in(
    type_name: str, cast: Cast, visit: Visit
) -> None:
    ann = factories.nameless(FITTING_STATES[type_name], cast.agency)
    for actor in (cast.sam, cast.admin):
        page = visit(actor).get(f"/requests/new/{type_name}?person={ann.id}")
        assert WORDS.format(ann.name) in page.words
        assert "A HAND manager can add it on the person’s page, under Manage." in page.words
        assert "Send request to HAND" not in page.words
        assert f"/manage/people/{ann.id}" not in page.text


def test_a_manager_is_led_to_where_it_is_added_and_can_file_then(cast: Cast, visit: Visit) -> None:
    ann = factories.nameless(FITTING_STATES[NEW_PASSWORD], cast.agency)
    morgan = visit(factories.staff(manager=True))
    path = f"/requests/new/{NEW_PASSWORD}?person={ann.id}"
    page = morgan.get(path)
    assert f"Add the username of {ann.name}" in page.words
    added = f"/manage/people/{ann.id}/username"
    assert f'href="{added}"' in page.text
    done = morgan.fill(added, username="a.lee")
    assert f"The username of {ann.name} is on file now." in done.words
    assert "Send request to HAND" in morgan.get(path).words


def test_a_username_that_is_taken_or_none_is_refused_at_the_field(
    cast: Cast, visit: Visit
) -> None:
    ann, other = factories.nameless(), factories.person("bo.kim")
    morgan = visit(factories.staff(manager=True))
    path = f"/manage/people/{ann.id}/username"
    taken = morgan.fill(path, username="Bo.Kim")
    assert "Somebody on file has this username already." in taken.words
    assert f'href="/manage/people/{other.id}"' in taken.text
    assert taken.form_with("username").fields["username"].value == "Bo.Kim"
    assert "Use 3 to 60 letters" in morgan.fill(path, username="b k").words
    assert ann.username is None


def test_a_newcomer_is_given_one_later(cast: Cast, visit: Visit) -> None:
    ann = factories.nameless("deleted", cast.agency)
    page = visit(cast.admin).get(f"/requests/new/{NEW_USER}?person={ann.id}")
    assert "Send request to HAND" in page.words
    assert db.session.query(Ticket).count() == 0
