"""A mail names no way that is closed to its reader."""

from datetime import timedelta

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.services import licenses
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common
from workflows import license as life
from workflows.guards import NEW_USER


def test_a_newcomer_is_shown_no_door_that_does_not_open(
    cast: Cast, clock: FakeClock, mailer: FakeMailer
) -> None:
    nia = factories.nameless(life.ABSENT, of=cast.agency)
    ticket = factories.ticket(common.WAITING, by=cast, about=nia, type=NEW_USER, owing=True)
    drain(Kind.MAIL)
    told = mailer.to(nia.email)[-1].text
    assert ticket.number in told
    assert f"/tickets/{ticket.id}" not in told
    assert "cant-log-in" not in told
    assert "tell your agency admin" in told
    assert f"/tickets/{ticket.id}" in mailer.to(person_of(cast.admin.person_id).email)[-1].text


def person_of(person_id: int | None) -> Person:
    return db.session.get_one(Person, person_id)


def test_a_lock_of_an_expired_license_names_no_way_that_is_closed(
    cast: Cast, clock: FakeClock, mailer: FakeMailer
) -> None:
    theo = factories.licensee(life.EXPIRED, of=cast.agency)
    row = license_of(db.session(), theo.id)
    assert row is not None
    licenses.act(row.id, "lock", THE_DESK)
    clock.pass_by(timedelta(minutes=1))
    drain(Kind.MAIL)
    told = mailer.to(theo.email)[-1].text
    assert "Request New Password" not in told
    assert "shows you how your license stands" in told
