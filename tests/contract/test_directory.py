"""What the desk may expect of any account directory. A further one adds itself to DIRECTORIES."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.directory.base import Directory, DirectoryRefused, KnownAccount, NewAccount
from helpdesk.directory.local import LocalDirectory
from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.transaction import transaction
from tests import factories

UNTIL = date(2027, 11, 23)
NOBODY = "nobody.at.all"


@dataclass(frozen=True)
class Place:
    """A directory, and what happens to its accounts without the desk."""

    directory: Directory
    newcomer: Callable[[], NewAccount]
    three_bad_log_ins: Callable[[str], None]
    link_works: Callable[[str], bool]

    def account(self) -> str:
        """The user name of somebody who has an account."""
        new = self.newcomer()
        self.directory.create(f"create:{new.username}", new)
        return new.username

    def known(self, username: str) -> KnownAccount:
        found = self.directory.look_up(username)
        assert found is not None
        return found


def local(app: Flask, client: FlaskClient) -> Place:
    def newcomer() -> NewAccount:
        person = factories.person(account=False)
        assert person.username is not None
        return NewAccount(person.username, person.first_name, person.last_name, person.email)

    def three_bad_log_ins(username: str) -> None:
        with transaction() as session:
            account = session.query(Account).join(Person, Person.id == Account.person_id)
            account.filter(Person.username == username).one().bad_attempts = 3

    def link_works(url: str) -> bool:
        return client.get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200

    return Place(LocalDirectory(), newcomer, three_bad_log_ins, link_works)


DIRECTORIES = {"local": local}
CHANGES: dict[str, Callable[[Directory, str, str], None]] = {
    "unlock": lambda directory, key, name: directory.unlock(key, name),
    "reactivate": lambda directory, key, name: directory.reactivate(key, name),
    "extend": lambda directory, key, name: directory.extend(key, name, UNTIL),
    "deactivate": lambda directory, key, name: directory.deactivate(key, name),
    "delete": lambda directory, key, name: directory.delete(key, name),
}
each_change = pytest.mark.parametrize("change", CHANGES)


@pytest.fixture(params=DIRECTORIES)
def place(request: pytest.FixtureRequest, app: Flask, client: FlaskClient) -> Iterator[Place]:
    with app.app_context():
        yield DIRECTORIES[request.param](app, client)


class TestAnyDirectory:
    def test_nobody_is_found_under_an_unknown_name(self, place: Place) -> None:
        assert place.directory.look_up(NOBODY) is None

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
        left = place.directory.look_up(new.username)
        assert left is None or not left.active
        place.directory.create("key-3", new)
        assert place.known(new.username).active

    @each_change
    def test_a_change_for_an_unknown_name_is_refused_for_good_and_says_whose(
        self, place: Place, change: str
    ) -> None:
        with pytest.raises(DirectoryRefused, match=NOBODY):
            CHANGES[change](place.directory, "key-1", NOBODY)

    @each_change
    def test_a_refusal_does_not_use_up_its_key(self, place: Place, change: str) -> None:
        new = place.newcomer()
        with pytest.raises(DirectoryRefused):
            CHANGES[change](place.directory, "key-1", new.username)
        place.directory.create("key-2", new)
        place.three_bad_log_ins(new.username)
        if change == "reactivate":
            place.directory.deactivate("key-3", new.username)
        before = place.known(new.username)
        CHANGES[change](place.directory, "key-1", new.username)
        assert place.directory.look_up(new.username) != before

    @each_change
    def test_a_change_twice_under_one_key_is_as_good_as_once(
        self, place: Place, change: str
    ) -> None:
        name = place.account()
        CHANGES[change](place.directory, "key-1", name)
        once = place.directory.look_up(name)
        CHANGES[change](place.directory, "key-1", name)
        assert place.directory.look_up(name) == once

    def test_a_link_for_an_unknown_name_is_refused(self, place: Place) -> None:
        with pytest.raises(DirectoryRefused, match=NOBODY):
            place.directory.set_password_link("key-1", NOBODY)

    def test_the_same_key_gives_the_same_link(self, place: Place) -> None:
        name = place.account()
        first = place.directory.set_password_link("key-1", name)
        assert place.directory.set_password_link("key-1", name) == first
        assert place.link_works(first)

    def test_the_newest_link_ends_the_others(self, place: Place) -> None:
        name = place.account()
        first = place.directory.set_password_link("key-1", name)
        second = place.directory.set_password_link("key-2", name)
        assert first != second
        assert (place.link_works(first), place.link_works(second)) == (False, True)

    def test_a_mail_sent_again_does_not_bring_an_ended_link_back(self, place: Place) -> None:
        name = place.account()
        first = place.directory.set_password_link("key-1", name)
        second = place.directory.set_password_link("key-2", name)
        assert place.directory.set_password_link("key-1", name) == first
        assert (place.link_works(first), place.link_works(second)) == (False, True)

    def test_a_link_of_one_person_leaves_those_of_others(self, place: Place) -> None:
        mine = place.directory.set_password_link("key-1", place.account())
        place.directory.set_password_link("key-2", place.account())
        assert place.link_works(mine)
