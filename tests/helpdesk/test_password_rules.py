"""The rules of new passwords: each a setting, told in words, and judged by one judge."""

from typing import Any

import pytest
from flask.ctx import AppContext

from config import BadSetting, Config
from helpdesk.extensions import settings
from helpdesk.services import credentials, overlay
from helpdesk.services.credentials import LinkEnded, TooOften
from helpdesk.services.overlay import Unfit
from helpdesk.services.password_rules import Judgment, Rule, judge, policy
from helpdesk.services.sign_in import SignedIn, sign_in
from helpdesk.settings import needs
from helpdesk.settings.sense import check
from tests import factories
from tests.helpdesk.conftest import dump_rows
from tests.helpdesk.test_credentials import mint
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from workflows import license as life

GOOD = "seven copper kettles whistle"
NAMES = ["María López", "m.lopez", "Harbor House"]


def judged(password: str, names: list[str] | None = None) -> Judgment:
    return judge(password, policy(NAMES if names is None else names))


def under(make_app: MakeApp, **settings: Any) -> AppContext:
    return make_app(**settings).app_context()


def test_a_good_one_breaks_no_rule_and_is_called_strong(app_context: AppContext) -> None:
    found = judged(GOOD)
    assert (found.score, found.word, found.faults) == (4, "Strong", {})


def test_every_rule_that_is_broken_is_told_at_once(app_context: AppContext) -> None:
    found = judged("lopez")
    assert set(found.faults) == {Rule.LENGTH, Rule.NAMES, Rule.GUESS}
    assert found.complaints == [found.faults[Rule.LENGTH], found.faults[Rule.NAMES]]


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("we met MARIA by the river", "maria"),
        ("Ló̱pez climbs the ninth ladder", "lopez"),
        ("m.lopez climbs the ninth ladder", "lopez"),
        ("otters live in that house there", "house"),
        ("the servicepoint of no return", "service"),
        ("community of nine green otters", "community"),
    ],
)
def test_names_are_found_in_any_case_and_with_or_without_accents(
    app_context: AppContext, password: str, name: str
) -> None:
    assert name in judged(password).faults[Rule.NAMES]


def test_short_parts_of_names_give_nothing_away(app_context: AppContext) -> None:
    assert judged("the old abbey of nine otters", ["Abe Li", "a.li", "The Ark"]).faults == {}


@pytest.mark.parametrize("password", ["trustno1", "P4ssw0rd", "qwerty"])
def test_a_common_one_is_refused_whatever_the_strength_asked_for(
    make_app: MakeApp, password: str
) -> None:
    with under(make_app, PASSWORD_STRENGTH=1):
        assert "Many people have this one" in judged(password).faults[Rule.GUESS]
    with under(make_app, PASSWORD_STRENGTH=1, PASSWORD_NOT_COMMON=False):
        assert "Many people" not in judged(password).faults.get(Rule.GUESS, "")


def test_the_rule_speaks_of_common_ones_only_where_they_are_refused(make_app: MakeApp) -> None:
    with under(make_app):
        assert policy([]).in_words[Rule.GUESS] == "Not one that is common or easily guessed."
    with under(make_app, PASSWORD_NOT_COMMON=False):
        assert policy([]).in_words[Rule.GUESS] == "Not one that is easily guessed."


def test_beside_a_second_step_fewer_characters_will_do_and_never_more(make_app: MakeApp) -> None:
    for beside, shortest in ((8, 8), (12, 12), (20, 15)):
        with under(make_app, PASSWORD_MIN_TWO_STEPS=beside):
            rules = policy([], two_steps=True)
            assert rules.in_words[Rule.LENGTH].startswith(f"At least {shortest} characters.")
            assert (rules.shortest, policy([]).shortest) == (shortest, 15)


def test_the_strength_that_is_asked_for_is_a_setting(make_app: MakeApp) -> None:
    for strength, refused in ((2, False), (4, True)):
        with under(make_app, PASSWORD_STRENGTH=strength, PASSWORD_MIN=8):
            found = judged("blueotter7")
            assert (found.score, found.word) == (3, "Good")
            assert (Rule.GUESS in found.faults) == refused


def test_names_may_be_allowed_by_a_setting(make_app: MakeApp) -> None:
    with under(make_app, PASSWORD_NO_NAMES=False):
        assert judged("Maria climbs the ninth ladder").faults == {}
        assert Rule.NAMES not in policy(NAMES).in_words


