"""Somebody whose license was deleted and who comes back: the password of old is gone."""

import pytest

from helpdesk.directory.base import NewAccount
from helpdesk.directory.local import LocalDirectory
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services.sign_in import Failed, SignedIn, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD, Cast
from workflows import license as life

HOME = "192.0.2.7"


@pytest.fixture
def gone(cast: Cast) -> Person:
    return factories.licensee(life.DELETED, of=cast.agency, password=PASSWORD)


def password_of(who: Person) -> str | None:
    account = factories.account_of(who)
    assert account is not None
    return account.password_hash


def create(who: Person, key: str = "create-1") -> None:
    assert who.username is not None
    new = NewAccount(who.username, who.first_name, who.last_name, who.email)
    LocalDirectory().create(key, new)


def test_deleting_the_account_forgets_the_password(gone: Person) -> None:
    LocalDirectory().delete("delete-1", gone.username or "")
    assert password_of(gone) is None


def test_a_late_repetition_leaves_the_new_password(gone: Person) -> None:
    directory = LocalDirectory()
    directory.delete("delete-1", gone.username or "")
    create(gone)
    set_password(gone)
    directory.delete("delete-1", gone.username or "")
    create(gone)
    assert password_of(gone) == factories.hashed(PASSWORD)


def set_password(who: Person) -> None:
    with transaction():
        account = factories.account_of(who)
        assert account is not None
        account.password_hash = factories.hashed(PASSWORD)


def test_being_created_anew_does_whoever_deleted_it(gone: Person, cast: Cast) -> None:
    """The HMIS may have deleted the license without the directory's doing."""
    create(gone)
    assert password_of(gone) is None


def test_the_old_password_does_not_sign_in_after_the_return(cast: Cast) -> None:
    back = factories.licensee(life.ACTIVE, of=cast.agency, password=PASSWORD)
    assert isinstance(sign_in(back.username or "", PASSWORD, HOME), SignedIn)
    create(back)
    assert isinstance(sign_in(back.username or "", PASSWORD, HOME), Failed)


def test_a_desk_role_keeps_the_password_it_signs_in_with(gone: Person, cast: Cast) -> None:
    factories.grant(gone, Role.AGENCY_ADMIN, cast.agency.id)
    LocalDirectory().delete("delete-1", gone.username or "")
    create(gone)
    assert password_of(gone) == factories.hashed(PASSWORD)
    assert isinstance(sign_in(gone.username or "", PASSWORD, HOME), SignedIn)
