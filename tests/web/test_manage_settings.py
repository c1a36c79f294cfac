"""Settings as managers change them: shown with their effect, bounds told at the field."""

import re

import pytest

from helpdesk.extensions import settings
from helpdesk.services.changeable import ENTRIES, SIGN_IN
from tests import factories
from tests.support.apps import MakeApp
from tests.support.clamd import StandIn
from tests.web.conftest import Visit
from tests.web.visitor import Visitor


@pytest.fixture
def morgan(cast: factories.Cast, visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def test_every_setting_tells_its_effect_its_value_and_where_it_comes_from(
    morgan: Visitor,
) -> None:
    page = morgan.get("/manage/settings")
    for entry in ENTRIES:
        assert entry.label in page.words
        assert " ".join(entry.says.split()) in page.words
    assert re.search(r"3 attempts Change ?: Bad attempts [\w ]+ Default", page.words)


def opened(text: str) -> list[str]:
    """The groups that are not folded."""
    return re.findall(r'<details class="group" open>\s*<summary><h2>([^<]+?) <', text)


def test_groups_are_open_where_something_is_not_as_it_comes(morgan: Visitor) -> None:
    before = set(opened(morgan.get("/manage/settings").text))
    assert SIGN_IN not in before
    morgan.fill("/manage/settings/LOCK_AFTER", value="5")
    page = morgan.get("/manage/settings")
    assert set(opened(page.text)) - before == {SIGN_IN}
    assert ", 1 changed" in page.words
    assert set(opened(morgan.get("/manage/settings?all=1").text)) == {e.group for e in ENTRIES}


def test_a_change_is_told_with_its_maker_and_can_be_undone(morgan: Visitor) -> None:
    saved = morgan.fill("/manage/settings/LOCK_AFTER", value="5")
    assert "saved. It holds now." in saved.words
    assert re.search(r"5 attempts Change ?: [\w ]+ Changed by Morgan Number \d+, ", saved.words)
    page = morgan.get("/manage/settings/LOCK_AFTER")
    assert "Without the change it would be 3 attempts" in page.words
    undo = next(form for form in page.forms if form.action.endswith("/default"))
    assert "back to the default" in morgan.send(page, undo).words
    assert settings().LOCK_AFTER == 3


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("LOCK_AFTER", {"value": "99"}, "Choose between 2 attempts and 10 attempts."),
        ("LOCK_AFTER", {"value": ""}, "Type a number."),
        ("LOCK_AFTER", {"value": "a few"}, "Write a whole number"),
        ("LOCK_AFTER", {"value": "9" * 5000}, "Write a whole number"),
        ("SESSION_IDLE", {"value": "1", "unit": "m"}, "Choose between 5 minutes and 24 hours."),
        ("SESSION_IDLE", {"value": "2", "unit": "years"}, "Choose one of those"),
        ("SESSION_IDLE", {"value": "9" * 40, "unit": "d"}, "This cannot be read."),
        ("OPENS", {"value": "soon"}, "This is no time."),
        ("OPENS", {"value": "18:00"}, "The desk must open before it closes."),
        ("DESK_NAME", {"value": " \t "}, "This cannot be left blank."),
        ("DESK_EMAIL", {"value": "<script>"}, "This is no email address."),
        ("HOLIDAYS", {"value": "XX"}, "The holidays of this country are not known."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_kept(
    morgan: Visitor, name: str, typed: dict[str, str], said: str
) -> None:
    before = settings()
    page = morgan.fill(f"/manage/settings/{name}", **typed)
    assert said in page.words
    assert page.title.startswith("Error")
    assert 'aria-invalid="true"' in page.text
    assert settings() == before


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("SESSION_IDLE", {"value": "90", "unit": "m"}, "90 minutes"),
        ("SET_PASSWORD_LINK", {"value": "7", "unit": "d"}, "7 days"),
        ("OPENS", {"value": "08:30"}, "8:30 am"),
        ("DOCUMENT_MAX_BYTES", {"value": "5"}, "5 MB"),
        ("DESK_PHONE", {"value": " 313-555\t0111 "}, "313-555 0111"),
        ("DESK_NAME", {"value": "<b>مكتب</b> & Söhne"}, "<b>مكتب</b> & Söhne"),
    ],
)
def test_a_value_is_shown_in_words_and_stands_in_its_form_again(
    morgan: Visitor, name: str, typed: dict[str, str], shown: str
) -> None:
    assert shown in morgan.fill(f"/manage/settings/{name}", **typed).words
    form = morgan.get(f"/manage/settings/{name}").form_with("value")
    assert form.values()["value"] == " ".join(typed["value"].split())
    assert form.values().get("unit") == typed.get("unit")


def test_a_blank_is_taken_where_nothing_needs_to_be_given(morgan: Visitor) -> None:
    morgan.fill("/manage/settings/DESK_PHONE", value="313-555-0111")
    assert settings().DESK_PHONE == "313-555-0111"
    assert "not given" in morgan.fill("/manage/settings/DESK_PHONE", value="").words
    assert settings().DESK_PHONE == ""


def test_a_default_that_does_not_go_with_the_others_is_refused(morgan: Visitor) -> None:
    morgan.fill("/manage/settings/CLOSES", value="22:00")
    morgan.fill("/manage/settings/OPENS", value="18:00")
    page = morgan.get("/manage/settings/CLOSES")
    undo = next(form for form in page.forms if form.action.endswith("/default"))
    refused = morgan.send(page, undo)
    assert refused.status == 409
    assert "The desk must open before it closes." in refused.words


def test_the_page_says_whether_documents_are_checked_for_viruses(
    make_app: MakeApp, stand_in: StandIn
) -> None:
    app = make_app(CLAMD=stand_in.address, CLAMD_REQUIRED=True)
    with app.app_context():
        morgan = Visitor(app).sign_in(factories.staff("morgan.hale", manager=True).person_id)
        assert "checks each document as it arrives" in morgan.get("/manage/settings").words
        stand_in.stop()
        assert "does not answer" in (words := morgan.get("/manage/settings").words)
        assert "documents that arrive are held" in words


def test_without_a_scanner_the_page_says_how_to_have_one(morgan: Visitor) -> None:
    assert "No virus scanner is set up" in morgan.get("/manage/settings").words