def test_a_site_can_refuse_words_of_its_own(make_app: MakeApp) -> None:
    with under(make_app, PASSWORD_WORDS="Woodward, Corktown"):
        assert "woodward" in judged("nine otters on woodward avenue").faults[Rule.NAMES]


def test_a_site_can_ask_for_what_its_hmis_asks_for(make_app: MakeApp) -> None:
    with under(make_app, PASSWORD_NEEDS="1 upper, 2 nonletter"):
        rules = policy([])
        assert rules.in_words[Rule.NEEDS] == "With 1 capital letter and 2 digits or signs."
        assert judge(GOOD, rules).faults == {
            Rule.NEEDS: "Add 1 capital letter."  # the spaces are signs
        }
        assert judge("Seven-copper kettles whistle", rules).faults == {}
        lacks = judge("sevencopperkettleswhistle", rules).faults[Rule.NEEDS]
        assert lacks == "Add 1 capital letter and 2 digits or signs."


def test_no_characters_are_asked_for_unless_set_so(app_context: AppContext) -> None:
    assert Rule.NEEDS not in policy(NAMES).in_words


@pytest.mark.parametrize("text", ["upper", "1 vowel", "0 digit", "10 digit", "1 upper 2 digit",
                                  "1 upper, 2 upper", "-1 digit", "١ digit"])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_how_to_write_it(text: str) -> None:
    assert needs.fault(text) == needs.HOW


@pytest.mark.parametrize(
    ("name", "value"), [("PASSWORD_STRENGTH", 5), ("PASSWORD_NEEDS", "some digits")]
)
def test_rules_that_make_no_sense_keep_the_house_shut(name: str, value: Any) -> None:
    with pytest.raises(BadSetting, match=name):
        check(Config(SECRET_KEY="x" * 40, **{name: value}))


def test_managers_change_every_rule(app_context: AppContext, clock: FakeClock) -> None:
    manager = factories.staff(manager=True)
    overlay.save("PASSWORD_NO_NAMES", "0", manager)
    overlay.save("PASSWORD_NEEDS", "2 digit", manager)
    overlay.save("PASSWORD_MAX", "40", manager)
    assert (settings().PASSWORD_NO_NAMES, settings().PASSWORD_MAX) == (False, 40)
    assert judged(GOOD).faults == {Rule.NEEDS: "Add 2 digits."}
    assert judged(GOOD * 2).faults == {Rule.LENGTH: "Use at most 40 characters."}
    with pytest.raises(Unfit, match="Write it like"):
        overlay.save("PASSWORD_NEEDS", "many", manager)


def test_a_password_of_before_stays_good_when_only_shorter_ones_are_taken(
    make_app: MakeApp,
) -> None:
    long = "velvet otter climbs nine ladders " * 3
    with under(make_app, PASSWORD_MAX=40):
        factories.licensee(life.ACTIVE, username="maria", password=long)
        assert isinstance(sign_in("maria", long, "192.0.2.1"), SignedIn)


def test_trying_a_password_says_what_saving_would_and_keeps_nothing_of_it(
    app_context: AppContext, clock: FakeClock
) -> None:
    maria = factories.licensee(life.ACTIVE, username="maria.lopez")
    token = mint(maria)
    before = dump_rows()
    found = credentials.judge_password(token, "maria.lopez is no secret")
    assert "“maria” out" in found.faults[Rule.NAMES]
    after = dump_rows()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"counter", ""}  # PostgreSQL's are all under one name
    assert "no secret" not in repr(after)
    assert token not in repr(after)


def test_trying_is_throttled_for_each_link(app_context: AppContext, clock: FakeClock) -> None:
    maria, ben = factories.licensee(life.ACTIVE), factories.licensee(life.ACTIVE)
    token = mint(maria)
    for _ in range(credentials.JUDGMENTS_PER_LINK):
        credentials.judge_password(token, "x")
    with pytest.raises(TooOften):
        credentials.judge_password(token, "x")
    assert credentials.judge_password(mint(ben, "k2"), GOOD).faults == {}
    clock.pass_by(credentials.JUDGE_WINDOW)
    assert credentials.judge_password(token, GOOD).faults == {}


def test_without_a_link_nothing_is_judged_or_counted(app_context: AppContext) -> None:
    before = dump_rows()
    with pytest.raises(LinkEnded):
        credentials.judge_password("made-up", GOOD)
    assert dump_rows() == before
