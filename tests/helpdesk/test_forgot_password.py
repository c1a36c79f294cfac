"""Forgot Password: the same silence for all, a short link by mail, and no way round a lock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext

from config import Config
from helpdesk import links
from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.links import Purpose
from helpdesk.models.effect import Kind
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import asking, credentials, licenses
from helpdesk.services.credentials import LicenseLocked, LinkEnded
from helpdesk.services.sign_in import Failed, SignedIn, Slowed, sign_in
from helpdesk.transaction import effects_owed, transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import FakeClock, FakeMailer, Posted
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]
NEW = "seven copper kettles whistle"
WRONG = "not the password at all"
HERE = "192.0.2.1"


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)


def letters() -> list[tuple[str, int]]:
    return [(name_of(effect), effect.person_id) for effect in effects(status="due")]


def ask(mailer: FakeMailer, name: str = "maria.lopez") -> Posted:
    """The mail that comes of it."""
    asking.forgot_password(name, HERE)
    drain(Kind.MAIL)
    return mailer.posted[-1]


def token_in(mail: Posted, purpose: Purpose = Purpose.RESET) -> str:
    (url,) = {word for word in mail.text.split() if f"/{purpose}/" in word}
    assert url.startswith(f"{Config().BASE_URL}/{purpose}/")
    return url.rpartition("/")[2]


def lock(who: Person) -> None:
    row = license_of(db.session(), who.id)
    assert row is not None
    licenses.act(row.id, "lock", THE_DESK)


def test_the_mailed_link_leads_to_a_new_password_and_signs_nobody_in(
    maria: Person, mailer: FakeMailer
) -> None:
    mail = ask(mailer, " Maria.Lopez ")
    assert mail.to == maria.email
    assert "within 15 minutes" in mail.text
    assert credentials.set_password(token_in(mail), NEW) is None  # type: ignore[func-returns-value]
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)
    assert letters() == [("password_changed", maria.id)]


def test_the_link_works_for_15_minutes_from_its_mail(
    maria: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    asking.forgot_password("maria.lopez", HERE)
    clock.pass_by(timedelta(hours=1))  # the worker was away
    drain(Kind.MAIL)
    token = token_in(mailer.posted[0])
    clock.pass_by(timedelta(minutes=14, seconds=59))
    credentials.password_bearer(token)
    clock.pass_by(timedelta(seconds=1))
    with pytest.raises(LinkEnded):
        credentials.set_password(token, NEW)


def test_of_all_links_to_a_password_only_the_newest_works(
    maria: Person, mailer: FakeMailer
) -> None:
    with transaction() as session:
        ticket_link = links.mint(session, Purpose.SET_PASSWORD, maria.id, "k").rpartition("/")[2]
    first = token_in(ask(mailer))
    second = token_in(ask(mailer))
    for old in (ticket_link, first):
        with pytest.raises(LinkEnded):
            credentials.set_password(old, NEW)
    credentials.set_password(second, NEW)


def test_asking_changes_nothing_about_the_password_or_the_sessions(
    maria: Person, mailer: FakeMailer
) -> None:
    ask(mailer)
    assert isinstance(sign_in("maria.lopez", PASSWORD, HERE), SignedIn)


def test_an_expired_link_renews_itself_as_another_short_one(
    maria: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    old = token_in(ask(mailer))
    clock.pass_by(timedelta(minutes=20))
    asking.renew(old)
    drain(Kind.MAIL)
    new = token_in(mailer.posted[-1])
    credentials.set_password(new, NEW)
    before = len(effects())
    asking.renew(new)  # it was used
    assert len(effects()) == before


def test_a_locked_license_gets_words_and_a_link_to_the_request_instead(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    maria = factories.licensee(life.LOCKED, username="maria.lopez", password=PASSWORD)
    mail = ask(mailer)
    assert (mail.to, "reset-password" in mail.text) == (maria.email, False)
    assert "Forgot Password cannot help" in mail.subject
    assert "Request New Password" in mail.text
    assert "ask your agency admin" in mail.text
    assert credentials.open_session(token_in(mail, Purpose.ACCESS))


def test_a_lock_below_another_reason_is_told_with_what_helps_first(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    lock(factories.licensee(life.EXPIRED, username="maria.lopez", password=PASSWORD))
    mail = ask(mailer)
    assert "what brings it back" in mail.text
    assert "/link/" in mail.text


def test_a_lock_that_falls_after_the_mail_keeps_the_link_from_working(
    maria: Person, mailer: FakeMailer, dump: DumpNow
) -> None:
    token = token_in(ask(mailer))
    for number in range(3):
        sign_in("maria.lopez", WRONG, f"198.51.100.{number}")
    before = dump()
    for use in (credentials.password_bearer, lambda one: credentials.set_password(one, NEW)):
        with pytest.raises(LicenseLocked):
            use(token)
    assert dump() == before


def test_a_lock_and_a_new_password_at_once_end_with_one_of_them(
    maria: Person, mailer: FakeMailer, race: Race
) -> None:
    """Either the third strike came first, or there is nothing left of the strikes before."""
    token = token_in(ask(mailer))
    for number in range(2):
        sign_in("maria.lopez", WRONG, f"198.51.100.{number}")
    changed, _struck = race(
        lambda: credentials.set_password(token, NEW),
        lambda: sign_in("maria.lopez", WRONG, "198.51.100.7"),
    )
    locked = license_of(db.session(), maria.id).locked_at is not None  # type: ignore[union-attr]
    assert locked == isinstance(changed, LicenseLocked)


def test_a_new_password_ends_the_wait_of_who_forgot_the_old_one(
    maria: Person, mailer: FakeMailer
) -> None:
    factories.grant(maria, Role.STAFF)
    for _ in range(6):
        sign_in("maria.lopez", WRONG, HERE)
    assert isinstance(sign_in("maria.lopez", PASSWORD, HERE), Slowed)
    credentials.set_password(token_in(ask(mailer)), NEW, HERE)
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)


def test_a_new_password_forgives_the_strikes_before_it(
    maria: Person, mailer: FakeMailer
) -> None:
    token = token_in(ask(mailer))
    for _ in range(2):
        sign_in("maria.lopez", WRONG, HERE)
    credentials.set_password(token, NEW)
    assert [sign_in("maria.lopez", WRONG, HERE) for _ in range(2)] == [Failed(1), Failed(2)]
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)


def test_a_link_that_came_of_a_request_outlives_another_lock(maria: Person) -> None:
    with transaction() as session:
        token = links.mint(session, Purpose.SET_PASSWORD, maria.id, "k").rpartition("/")[2]
    lock(maria)
    credentials.set_password(token, NEW)
    assert license_of(db.session(), maria.id).locked_at is not None  # type: ignore[union-attr]


def test_a_desk_role_is_not_locked_out_and_learns_that_the_license_stays_locked(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    dana = factories.licensee(life.LOCKED, username="dana", password=PASSWORD)
    factories.grant(dana, Role.AGENCY_ADMIN, factories.agency().id)
    mail = ask(mailer, "dana")
    assert "A new password does not unlock it" in mail.text
    credentials.set_password(token_in(mail), NEW)
    assert isinstance(sign_in("dana", NEW, HERE), SignedIn)
    assert license_of(db.session(), dana.id).state == life.LOCKED  # type: ignore[union-attr]


def test_staff_without_a_license_get_the_link_like_everybody(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    factories.staff("sam", password=PASSWORD)
    mail = ask(mailer, "sam")
    assert "license is locked" not in mail.text
    credentials.set_password(token_in(mail), NEW)
    assert isinstance(sign_in("sam", NEW, HERE), SignedIn)


def test_somebody_who_never_had_a_password_can_choose_the_first_one(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    factories.licensee(life.ACTIVE, username="maria.lopez")
    credentials.set_password(token_in(ask(mailer)), NEW)
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)


def test_without_an_account_there_is_a_link_that_tells_of_the_license(
    app_context: AppContext, mailer: FakeMailer
) -> None:
    factories.licensee(life.ACTIVE, username="maria.lopez", account=False)
    assert credentials.open_session(token_in(ask(mailer), Purpose.ACCESS))


def test_nobody_to_mail_to_means_no_mail_and_the_same_silence(app_context: AppContext) -> None:
    factories.licensee(life.ACTIVE, username="gail", email=factories.NO_EMAIL)
    factories.person("neither", account=False)
    gone = factories.account_of(factories.licensee(life.ACTIVE, username="gone"))
    assert gone is not None
    with transaction() as session:
        session.merge(gone).disabled = True
    for name in ("gail", "neither", "gone", "nobody", "", "x" * 10_000, "\N{SNOWMAN}"):
        assert asking.forgot_password(name, HERE) is None  # type: ignore[func-returns-value]
    assert letters() == []


def test_it_is_throttled_by_name_in_silence_apart_from_the_other_link(
    maria: Person, clock: FakeClock
) -> None:
    for number in range(6):
        asking.forgot_password("maria.lopez", f"192.0.2.{number}")
    assert len(effects()) == asking.ASKS_PER_NAME
    asking.ask_for_link("maria.lopez", HERE)
    assert len(effects()) == asking.ASKS_PER_NAME + 1
    clock.pass_by(asking.ASK_WINDOW)
    asking.forgot_password("maria.lopez", HERE)
    assert len(effects()) == asking.ASKS_PER_NAME + 2


def test_one_place_is_throttled_over_both_kinds_of_links(app_context: AppContext) -> None:
    for number in range(Config().LINKS_PER_SOURCE):
        asking.ask_for_link(f"nobody{number}", HERE)
    factories.licensee(life.ACTIVE, username="maria.lopez")
    asking.forgot_password("maria.lopez", HERE)
    assert letters() == []
    asking.forgot_password("maria.lopez", "198.51.100.7")
    assert len(letters()) == 1


def test_it_hurries_nobody_so_that_its_time_tells_of_nobody(maria: Person) -> None:
    nudges: list[object] = []

    def note(sender: object, kinds: object) -> None:
        nudges.append(kinds)

    with effects_owed.connected_to(note):
        asking.forgot_password("maria.lopez", HERE)
    assert (len(letters()), nudges) == (1, [])


def test_the_owners_mail_holds_no_password_and_the_outbox_no_link(
    maria: Person, mailer: FakeMailer
) -> None:
    token = token_in(ask(mailer))
    assert not any(token in repr(vars(effect)) for effect in effects())
