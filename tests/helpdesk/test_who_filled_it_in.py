"""Whoever is asked to sign a worksheet reads who has filled it in."""

import pytest

from helpdesk.models.person import Person
from helpdesk.services import signing
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from tests.support.signatures import mails_with_links, renewal, tokens
from workflows import license as life


@pytest.fixture
def ann(cast: Cast, clock: FakeClock) -> Person:
    return factories.licensee(life.EXPIRED, of=cast.agency)


def told() -> list[tuple[str, bool]]:
    says = [each.payload["says"] for each in mails_with_links()]
    return [(each["filled_in_by"], each["their_own"]) for each in says]


def test_what_somebody_at_hand_filled_in_nobody_else_is_said_to_have(
    cast: Cast, ann: Person
) -> None:
    """The licensee asks for it, and is the one who filed it: HAND did that for them."""
    number = renewal(cast, ann, by=cast.sam).id
    assert told() == [("HAND", False)] * 2
    links = tokens(number)
    assert signing.opened(links["user"]).filled_in_by == "HAND"
    assert signing.opened(links["user"]).told == "HAND"
    assert signing.opened(links["admin"]).told == ann.name


def test_who_filled_in_their_own_is_said_to_have(cast: Cast, ann: Person) -> None:
    number = renewal(cast, ann, by=factories.as_licensee(ann)).id
    assert told() == [(ann.name, True)] * 2
    assert signing.opened(tokens(number)["admin"]).filled_in_by == ann.name
