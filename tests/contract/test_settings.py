"""Settings that would be unsafe in production, or cannot be read, keep the house shut."""

from datetime import timedelta
from pathlib import Path
from typing import get_type_hints

import pytest

import config
from config import BadSetting, Config, variable_of
from helpdesk.settings.reading import from_environment
from helpdesk.settings.sense import MAY_BE_ZERO

GOOD = {
    "HELPDESK_ENV": "production",
    "HELPDESK_SECRET_KEY": "3f9c1b7e5d2a4806b1c3d5e7f9a0b2c4d6e8f0a1",
    "HELPDESK_BASE_URL": "https://desk.example",
    "MAIL_SERVER": "smtp.example",
}


def settings(tmp_path: Path, **changes: str) -> Config:
    return from_environment(GOOD | {"HELPDESK_INSTANCE": str(tmp_path)} | changes)


@pytest.fixture(autouse=True)
def _no_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_DEBUG", raising=False)


def test_good_settings_are_taken(tmp_path: Path) -> None:
    assert settings(tmp_path).production


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
@pytest.mark.parametrize("env", ["production", "development", "testing"])
def test_a_missing_or_short_secret_is_refused_everywhere(
    tmp_path: Path, secret: str, env: str
) -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        settings(tmp_path, HELPDESK_SECRET_KEY=secret, HELPDESK_ENV=env)


@pytest.mark.parametrize("secret", ["x" * 64, "ab" * 32, "change-me" * 5])
def test_a_secret_that_is_long_but_no_secret_is_refused_in_production(
    tmp_path: Path, secret: str
) -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        settings(tmp_path, HELPDESK_SECRET_KEY=secret)


def test_the_secret_of_the_tests_is_refused_in_production(tmp_path: Path) -> None:
    known = config.testing(database_url="", instance=tmp_path).SECRET_KEY
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        settings(tmp_path, HELPDESK_SECRET_KEY=known)


def test_debugging_is_refused_in_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(BadSetting, match="FLASK_DEBUG"):
        settings(tmp_path)


def test_test_mode_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="TESTING"):
        settings(tmp_path, HELPDESK_TESTING="1")


def test_demo_accounts_are_refused_in_production(tmp_path: Path) -> None:
    (tmp_path / "demo-accounts.csv").write_text("username,password\n")
    with pytest.raises(BadSetting, match="demo accounts"):
        settings(tmp_path)


@pytest.mark.parametrize("url", ["http://desk.example", "desk.example", "ftp://desk.example"])
def test_an_address_without_https_is_refused_in_production(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSetting, match="https"):
        settings(tmp_path, HELPDESK_BASE_URL=url)


def test_development_is_free_of_the_rules_of_production(tmp_path: Path) -> None:
    (tmp_path / "demo-accounts.csv").write_text("username,password\n")
    loose = {"HELPDESK_ENV": "development", "HELPDESK_BASE_URL": "http://127.0.0.1:8000"}
    assert not settings(tmp_path, **loose).production


