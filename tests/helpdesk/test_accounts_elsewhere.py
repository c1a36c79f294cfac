"""Where the HMIS keeps its own accounts, the desk's sign-in neither locks a license nor counts as
a log-in, and a link to the desk's own password stays the desk's affair."""

from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import accounts, licenses
from helpdesk.services.accounts import Newcomer
from helpdesk.services.sign_in import Failed, SignedIn, Unusable, sign_in
from tests import factories
from tests.factories import ANY_STAFF, PASSWORD, Cast
from tests.support.fakes import FakeMailer
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")
HERE = "198.51.100.7"


@pytest.fixture(autouse=True, params=["manual", "scim"])
def elsewhere(app: Flask, request: pytest.FixtureRequest) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY=request.param)


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    db.session.refresh(row)
    return row


def test_bad_passwords_at_the_desk_lock_no_license(cast: Cast) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency, password=PASSWORD)
    for _ in range(4):
        assert isinstance(sign_in(ann.username or "", "wrong", HERE), Failed)
    assert row_of(ann).state == life.ACTIVE
    assert isinstance(sign_in(ann.username or "", PASSWORD, HERE), SignedIn)
    assert row_of(ann).last_login_at is None


def test_a_license_locked_elsewhere_is_told_of_after_the_right_password(cast: Cast) -> None:
    bea = factories.licensee(life.LOCKED, of=cast.agency, password=PASSWORD)
    assert sign_in(bea.username or "", PASSWORD, HERE) == Unusable(bea.id, life.LOCKED, None)


def test_a_reactivated_license_is_not_watched_where_log_ins_are_not_seen(cast: Cast) -> None:
    rita = factories.licensee(life.INACTIVE, of=cast.agency)
    licenses.act(row_of(rita).id, "reactivate", THE_DESK)
    assert row_of(rita).log_in_by is None


def test_somebody_invited_to_the_desk_chooses_a_password_for_the_desk(
    cast: Cast, mailer: FakeMailer
) -> None:
    new = Newcomer("Nia", "Brandt", "nia.brandt", "nia@hand.example", Role.STAFF, None)
    accounts.add(new, ANY_STAFF)
    drain(Kind.MAIL)
    (invitation,) = mailer.to("nia@hand.example")
    assert "/set-password/" in invitation.text
