"""Links that set a password or open a session: once, the newest, for a while; and the rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext

from config import Config
from helpdesk import links
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.links import Purpose
from helpdesk.models.effect import Kind
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import asking, credentials, password_rules, passwords, sessions
from helpdesk.services.credentials import LinkEnded, WeakPassword
from helpdesk.services.sign_in import SignedIn, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import FakeClock, FakeMailer
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]
NEW = "seven copper kettles whistle"
HERE = "192.0.2.1"


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)


def mint(who: Person, key: str = "k", purpose: Purpose = Purpose.SET_PASSWORD) -> str:
    with transaction() as session:
        return token_in(links.mint(session, purpose, who.id, key))


def token_in(url: str) -> str:
    return url.rstrip().rpartition("/")[2]


def live_sessions(who: Person) -> int:
    return db.session.query(WebSession).filter_by(person_id=who.id, ended_at=None).count()


def letters() -> list[tuple[str, int]]:
    return [(name_of(effect), effect.person_id) for effect in effects(status="due")]


def test_a_link_sets_the_password_once(maria: Person) -> None:
    token = mint(maria)
    credentials.set_password(token, NEW)
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)
    with pytest.raises(LinkEnded):
        credentials.set_password(token, "nine marble stairs descend")
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)


def test_setting_a_password_ends_all_sessions_signs_nobody_in_and_is_told_by_mail(
    maria: Person,
) -> None:
    for proof in Proof:
        with transaction() as session:
            sessions.begin(session, maria.id, proof)
    credentials.set_password(mint(maria), NEW)
    assert live_sessions(maria) == 0
    assert letters() == [("password_changed", maria.id)]


def test_only_the_newest_link_works(maria: Person) -> None:
    old, new = mint(maria, "first"), mint(maria, "second")
    with pytest.raises(LinkEnded):
        credentials.set_password(old, NEW)
    credentials.set_password(new, NEW)


def test_a_mail_sent_again_carries_the_same_link_and_revives_nothing(maria: Person) -> None:
    old = mint(maria, "first")
    assert mint(maria, "first") == old
    new = mint(maria, "second")
    assert mint(maria, "first") == old
    with pytest.raises(LinkEnded):
        credentials.password_bearer(old)
    assert credentials.password_bearer(new).person_id == maria.id


def test_a_link_lives_for_its_time_and_not_a_moment_longer(
    maria: Person, clock: FakeClock
) -> None:
    token = mint(maria)
    clock.pass_by(Config().SET_PASSWORD_LINK - timedelta(seconds=1))
    assert credentials.password_bearer(token).name == maria.name
    clock.pass_by(timedelta(seconds=1))
    with pytest.raises(LinkEnded):
        credentials.set_password(token, NEW)
    mint(maria)  # sent once more, late: the life has begun long ago
    with pytest.raises(LinkEnded):
        credentials.password_bearer(token)


def test_a_clock_set_back_revives_no_link_from_the_future(maria: Person, clock: FakeClock) -> None:
    token = mint(maria)
    clock.pass_by(-timedelta(days=400))
    with pytest.raises(LinkEnded):
        credentials.password_bearer(token)


def test_looking_at_a_link_changes_nothing(maria: Person, dump: DumpNow) -> None:
    token = mint(maria)
    before = dump()
    for _ in range(3):
        credentials.password_bearer(token)
    assert dump() == before


def test_a_link_is_good_for_its_own_purpose_only(maria: Person) -> None:
    token = mint(maria, purpose=Purpose.ACCESS)
    with pytest.raises(LinkEnded):
        credentials.set_password(token, NEW)
    assert mint(maria, "k", Purpose.SET_PASSWORD) != token
    assert credentials.open_session(token)


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "../../etc/passwd", "\0"])
def test_a_guessed_link_opens_nothing(maria: Person, token: str) -> None:
    mint(maria)
    with pytest.raises(LinkEnded):
        credentials.set_password(token, NEW)
    with pytest.raises(LinkEnded):
        credentials.open_session(token)


def test_a_token_has_192_bits_and_only_its_hash_is_stored(maria: Person) -> None:
    token = mint(maria)
    assert len(token) == 32
    (row,) = db.session.query(OneTimeLink).all()
    assert token not in repr(vars(row))


def test_of_two_who_use_a_link_at_once_one_does(maria: Person, race: Race) -> None:
    token = mint(maria)
    outcomes = race(
        *(lambda word=word: credentials.set_password(token, f"{word} {NEW}")
          for word in ("amber", "cobalt", "violet", "maroon"))
    )  # fmt: skip
    assert outcomes.count(None) == 1
    assert sum(isinstance(one, LinkEnded) for one in outcomes) == 3
    assert letters() == [("password_changed", maria.id)]


def test_an_access_link_opens_one_session_of_the_weaker_kind(maria: Person, race: Race) -> None:
    token = mint(maria, purpose=Purpose.ACCESS)
    outcomes = race(*[lambda: credentials.open_session(token)] * 4)
    assert sum(isinstance(one, str) for one in outcomes) == 1
    assert [row.proof for row in db.session.query(WebSession).all()] == [Proof.LINK]


WEAK = {
    "short": "Use at least 15 characters; this has 5.",
    "x" * 257: "Use at most 256 characters.",
    "maria knows nothing of it": "Leave “maria” out",
    "we shelter people in Harbor nightly": "Leave “harbor” out",
    "Community gardens 4ever": "Leave “community” out",
    "passwordpassword": "easily guessed",
    "aaaaaaaaaaaaaaaaaaaa": "easily guessed",
    "123456789012345": "easily guessed",
}


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_is_refused_in_words_and_the_link_stays(
    app_context: AppContext, dump: DumpNow, password: str
) -> None:
    harbor = factories.agency("Harbor House")
    maria = factories.licensee(life.ACTIVE, of=harbor, username="maria.lopez")
    token = mint(maria)
    before = dump()
    with pytest.raises(WeakPassword) as weak:
        credentials.set_password(token, password)
    assert WEAK[password] in str(weak.value)
    assert dump() == before
    credentials.set_password(token, NEW)


@pytest.mark.parametrize(
    "password",
    [
        NEW,
        "ὑπὸ τὴν γῆν ἕλικες",
        "correct  spaces stay  put",
        "otter quilt marmalade " * 11,
        "Zürich 🚲 nachts um vier",
    ],
)
def test_any_script_and_any_composition_is_welcome(maria: Person, password: str) -> None:
    credentials.set_password(mint(maria), password)
    assert isinstance(sign_in("maria.lopez", password, HERE), SignedIn)


def test_a_very_long_password_is_refused_before_any_hashing(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", None)
    monkeypatch.setattr(password_rules, "zxcvbn", None)
    with pytest.raises(WeakPassword):
        credentials.set_password(mint(maria), "long " * 100_000)


def test_somebody_without_a_sign_in_account_has_no_password_to_set(
    app_context: AppContext, dump: DumpNow
) -> None:
    token = mint(factories.licensee(life.ACTIVE, account=False))
    before = dump()
    with pytest.raises(LinkEnded):
        credentials.set_password(token, NEW)
    assert dump() == before


def test_an_expired_link_renews_itself_by_mail_to_its_owner(
    maria: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    old = mint(maria)
    clock.pass_by(Config().SET_PASSWORD_LINK)
    asking.renew(old)
    drain(Kind.MAIL)
    (mail,) = mailer.to(maria.email)
    url = next(word for word in mail.text.split() if "/set-password/" in word)
    credentials.set_password(token_in(url), NEW)
    assert isinstance(sign_in("maria.lopez", NEW, HERE), SignedIn)


def test_renewing_is_throttled_and_strangers_get_nothing(maria: Person) -> None:
    token = mint(maria)
    for _ in range(6):
        asking.renew(token)
    asking.renew("guessed")
    assert len(effects()) == asking.ASKS_PER_NAME
