"""A name or email that a file from outside tells anew is corrected like by hand, and back again."""

from collections.abc import Callable

import pytest

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.links import Purpose
from helpdesk.models.correction import corrections_of
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import sessions
from helpdesk.services.imports.undo import undo
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk import imports, roster_csv
from tests.helpdesk.owed import effects, name_of
from tests.helpdesk.user_csv import text_of, user
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")
Imported = Callable[[Cast], int]
OLD, NEW = "old@agency.example", "ann.lee@agency.example"


@pytest.fixture
def ann(cast: Cast) -> Person:
    person = factories.licensee(life.ACTIVE, of=cast.agency, username="ann.lee", email=OLD)
    with transaction() as session:
        row = session.get_one(Person, person.id)
        row.last_name, row.hmis_id = "Lea", "27"
    return person


def by_roster(cast: Cast) -> int:
    return roster_csv.applied(cast.joan, roster_csv.member()).id


def by_users(cast: Cast) -> int:
    told = user(27, UserFirstName="Ann", UserLastName="Lee", UserEmail=NEW)
    return imports.applied(text_of(told), cast.joan).id


each_import = pytest.mark.parametrize("imported", [by_roster, by_users])


def mails() -> list[tuple[str, str]]:
    found = effects(kind=Kind.MAIL, status=Status.DUE)
    return [(name_of(each), each.payload["to"]["address"]) for each in found]


@each_import
def test_it_is_told_to_both_addresses_kept_and_ends_what_proves_the_old_one(
    ann: Person, cast: Cast, imported: Imported
) -> None:
    with transaction() as session:
        token = links.mint(session, Purpose.RESET, ann.id, "reset:1").rpartition("/")[2]
        sessions.begin(session, ann.id, Proof.LINK)
    imported(cast)
    (row,) = corrections_of(db.session(), ann.id)
    assert (row.before["email"], row.after["email"], row.after["last_name"]) == (OLD, NEW, "Lee")
    assert (row.actor_id, row.actor_name) == (None, "The import from the HMIS")
    assert mails() == [("address_left", OLD), ("corrected", NEW)]
    found = links.find(db.session(), {Purpose.RESET}, token)
    assert found is not None
    assert not found.alive
    assert db.session.query(WebSession).filter_by(person_id=ann.id, ended_at=None).count() == 0


@each_import
def test_the_account_has_it_already_so_no_directory_is_told(
    ann: Person, cast: Cast, imported: Imported
) -> None:
    imported(cast)
    assert effects(kind=Kind.ACCOUNT, person_id=ann.id, status=Status.DUE) == []


@each_import
def test_the_undo_corrects_it_once_more_and_says_why(
    ann: Person, cast: Cast, imported: Imported
) -> None:
    run_id = imported(cast)
    undo(run_id, cast.joan)
    first, second = corrections_of(db.session(), ann.id)
    assert (second.before, second.after) == (first.after, first.before)
    assert second.reason == "The import was undone."
    assert db.session.get_one(Person, ann.id, populate_existing=True).email == OLD
    assert mails()[2:] == [("address_left", NEW), ("corrected", OLD)]


def test_what_is_the_same_is_no_correction(ann: Person, cast: Cast) -> None:
    by_roster(cast)
    by_roster(cast)
    assert len(corrections_of(db.session(), ann.id)) == 1


def test_whom_an_import_brought_and_took_back_is_told_nothing(cast: Cast) -> None:
    undo(roster_csv.applied(cast.joan, roster_csv.member()).id, cast.joan)
    assert mails() == []


def test_whom_somebody_corrected_since_the_undo_leaves_alone(ann: Person, cast: Cast) -> None:
    run_id = by_roster(cast)
    with transaction() as session:
        session.get_one(Person, ann.id).email = "third@agency.example"
    assert undo(run_id, cast.joan).left == [
        {"name": "Ann Lee", "why": "Changed since: email."}
    ]
    assert len(corrections_of(db.session(), ann.id)) == 1
