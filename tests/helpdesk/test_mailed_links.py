"""A link's life begins with the first mail that may have reached somebody."""

from datetime import timedelta

import pytest

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.links import Purpose
from helpdesk.mail import MailBusy, MailRefused, MailUncertain
from helpdesk.models.effect import Kind
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common

BUSY = MailBusy("The mail server could not be reached.")
LOST = MailUncertain("The answer did not come.")
REFUSED = MailRefused("The mail server refused this address for good.")
LONG = timedelta(days=1)


@pytest.fixture
def completed(cast: Cast, mailer: FakeMailer, clock: FakeClock) -> Ticket:
    """Its mail to the licensee carries a link and is the first that is due."""
    ticket = factories.ticket(common.BEING_SET_UP, by=cast)
    return factories.step(ticket, "provisioned", cast)


def link_row() -> OneTimeLink:
    return db.session.query(OneTimeLink).populate_existing().one()


def test_a_links_life_starts_at_the_first_attempt_that_was_not_refused(
    completed: Ticket, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.plan = [BUSY, None]
    drain(Kind.MAIL)
    assert link_row().expires_at is None
    clock.pass_by(LONG)
    mailer.plan = [LOST]
    drain(Kind.MAIL)
    began = clock.now
    clock.pass_by(LONG)
    drain(Kind.MAIL)
    assert link_row().expires_at == began + links.life(Purpose.SET_PASSWORD)
    sent = {mail.text for mail in mailer.posted if "/set-password/" in mail.text}
    assert len(sent) == 1


def test_a_link_nobody_got_opens_nothing(completed: Ticket, mailer: FakeMailer) -> None:
    mailer.plan = [REFUSED]
    drain(Kind.MAIL)
    key = f"ticket:{completed.id}:{completed.version}:0"
    token = links.url(Purpose.SET_PASSWORD, key).rpartition("/")[2]
    found = links.find(db.session(), {Purpose.SET_PASSWORD}, token)
    assert found is not None
    assert not found.alive
