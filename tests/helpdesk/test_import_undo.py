"""The undo of the last import: as before where nothing has changed since, and told where it has."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk import links
from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.event import license_history
from helpdesk.models.import_run import ImportRun, Phase
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import licenses, people, tickets
from helpdesk.services.imports.undo import NotTheLast, undo
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk import roster_csv
from tests.helpdesk.conftest import Dump
from tests.helpdesk.imports import applied
from tests.helpdesk.user_csv import GONE_SINCE, text_of, user
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]


def license_row(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    return row


def facts(row: Any, *but: str) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name not in but}


def known(hmis_id: str, state: str = life.ACTIVE, **about: Any) -> Person:
    person = factories.licensee(state, **about)
    with transaction():
        person.hmis_id = hmis_id
    return person


def listed() -> list[str]:
    return [line.person.name for line in people.page(db.session(), people.Which()).lines]


def test_whom_the_import_brought_is_in_the_register_no_more(cast: factories.Cast) -> None:
    before = listed()
    run = applied(text_of(user(27), user(28, DateDeleted=GONE_SINCE)), cast.joan)
    outcome = undo(run.id, cast.joan)
    assert (outcome.undone, outcome.left, listed()) == (2, [], before)
    assert db.session.scalar(select(Person).where(Person.hmis_id == "27")) is None
    for row in db.session.scalars(select(License)):
        assert (row.state, row.deleted_at) == (life.ABSENT, None)
        assert license_history(db.session(), row.id)[-1].trigger == "disown"
    run = db.session.get_one(ImportRun, run.id)
    assert (run.phase, run.undone_by_id) == (Phase.UNDONE, cast.joan.person_id)


def test_after_an_undo_the_same_file_brings_everybody_again(cast: factories.Cast) -> None:
    content = text_of(user(27))
    for _ in range(2):
        undo(applied(content, cast.joan).id, cast.joan)
    assert applied(content, cast.joan).counts["new"] == 1
    assert listed().count("Ann Lee") == 1


@pytest.mark.parametrize("state", life.HELD)
def test_what_was_changed_is_as_before(cast: factories.Cast, state: str) -> None:
    ann = known("27", state, of=cast.agency, email="old@agency.example")
    row = license_row(ann)
    before = facts(ann), facts(row, "version")
    run = applied(text_of(user(27, DateDeleted=GONE_SINCE)), cast.joan)
    assert (ann.email, license_row(ann).state) == ("user.27@agency.example", life.DELETED)
    assert undo(run.id, cast.joan).left == []
    assert (facts(ann), facts(license_row(ann), "version")) == before


def test_links_that_went_to_the_address_of_the_import_end_with_it(cast: factories.Cast) -> None:
    ann = known("27", email="old@agency.example")
    run = applied(text_of(user(27)), cast.joan)
    with transaction() as session:
        address = links.mint(session, links.Purpose.ACCESS, ann.id, "key")
    undo(run.id, cast.joan)
    found = links.find(db.session(), (links.Purpose.ACCESS,), address.rpartition("/")[2])
    assert found is not None
    assert not found.alive


def change_phone(person: Person) -> None:
    with transaction():
        person.phone = "3135550177"


def lock(person: Person) -> None:
    licenses.act(license_row(person).id, "lock", THE_DESK)


def move(person: Person) -> None:
    elsewhere = factories.agency()
    with transaction():
        license_row(person).agency_id = elsewhere.id


def give_role(person: Person) -> None:
    factories.grant(person, Role.STAFF)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (change_phone, "Changed since: phone."),
        (lock, "Changed since: license."),
        (move, "Changed since: license."),
        (give_role, "They have a role here."),
    ],
)
def test_who_has_changed_since_is_left_and_named(
    cast: factories.Cast, since: Callable[[Person], None], why: str
) -> None:
    run = applied(text_of(user(27), user(28, FirstName="Bo")), cast.joan)
    ann = db.session.scalars(select(Person).where(Person.hmis_id == "27")).one()
    since(ann)
    before = facts(ann), facts(license_row(ann))
    outcome = undo(run.id, cast.joan)
    assert (outcome.undone, outcome.left) == (1, [{"name": "Ann Lee", "why": why}])
    assert (facts(ann), facts(license_row(ann))) == before
    assert db.session.get_one(ImportRun, run.id).left_alone == outcome.left


def test_who_has_a_request_is_left(cast: factories.Cast) -> None:
    run = roster_csv.applied(cast.joan, roster_csv.member(Provider=cast.agency.name))
    ann = db.session.scalars(select(Person).where(Person.username == "ann.lee")).one()
    tickets.open_ticket(factories.request(ann, cast.admin), cast.admin)
    assert undo(run.id, cast.joan).left == [
        {"name": "Ann Lee", "why": "There is a request about them."}
    ]


def test_only_the_last_import_can_be_undone_and_once(cast: factories.Cast, dump: DumpNow) -> None:
    first = applied(text_of(user(27)), cast.joan)
    second = applied(text_of(user(28)), cast.joan)
    applied(text_of(user(28)), cast.joan)  # it changes nothing, so there is nothing to undo
    with pytest.raises(NotTheLast):
        undo(first.id, cast.joan)
    undo(second.id, cast.joan)
    before = dump()
    with pytest.raises(NotTheLast):
        undo(second.id, cast.joan)
    assert dump() == before
    assert undo(first.id, cast.joan).undone == 1


def test_an_import_of_the_command_line_can_be_undone_on_the_page(cast: factories.Cast) -> None:
    run = applied(text_of(user(27)), THE_DESK)
    assert undo(run.id, cast.joan).undone == 1


def test_more_people_than_one_batch(
    cast: factories.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.services.imports.undo.BATCH", 2)
    run = applied(text_of(*(user(number) for number in range(5))), cast.joan)
    assert undo(run.id, cast.joan).undone == 5
