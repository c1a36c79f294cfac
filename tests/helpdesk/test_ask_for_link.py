"""Asking for a link by mail: the same silence for everybody, and not too often."""

import pytest
from flask.ctx import AppContext

from config import Config
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.person import Person
from helpdesk.services import asking, credentials
from helpdesk.transaction import effects_owed
from tests import factories
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import FakeClock, FakeMailer
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

HERE = "192.0.2.1"


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez")


def letters() -> list[tuple[str, int]]:
    return [(name_of(effect), effect.person_id) for effect in effects(status="due")]


def test_asking_for_a_link_mails_one_to_the_address_on_file(
    maria: Person, mailer: FakeMailer
) -> None:
    assert asking.ask_for_link(" Maria.Lopez ", HERE) is None  # type: ignore[func-returns-value]
    drain(Kind.MAIL)
    (mail,) = mailer.posted
    assert mail.to == maria.email
    url = next(word for word in mail.text.split() if "/link/" in word)
    assert url.startswith(f"{Config().BASE_URL}/link/")
    assert "Request New Password" not in mail.subject + mail.text  # they can file other types, too
    assert credentials.open_session(url.rpartition("/")[2])


def test_asking_says_nothing_and_mails_nothing_where_there_is_nobody_to_mail(
    app_context: AppContext,
) -> None:
    factories.licensee(life.LOCKED, username="gail", email=factories.NO_EMAIL)
    factories.staff("sam")
    for name in ("gail", "sam", "nobody", "", "x" * 10_000):
        assert asking.ask_for_link(name, HERE) is None  # type: ignore[func-returns-value]
    assert letters() == []


def test_asking_again_and_again_is_throttled_in_silence(maria: Person, clock: FakeClock) -> None:
    for number in range(6):
        asking.ask_for_link("maria.lopez", f"192.0.2.{number}")
    assert len(effects()) == asking.ASKS_PER_NAME
    clock.pass_by(asking.ASK_WINDOW)
    asking.ask_for_link("maria.lopez", HERE)
    assert len(effects()) == asking.ASKS_PER_NAME + 1


def test_one_place_that_asks_for_many_is_throttled_in_silence(app_context: AppContext) -> None:
    for number in range(Config().LINKS_PER_SOURCE + 3):
        factories.licensee(life.LOCKED, username=f"name{number}", account=False)
        asking.ask_for_link(f"name{number}", HERE)
    assert len(letters()) == Config().LINKS_PER_SOURCE


def test_many_places_that_ask_at_once_are_throttled_together(maria: Person) -> None:
    for number in range(Config().LINKS_PER_MINUTE):
        asking.ask_for_link(f"nobody{number}", f"192.0.2.{number}")
    asking.ask_for_link("maria.lopez", "198.51.100.7")
    assert letters() == []


def test_asking_hurries_nobody_so_that_its_time_tells_of_nobody(maria: Person) -> None:
    nudges: list[object] = []

    def note(sender: object, kinds: object) -> None:
        nudges.append(sender)

    with effects_owed.connected_to(note):
        asking.ask_for_link("maria.lopez", HERE)
    assert len(letters()) == 1
    assert nudges == []