def test_an_environment_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="HELPDESK_ENV"):
        settings(tmp_path, HELPDESK_ENV="prod")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELPDESK_LOCK_AFTER", "three"),
        ("HELPDESK_OPENS", "nine"),
        ("HELPDESK_SESSION_IDLE", "2"),
        ("HELPDESK_SESSION_IDLE", "h"),
        ("HELPDESK_SESSION_MAX", "infd"),
        ("HELPDESK_SESSION_MAX", "1e30d"),
        ("MAIL_PORT", "smtp"),
        ("HELPDESK_EXPIRY_REMINDERS", "60 and 30"),
        ("MAIL_USE_TLS", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(tmp_path, **{name: value})


NONSENSE = [
    ("HELPDESK_TIMEZONE", "Mars/X"),
    ("HELPDESK_TIMEZONE", "America"),
    ("HELPDESK_TIMEZONE", "../../etc/passwd"),
    ("HELPDESK_OPENS", "17:00"),
    ("HELPDESK_CLOSES", "08:00"),
    ("HELPDESK_HOLIDAYS", "Atlantis"),
    ("HELPDESK_DIRECTORY", "ldap"),
    ("HELPDESK_DATABASE_URL", "mysql://desk@db/desk"),
    ("HELPDESK_PROXIES", "-1"),
    ("HELPDESK_SESSION_IDLE", "59s"),
    ("HELPDESK_SESSION_MAX", "99999d"),
    ("HELPDESK_PASSWORD_MIN", "7"),
    ("HELPDESK_PASSWORD_MIN_TWO_STEPS", "7"),
    ("HELPDESK_PASSWORD_MAX", "14"),
    ("HELPDESK_EFFECT_BACKOFF", "3h"),
    ("MAIL_PORT", "65536"),
    ("HELPDESK_EXPIRY_REMINDERS", "60, 0"),
    ("MAIL_TIMEOUT", "nan"),
    ("MAIL_TIMEOUT", "inf"),
    ("MAIL_USERNAME", "desk"),
    ("MAIL_DEFAULT_SENDER", "HAND Help Desk"),
    ("MAIL_REPLY_TO", "nobody"),
    ("HELPDESK_DESK_EMAIL", "nobody"),
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_a_value_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(tmp_path, **{name: value})


COUNTED = [
    variable_of(name)
    for name, kind in get_type_hints(Config).items()
    if kind in (int, float, timedelta)
]


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("value", ["0", "-3"])
def test_nothing_that_is_counted_may_be_none_or_less(
    tmp_path: Path, name: str, value: str
) -> None:
    if value == "0" and name.removeprefix("HELPDESK_") in MAY_BE_ZERO:
        assert getattr(settings(tmp_path, **{name: value}), name.removeprefix("HELPDESK_")) == 0
        return
    of_time = get_type_hints(Config)[name.removeprefix("HELPDESK_")] is timedelta
    with pytest.raises(BadSetting, match=name):
        settings(tmp_path, **{name: f"{value}m" if of_time else value})


SCIM = {
    "HELPDESK_DIRECTORY": "scim",
    "HELPDESK_SCIM_URL": "https://directory.example/scim/v2",
    "HELPDESK_SCIM_TOKEN": "3f9c1b7e5d2a4806",
}


def test_a_scim_directory_needs_to_be_described(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as bad:
        settings(tmp_path, HELPDESK_DIRECTORY="scim")
    assert all(f"HELPDESK_SCIM_{name}" in str(bad.value) for name in ("URL", "TOKEN"))
    attribute = "urn:ietf:params:scim:schemas:extension:hmis:2.0:User:account.locked"
    found = settings(tmp_path, **SCIM, HELPDESK_SCIM_LOCKED=attribute)
    assert vars(found)["SCIM_LOCKED"] == attribute


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "http://directory.example/scim/v2"),
        ("URL", "directory.example"),
        ("URL", "ftp://directory.example"),
        ("URL", "https://user:hush@directory.example"),
        ("URL", "https://directory.example/v2?tenant=1"),
        ("URL", "https://:443/v2"),
        ("URL", "https://directory.example:99999/v2"),
        ("TOKEN", "with\na line"),
        ("TOKEN", "tökén"),
        ("PASSWORDS", "mail"),
        ("AUTHORITY", "/no/such/file.pem"),
        ("TIMEOUT", "13"),
        ("LOCKED", "is it locked"),
        ("UNTIL", "urn:x:"),
        ("ACCESS_LEVEL", 'roles[primary eq "true"].value'),
    ],
)
def test_a_scim_directory_that_makes_no_sense_is_refused(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSetting, match=f"HELPDESK_SCIM_{name}") as bad:
        settings(tmp_path, **{**SCIM, f"HELPDESK_SCIM_{name}": value})
    assert "hush" not in str(bad.value)


def test_what_is_said_of_scim_does_not_matter_to_another_directory(tmp_path: Path) -> None:
    assert settings(tmp_path, HELPDESK_SCIM_URL="directory.example").DIRECTORY == "local"


def test_mails_are_secured_in_one_way_only(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="not both"):
        settings(tmp_path, MAIL_USE_TLS="1", MAIL_USE_SSL="1")


def test_production_needs_a_mail_server_and_development_does_not(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="MAIL_SERVER"):
        settings(tmp_path, MAIL_SERVER="")
    assert settings(tmp_path, HELPDESK_ENV="development", MAIL_SERVER="").MAIL_SERVER == ""


@pytest.mark.parametrize(
    ("misspelled", "meant"),
    [
        ("HELPDESK_LOCKAFTER", "HELPDESK_LOCK_AFTER"),
        ("HELPDESK_HOLIDAY", "HELPDESK_HOLIDAYS"),
        ("MAIL_USERNANE", "MAIL_USERNAME"),
        ("HELPDESK_MAIL_SERVER", "MAIL_SERVER"),
    ],
)
def test_a_misspelled_name_is_refused_and_the_right_one_told(
    tmp_path: Path, misspelled: str, meant: str
) -> None:
    with pytest.raises(BadSetting, match=f"{misspelled}. Is {meant} meant"):
        settings(tmp_path, **{misspelled: "x"})


def test_a_name_like_nothing_is_refused_and_strangers_names_are_not_ours(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"no setting HELPDESK_Q\.$"):
        settings(tmp_path, HELPDESK_Q="x")
    theirs = {"MAIL": "/var/mail/desk", "HELPDESK": "1", "PATH": "/bin"}
    launchers = {"HELPDESK_BIND": "127.0.0.1:80", "HELPDESK_WEB_WORKERS": "2"}
    assert settings(tmp_path, **theirs, **launchers).production


def test_all_faults_are_told_at_once_and_no_secret_with_them(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as bad:
        settings(tmp_path, HELPDESK_SECRET_KEY="hush", HELPDESK_DATABASE_URL="mysql://desk:hush@db",
                 HELPDESK_TIMEZONE="Mars/X", HELPDESK_LOCK_AFTER="0")  # fmt: skip
    words = str(bad.value)
    assert all(name in words for name in ("TIMEZONE", "LOCK_AFTER", "DATABASE_URL", "SECRET_KEY"))
    assert "hush" not in words


def test_without_an_environment_the_numbers_are_hands_own(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.LOCK_AFTER, found.PASSWORD_MIN, found.TIMEZONE) == (3, 15, "America/Detroit")
    assert (found.OPENS.hour, found.CLOSES.hour) == (9, 17)
    assert found.SET_PASSWORD_LINK.total_seconds() == 72 * 3600
