"""What the desk may expect of any account directory. A further one adds itself to DIRECTORIES.

Nobody but a person sees what the manual one has changed: there, a hand carries each checklist out
in a make-believe HMIS, and the tests look into that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.directory.base import (
    CannotLook,
    Directory,
    DirectoryRefused,
    KnownAccount,
    NewAccount,
    Owner,
)
from helpdesk.directory.local import LocalDirectory
from helpdesk.directory.manual import ManualDirectory
from helpdesk.directory.once import Once
from helpdesk.directory.scim.directory import ScimDirectory
from helpdesk.models.account import Account
from helpdesk.models.person import Person, with_username
from helpdesk.transaction import transaction
from tests import factories
from tests.support.hands import WithHands
from tests.support.scim import ScimServer

UNTIL = date(2027, 11, 23)
RIGHT = Owner("Zoë", "O’Neill-Ruiz", "zoe.ruiz@agency.example")
NOBODY = "nobody.at.all"


@dataclass(frozen=True)
class Place:
    """A directory, what is seen of its accounts, and what happens to them without the desk."""

    directory: Directory
    look: Callable[[str], KnownAccount | None]
    newcomer: Callable[[], NewAccount]
    three_bad_log_ins: Callable[[str], None]
    link_works: Callable[[str], bool] | None = None

    def account(self) -> str:
        """The user name of somebody who has an account."""
        new = self.newcomer()
        self.directory.create(f"create:{new.username}", new)
        return new.username

    def known(self, username: str) -> KnownAccount:
        found = self.look(username)
        assert found is not None
        return found


def newcomer() -> NewAccount:
    person = factories.person(account=False)
    assert person.username is not None
    return NewAccount(person.username, person.first_name, person.last_name, person.email)


def local(client: FlaskClient, _server: ScimServer) -> Place:
    def three_bad_log_ins(username: str) -> None:
        with transaction() as session:
            account = session.query(Account).join(Person, Person.id == Account.person_id)
            account.filter(Person.username == username).one().bad_attempts = 3

    def link_works(url: str) -> bool:
        return client.get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200

    directory = LocalDirectory()
    return Place(directory, directory.look_up, newcomer, three_bad_log_ins, link_works)


def manual(_client: FlaskClient, _server: ScimServer) -> Place:
    hands = WithHands(ManualDirectory())
    return Place(hands, hands.hmis.look_up, newcomer, hands.hmis.lock)


def scim(_client: FlaskClient, server: ScimServer) -> Place:
    directory = Once(ScimDirectory(server.settings(), by_hand=ManualDirectory()))
    return Place(directory, directory.look_up, newcomer, server.lock)


def corrected(directory: Directory, key: str, username: str, owner: Owner) -> None:
    """As in life: on file first, then in the directory."""
    put_on_file(username, owner)
    directory.correct(key, username, owner)


def put_on_file(username: str, owner: Owner) -> None:
    with transaction() as session:
        person = with_username(session, username)
        if person is not None:
            person.first_name, person.last_name = owner.first_name, owner.last_name
            person.email = owner.email


DIRECTORIES = {"local": local, "manual": manual, "scim": scim}
CHANGES: dict[str, Callable[[Directory, str, str], None]] = {
    "unlock": lambda directory, key, name: directory.unlock(key, name),
    "reactivate": lambda directory, key, name: directory.reactivate(key, name),
    "extend": lambda directory, key, name: directory.extend(key, name, UNTIL),
    "deactivate": lambda directory, key, name: directory.deactivate(key, name),
    "delete": lambda directory, key, name: directory.delete(key, name),
    "correct": lambda directory, key, name: corrected(directory, key, name, RIGHT),
}
each_change = pytest.mark.parametrize("change", CHANGES)
SEEN_AS_DONE = {("scim", "delete")}
"""It does not know whom it has deleted from somebody it has never heard of."""

each_refusal = pytest.mark.parametrize(
    ("place", "change"),
    [each for each in product(DIRECTORIES, CHANGES) if each not in SEEN_AS_DONE],
    indirect=["place"],
)


@pytest.fixture(params=DIRECTORIES)
def place(
    request: pytest.FixtureRequest, app: Flask, client: FlaskClient, scim_server: ScimServer
) -> Iterator[Place]:
    with app.app_context():
        yield DIRECTORIES[request.param](client, scim_server)


class TestAnyDirectory:
    def test_nobody_is_found_under_an_unknown_name(self, place: Place) -> None:
        assert place.look(NOBODY) is None

    def test_a_created_account_is_open_and_found_however_its_name_is_written(
        self, place: Place
    ) -> None:
        name = place.account()
        assert place.known(name.upper()) == place.known(name)
        assert (place.known(name).active, place.known(name).locked) == (True, False)

    def test_creating_again_under_the_same_key_changes_nothing(self, place: Place) -> None:
        new = place.newcomer()
        place.directory.create("key-1", new)
        place.directory.deactivate("key-2", new.username)
        place.directory.create("key-1", new)
        assert not place.known(new.username).active

    def test_an_account_that_exists_already_is_adopted_and_opened(self, place: Place) -> None:
        new = place.newcomer()
        place.directory.create("key-1", new)
        place.directory.deactivate("key-2", new.username)
        place.directory.create("key-3", new)
        assert place.known(new.username).active

    def test_unlocking_lets_in_again_and_forgets_the_bad_attempts(self, place: Place) -> None:
        name = place.account()
        place.three_bad_log_ins(name)
        assert place.known(name).locked
        place.directory.unlock("key-1", name)
        assert not place.known(name).locked

    def test_unlocking_what_is_not_locked_is_no_error(self, place: Place) -> None:
        name = place.account()
        place.directory.unlock("key-1", name)
        assert not place.known(name).locked

    def test_a_late_repetition_does_not_undo_what_happened_since(self, place: Place) -> None:
        name = place.account()
        place.directory.unlock("key-1", name)
        place.three_bad_log_ins(name)
        place.directory.unlock("key-1", name)
        assert place.known(name).locked
        place.directory.reactivate("key-2", name)
        place.directory.deactivate("key-3", name)
        place.directory.reactivate("key-2", name)
        assert not place.known(name).active
        place.directory.extend("key-4", name, UNTIL)
        place.directory.extend("key-5", name, date(2028, 1, 1))
        place.directory.extend("key-4", name, UNTIL)
        assert place.known(name).until == date(2028, 1, 1)

    def test_deactivating_shuts_and_reactivating_opens(self, place: Place) -> None:
        name = place.account()
        place.directory.deactivate("key-1", name)
        assert not place.known(name).active
        place.directory.reactivate("key-2", name)
        assert place.known(name).active

    def test_extending_sets_the_end_and_opens(self, place: Place) -> None:
        name = place.account()
        place.directory.deactivate("key-1", name)
        place.directory.extend("key-2", name, UNTIL)
        assert (place.known(name).until, place.known(name).active) == (UNTIL, True)

    def test_a_deleted_account_lets_nobody_in_until_it_is_created_anew(self, place: Place) -> None:
        new = place.newcomer()
        place.directory.create("key-1", new)
        place.directory.delete("key-2", new.username)
        left = place.look(new.username)
        assert left is None or not left.active
        place.directory.create("key-3", new)
        assert place.known(new.username).active

    def test_a_correction_gives_the_account_its_owners_name_and_email(self, place: Place) -> None:
        name = place.account()
        before = place.known(name)
        corrected(place.directory, "key-1", name, RIGHT)
        now = place.known(name)
        assert (now.name, now.email) == ("Zoë O’Neill-Ruiz", "zoe.ruiz@agency.example")
        assert (now.username, now.active, now.locked, now.until) == (
            before.username, before.active, before.locked, before.until,
        )  # fmt: skip

    def test_a_correction_to_no_email_leaves_none_that_is_wrong(self, place: Place) -> None:
        name = place.account()
        corrected(place.directory, "key-1", name, RIGHT)
        corrected(place.directory, "key-2", name, replace(RIGHT, email=None))
        assert (place.known(name).name, place.known(name).email) == ("Zoë O’Neill-Ruiz", None)

    def test_a_late_correction_does_not_undo_a_later_one(self, place: Place) -> None:
        name = place.account()
        later = replace(RIGHT, email="later@agency.example")
        corrected(place.directory, "key-1", name, RIGHT)
        corrected(place.directory, "key-2", name, later)
        place.directory.correct("key-1", name, RIGHT)
        assert place.known(name).email == "later@agency.example"

    @each_refusal
    def test_a_change_for_an_unknown_name_is_refused_for_good_and_says_whose(
        self, place: Place, change: str
    ) -> None:
        with pytest.raises(DirectoryRefused, match=NOBODY):
            CHANGES[change](place.directory, "key-1", NOBODY)

    @each_refusal
    def test_a_refusal_does_not_use_up_its_key(self, place: Place, change: str) -> None:
        new = place.newcomer()
        with pytest.raises(DirectoryRefused):
            CHANGES[change](place.directory, "key-1", new.username)
        place.directory.create("key-2", new)
        place.three_bad_log_ins(new.username)
        if change == "reactivate":
            place.directory.deactivate("key-3", new.username)
        if change == "correct":
            put_on_file(new.username, replace(RIGHT, last_name="Oneill"))
        before = place.known(new.username)
        CHANGES[change](place.directory, "key-1", new.username)
        assert place.look(new.username) != before

    @each_change
    def test_a_change_twice_under_one_key_is_as_good_as_once(
        self, place: Place, change: str
    ) -> None:
        name = place.account()
        CHANGES[change](place.directory, "key-1", name)
        once = place.look(name)
        CHANGES[change](place.directory, "key-1", name)
        assert place.look(name) == once


class Links:
    """The local directory's, where the password is the desk's own affair."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def get(self, key: str, username: str) -> str:
        link = self.place.directory.set_password_link(key, username)
        assert link is not None
        return link

    def works(self, link: str) -> bool:
        assert self.place.link_works is not None
        return self.place.link_works(link)


