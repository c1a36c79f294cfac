"""Agencies: their names, their numbers, and what it means that one is inactive."""

from functools import partial

import pytest
from flask.ctx import AppContext
from sqlalchemy import true

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.services import accounts, agencies
from helpdesk.services.agencies import Profile, Taken
from tests import factories
from tests.helpdesk.conftest import Race

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def manager(app_context: AppContext) -> Actor:
    return factories.staff(manager=True)


def line_of(number: int) -> agencies.Line:
    found = agencies.line(db.session(), number)
    assert found is not None
    return found


def test_a_new_agency_has_nobody_and_says_so(manager: Actor) -> None:
    new = agencies.add("Lantern Street", manager)
    line = line_of(new.id)
    assert (line.people, line.admins, line.open_tickets, line.forsaken) == (0, 0, 0, True)


@pytest.mark.parametrize("again", ["Lantern Street", "lantern  street", "LANTERN STREET"])
def test_no_two_agencies_have_the_same_name(manager: Actor, again: str) -> None:
    first = agencies.add("Lantern Street", manager)
    other = agencies.add("Harbor", manager)
    with pytest.raises(Taken):
        agencies.add(again, manager)
    with pytest.raises(Taken):
        agencies.describe(other.id, Profile(again), manager)
    agencies.describe(first.id, Profile(again), manager)
    assert line_of(first.id).agency.name == again


def test_what_is_kept_of_an_agency_is_told_and_taken_away_again(manager: Actor) -> None:
    new = agencies.add("Lantern Street", manager)
    told = Profile("Lantern Street", "93", "1 Lantern St\nDetroit", "313-555-0100", "Ada Bell",
                   "ada@lantern.example")  # fmt: skip
    agencies.describe(new.id, told, manager)
    assert {name: getattr(line_of(new.id).agency, name) for name in vars(told)} == vars(told)
    agencies.describe(new.id, Profile("Lantern Street"), manager)
    assert line_of(new.id).agency.hmis_id is None


def test_no_two_agencies_have_the_same_organization_id(manager: Actor) -> None:
    first, other = (agencies.add(name, manager) for name in ("Lantern Street", "Harbor"))
    agencies.describe(first.id, Profile("Lantern Street", hmis_id="93"), manager)
    agencies.describe(first.id, Profile("Lantern House", hmis_id="93"), manager)
    with pytest.raises(Taken) as taken:
        agencies.describe(other.id, Profile("Harbor", hmis_id="93"), manager)
    assert taken.value.field == "hmis_id"


def test_of_two_who_claim_an_organization_id_at_once_one_is_told(
    manager: Actor, race: Race
) -> None:
    both = [agencies.add(name, manager) for name in ("Lantern Street", "Harbor")]

    def claim(agency: Agency) -> None:
        agencies.describe(agency.id, Profile(agency.name, hmis_id="93"), manager)

    results = race(*[partial(claim, agency) for agency in both])
    (taken,) = (each for each in results if each is not None)
    assert isinstance(taken, Taken)
    assert taken.field == "hmis_id"


def test_of_two_who_add_the_same_agency_at_once_one_is_told(manager: Actor, race: Race) -> None:
    results = race(*[lambda: agencies.add("Lantern Street", manager)] * 2)
    assert {type(result) for result in results} == {Agency, Taken}
    assert db.session.query(Agency).filter_by(name="Lantern Street").count() == 1


def test_the_numbers_are_those_of_the_agency_alone(
    manager: Actor, cast: factories.Cast
) -> None:
    other = factories.agency()
    factories.licensee(of=other)
    for _ in range(2):
        factories.ticket(by=cast)
    factories.ticket("withdrawn", by=cast)
    line = line_of(cast.agency.id)
    assert (line.people, line.admins, line.open_tickets) == (3, 1, 2)
    found = agencies.lines(db.session(), true())
    assert [each.agency.id for each in found if each.forsaken] == [other.id]


def test_an_admin_who_cannot_sign_in_leaves_the_agency_forsaken(
    manager: Actor, cast: factories.Cast
) -> None:
    accounts.set_disabled(cast.admin.person_id or 0, True, manager)
    assert line_of(cast.agency.id).forsaken
    (admin,) = agencies.admins(db.session(), cast.agency.id)
    assert (admin.person.id, admin.signs_in) == (cast.admin.person_id, False)


def test_an_inactive_agency_keeps_its_people_and_needs_no_admin(
    manager: Actor, cast: factories.Cast
) -> None:
    factories.ticket(by=cast)
    agencies.set_active(cast.agency.id, False, manager)
    line = line_of(cast.agency.id)
    assert (line.agency.active, line.people, line.open_tickets) == (False, 1, 1)
    accounts.set_disabled(cast.admin.person_id or 0, True, manager)
    assert not line_of(cast.agency.id).forsaken
    assert cast.agency.id not in [each.id for each in agencies.active(db.session())]
