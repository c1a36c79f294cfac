"""Settings that would be unsafe in production, or cannot be read, keep the house shut."""

from pathlib import Path

import pytest

import config
from config import BadSetting, Config

GOOD = {
    "HELPDESK_ENV": "production",
    "HELPDESK_SECRET_KEY": "3f9c1b7e5d2a4806b1c3d5e7f9a0b2c4d6e8f0a1",
    "HELPDESK_BASE_URL": "https://desk.example",
}


def settings(tmp_path: Path, **changes: str) -> Config:
    return Config.from_env(GOOD | {"HELPDESK_INSTANCE": str(tmp_path)} | changes)


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
        ("MAIL_PORT", "smtp"),
        ("MAIL_USE_TLS", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(tmp_path, **{name: value})


def test_without_an_environment_the_numbers_are_hands_own(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.LOCK_AFTER, found.PASSWORD_MIN, found.TIMEZONE) == (3, 15, "America/Detroit")
    assert (found.OPENS.hour, found.CLOSES.hour) == (9, 17)
    assert found.SET_PASSWORD_LINK.total_seconds() == 72 * 3600
