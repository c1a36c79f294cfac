"""Staff decide about a deletion: the account goes first, then the license."""

from dataclasses import replace

import pytest

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, now
from helpdesk.jobs.drain import drain
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.models.role import Role, grants_of
from helpdesk.services import deletions, sessions, tickets, transfers
from helpdesk.services.facts import today
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import transaction
from tests import factories, second_steps
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import events, license_row, steps
from tests.helpdesk.conftest import Race
from tests.helpdesk.deletions import A_WEEK, CONFIRMED, PROPOSED, action, confirm
from tests.helpdesk.owed import effects
from tests.support.fakes import FakeDirectory
from workflows import common
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_USER, REACTIVATE

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Staff are asked whether to delete her license."""
    return factories.proposed(cast.agency, password=PASSWORD)


def test_a_confirmed_deletion_takes_the_account_and_then_the_license(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    assert confirm(ann, cast) == []
    assert license_row(ann).state == life.INACTIVE
    assert [each.decided_by for each in deletions.under_way(db.session())] == [cast.sam.name]
    drain(Kind.ACCOUNT)
    row = license_row(ann)
    assert (row.state, row.deleted_at) == (life.DELETED, now())
    assert directory.deeds == [("delete", ann.username)]
    assert steps(ann)[-4:] == [*CONFIRMED, "delete"]
    assert [event.actor_name for event in events(ann)[-2:]] == [cast.sam.name, THE_DESK.name]
    assert (deletions.count(db.session()), deletions.under_way(db.session())) == (0, [])


def test_the_ways_in_end_with_the_license_and_the_history_stays(ann: Person, cast: Cast) -> None:
    second_steps.give_app(ann.id)
    open_session = second_steps.begin(ann.id)
    confirm(ann, cast)
    assert sessions.all_live(db.session(), ann.id) != []
    drain(Kind.ACCOUNT)
    assert sessions.all_live(db.session(), open_session.person_id) == []
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert (account.password_hash, account.hmis_access) == (None, False)
    assert second_steps.factors(ann.id) == []
    assert len(events(ann)) == 7


def test_a_role_at_the_desk_and_what_it_signs_in_with_outlive_the_license(
    ann: Person, cast: Cast
) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    second_steps.give_app(ann.id)
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert license_row(ann).state == life.DELETED
    assert (account.password_hash is None, account.disabled) == (False, False)
    assert len(grants_of(db.session(), ann.id)) == len(second_steps.factors(ann.id)) == 1


def test_an_admin_of_an_agency_that_rests_keeps_the_way_in_for_when_it_is_back(
    ann: Person, cast: Cast
) -> None:
    resting = factories.agency()
    factories.grant(ann, Role.AGENCY_ADMIN, resting.id)
    with transaction() as session:
        session.get_one(Agency, resting.id).active = False
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    account = factories.account_of(ann)
    assert account is not None
    db.session.refresh(account)
    assert license_row(ann).state == life.DELETED
    assert account.password_hash is not None


def test_whoever_comes_back_asks_for_a_new_license(ann: Person, cast: Cast) -> None:
    confirm(ann, cast)
    drain(Kind.ACCOUNT)
    ticket = factories.ticket(common.IN_REVIEW, by=cast, about=ann, type=NEW_USER)
    factories.step(ticket, "approve", cast)
    drain(Kind.ACCOUNT)
    row = license_row(ann)
    assert (row.state, row.deleted_at, row.deletion_confirmed_at) == (life.ACTIVE, None, None)


def test_confirming_twice_owes_one_deletion(ann: Person, cast: Cast, race: Race) -> None:
    license_id = license_row(ann).id
    both = race(*[lambda: deletions.confirm([license_id], cast.sam)] * 2)
    assert sorted(done for done, _why in both) == [0, 1]
    assert len(effects(person_id=ann.id, kind=Kind.ACCOUNT, status=Status.DUE)) == 1
    assert steps(ann)[-3:] == CONFIRMED


def test_an_open_request_is_decided_first(ann: Person, cast: Cast) -> None:
    ticket = factories.ticket(by=cast, about=ann, type=REACTIVATE)
    assert confirm(ann, cast) == [
        f"{ann.name}: decide on {ticket.number} first, which is open."
    ]
    assert steps(ann)[-2:] == PROPOSED


def test_nobody_decides_about_their_own_license(ann: Person, cast: Cast) -> None:
    own = replace(cast.sam, person_id=ann.id)
    license_id = license_row(ann).id
    assert deletions.confirm([license_id], own) == (
        0, ["It is your own license. A colleague at HAND has to decide."],
    )  # fmt: skip
    with pytest.raises(Refused, match="your own license"):
        deletions.keep(license_id, "I like it.", own)


def test_no_request_is_filed_about_what_is_being_deleted_until_it_is_kept(
    ann: Person, cast: Cast
) -> None:
    confirm(ann, cast)
    asking = factories.request(ann, cast.admin, type=REACTIVATE)
    with pytest.raises(Refused, match="license is being deleted; HAND can keep it"):
        tickets.open_ticket(asking, cast.admin)
    deletions.keep(license_row(ann).id, "The agency has called.", cast.sam)
    assert tickets.open_ticket(asking, cast.admin).open


def test_what_is_kept_after_all_keeps_its_account(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    confirm(ann, cast)
    deletions.keep(license_row(ann).id, "The agency has called.", cast.joan)
    assert drain(Kind.ACCOUNT) == 0
    assert directory.deeds == []
    assert (action(ann).status, action(ann).closed_reason) == (
        Status.RECALLED, "The license is kept after all.",
    )  # fmt: skip
    assert license_row(ann).state == life.INACTIVE


def test_nobody_is_moved_while_the_license_is_being_deleted(ann: Person, cast: Cast) -> None:
    other = factories.agency()
    confirm(ann, cast)
    for day in (today(), today() + A_WEEK):
        with pytest.raises(Refused, match="It is being deleted"):
            transfers.transfer(license_row(ann).id, Transfer(other.id, day), cast.sam)
    assert license_row(ann).facts.confirmed


def test_the_list_of_proposals_is_read_in_pages_the_longest_waiting_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "PAGE", 2)
    people = [factories.proposed(cast.agency) for _number in range(3)]
    first = deletions.page(db.session())
    assert [each.person.id for each in first] == [who.id for who in people]
    rest = deletions.page(db.session(), after=first[1].license.id)
    assert [each.person.id for each in rest] == [people[2].id]


def test_the_next_page_begins_at_the_top_once_the_last_of_the_one_before_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "PAGE", 2)
    people = [factories.proposed(cast.agency) for _number in range(3)]
    last = license_row(people[1]).id
    deletions.keep(last, "She is back in spring.", cast.sam)
    found = [each.person.id for each in deletions.page(db.session(), after=last)]
    assert found == [people[0].id, people[2].id]


def test_each_of_several_is_a_commit_of_its_own(cast: Cast) -> None:
    people = [factories.proposed(cast.agency) for _number in range(3)]
    factories.ticket(by=cast, about=people[1], type=REACTIVATE)
    ids = [license_row(who).id for who in people]
    done, reasons = deletions.confirm(ids, cast.sam)
    assert (done, len(reasons)) == (2, 1)
    with transaction():
        assert [license_row(who).facts.confirmed for who in people] == [True, False, True]
