"""An agency that may have only so many licenses in use: what counts, and who is refused."""

import pytest

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, seats, tickets
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from workflows import license as life
from workflows.common import APPROVED, IN_REVIEW
from workflows.engine import Refused
from workflows.guards import NEW_USER, REACTIVATE, RECERTIFY

pytestmark = pytest.mark.usefixtures("clock")

NONE_LEFT = "are in use. Report who has left the agency, or ask a HAND manager for more."


def limit(agency: Agency, number: int | None) -> None:
    with transaction() as session:
        session.get_one(Agency, agency.id).seats = number


def usage(agency: Agency) -> seats.Usage:
    found = seats.usage(db.session(), db.session.get_one(Agency, agency.id))
    assert found is not None
    return found


def file(about: Person, kind: str, cast: Cast) -> Ticket:
    return tickets.open_ticket(factories.request(about, cast.admin, type=kind), cast.admin)


@pytest.mark.parametrize(
    ("state", "counts"),
    [(life.ABSENT, 0), (life.NOT_ISSUED, 0), (life.ACTIVE, 1), (life.LOCKED, 1),
     (life.INACTIVE, 0), (life.EXPIRED, 1), (life.SUSPENDED, 1), (life.DELETED, 0)],
)  # fmt: skip
def test_what_is_held_and_not_inactive_is_in_use(cast: Cast, state: str, counts: int) -> None:
    limit(cast.agency, 5)
    factories.licensee(state, of=cast.agency)
    factories.licensee(life.ACTIVE, of=factories.agency())
    assert usage(cast.agency).used == counts


def test_who_has_left_uses_none_even_once_the_license_expires(cast: Cast) -> None:
    limit(cast.agency, 5)
    row = license_of(db.session(), factories.licensee(life.INACTIVE, of=cast.agency).id)
    assert row is not None
    licenses.act(row.id, "expire", THE_DESK)
    assert usage(cast.agency).used == 0


def test_one_that_is_asked_for_or_approved_is_on_its_way(cast: Cast) -> None:
    limit(cast.agency, 5)
    ann = factories.ticket(by=cast, type=NEW_USER)
    factories.ticket(IN_REVIEW, by=cast, type=REACTIVATE)
    factories.ticket(APPROVED, by=cast, type=REACTIVATE)
    assert usage(cast.agency).parts == {seats.COMING: 2}
    factories.step(ann, "withdraw", cast)
    assert usage(cast.agency).used == 1


@pytest.mark.parametrize(
    ("kind", "state"),
    [(NEW_USER, life.ABSENT), (NEW_USER, life.DELETED), (REACTIVATE, life.INACTIVE)],
)
def test_when_none_is_left_the_request_is_refused_with_the_reason(
    cast: Cast, kind: str, state: str
) -> None:
    factories.licensee(life.ACTIVE, of=cast.agency)
    about = factories.licensee(state, of=cast.agency)
    limit(cast.agency, 1)
    with pytest.raises(Refused, match=f"The one license of {cast.agency.name} is in use"):
        file(about, kind, cast)
    limit(cast.agency, 2)
    assert file(about, kind, cast).open


def test_a_recertification_needs_one_only_where_the_license_is_not_in_use(cast: Cast) -> None:
    expired, gone = (factories.licensee(life.EXPIRED, of=cast.agency) for _ in range(2))
    row = license_of(db.session(), gone.id)
    assert row is not None
    licenses.act(row.id, "inactivate", THE_DESK)
    limit(cast.agency, 1)
    assert file(expired, RECERTIFY, cast).open
    with pytest.raises(Refused, match="is in use"):
        file(gone, RECERTIFY, cast)


def test_a_lower_limit_takes_nothing_from_those_who_have_one(cast: Cast) -> None:
    about = [factories.licensee(life.LOCKED, of=cast.agency) for _ in range(3)]
    limit(cast.agency, 1)
    assert usage(cast.agency).over == 2
    ticket = tickets.open_ticket(factories.request(about[0], cast.admin), cast.admin)
    assert ticket.open


def test_one_that_filled_up_meanwhile_is_not_approved_but_by_a_manager(cast: Cast) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast, type=REACTIVATE)
    for _ in range(2):
        factories.licensee(life.ACTIVE, of=cast.agency)
    limit(cast.agency, 2)
    with pytest.raises(Refused, match=f"All 2 licenses of {cast.agency.name} {NONE_LEFT}"):
        tickets.act(ticket.id, "approve", cast.sam)
    morgan = factories.staff(manager=True)
    words = {"message": "Two more are ordered."}
    assert tickets.act(ticket.id, "override", morgan, words).state == APPROVED
    assert usage(cast.agency).over == 1


def test_a_license_that_is_on_its_way_is_approved_though_the_limit_fell(cast: Cast) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast, type=NEW_USER)
    factories.licensee(life.ACTIVE, of=cast.agency)
    limit(cast.agency, 1)
    assert tickets.act(ticket.id, "approve", cast.sam).state == APPROVED


def test_two_who_ask_for_the_last_one_at_once_do_not_both_get_it(cast: Cast, race: Race) -> None:
    both = [factories.licensee(life.INACTIVE, of=cast.agency) for _ in range(2)]
    filed = [file(about, REACTIVATE, cast).id for about in both]
    for number in filed:
        tickets.act(number, "take", cast.sam)
    limit(cast.agency, 1)
    results = race(*[lambda n=n: tickets.act(n, "approve", cast.sam) for n in filed])
    assert {type(result) for result in results} == {Ticket, Refused}
    assert usage(cast.agency).used == 1


def test_without_a_limit_nobody_counts(cast: Cast) -> None:
    agency = db.session.get_one(Agency, cast.agency.id)
    assert seats.usage(db.session(), agency) is None
    assert seats.seen_by(db.session(), agency, 1) is None