@pytest.fixture
def links(app: Flask, client: FlaskClient, scim_server: ScimServer) -> Iterator[Links]:
    with app.app_context():
        yield Links(local(client, scim_server))


class TestADirectoryWithLinks:
    def test_a_link_for_an_unknown_name_is_refused(self, links: Links) -> None:
        with pytest.raises(DirectoryRefused, match=NOBODY):
            links.get("key-1", NOBODY)

    def test_the_same_key_gives_the_same_link(self, links: Links) -> None:
        name = links.place.account()
        first = links.get("key-1", name)
        assert links.get("key-1", name) == first
        assert links.works(first)

    def test_the_newest_link_ends_the_others(self, links: Links) -> None:
        name = links.place.account()
        first, second = links.get("key-1", name), links.get("key-2", name)
        assert first != second
        assert (links.works(first), links.works(second)) == (False, True)

    def test_a_mail_sent_again_does_not_bring_an_ended_link_back(self, links: Links) -> None:
        name = links.place.account()
        first, second = links.get("key-1", name), links.get("key-2", name)
        assert links.get("key-1", name) == first
        assert (links.works(first), links.works(second)) == (False, True)

    def test_a_link_of_one_person_leaves_those_of_others(self, links: Links) -> None:
        mine = links.get("key-1", links.place.account())
        links.get("key-2", links.place.account())
        assert links.works(mine)


def test_the_manual_directory_cannot_be_looked_into_and_gives_no_links(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(CannotLook, match="Only a person"):
            ManualDirectory().look_up("ann.lee")
        assert ManualDirectory().set_password_link("key-1", "ann.lee") is None
