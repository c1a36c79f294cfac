"""Settings, read from the environment once, at start.

`HELPDESK_<NAME>` sets a setting of ours, `MAIL_<NAME>` one of the mail connection. Every rule of
HAND's that has a number has it here, with HAND's own number as the default.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Any, get_type_hints

VARIED = 10  # different characters: 32 random hexadecimal digits have fewer once in ten thousand
KNOWN_SECRET = "a-secret-for-tests-only-0123456789abcdef"


class BadSetting(Exception):
    """A setting is missing, malformed or unsafe; the message says which and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Upper-case, so that Flask and its extensions find their own names among ours."""

    ENV: str = "development"
    INSTANCE: Path = Path("instance")
    DATABASE_URL: str = ""
    SECRET_KEY: str = ""
    BASE_URL: str = "http://127.0.0.1:8000"
    PROXIES: int = 0
    TESTING: bool = False

    DESK_NAME: str = "HAND Help Desk"
    HMIS_NAME: str = "Community Services"
    DESK_EMAIL: str = ""
    DESK_PHONE: str = ""
    TIMEZONE: str = "America/Detroit"
    OPENS: time = time(9)
    CLOSES: time = time(17)
    HOLIDAYS: str = "US"

    DIRECTORY: str = "local"
    LOCK_AFTER: int = 3
    ATTEMPTS_FORGOTTEN: timedelta = timedelta(hours=24)
    SIGN_INS_PER_SOURCE: int = 60
    SIGN_INS_PER_MINUTE: int = 1200
    LINKS_PER_SOURCE: int = 20
    LINKS_PER_MINUTE: int = 120
    PASSWORD_MIN: int = 15
    PASSWORD_MAX: int = 256
    SET_PASSWORD_LINK: timedelta = timedelta(hours=72)
    ACCESS_LINK: timedelta = timedelta(hours=72)
    SESSION_IDLE: timedelta = timedelta(hours=2)
    SESSION_MAX: timedelta = timedelta(hours=12)

    EFFECT_LEASE: timedelta = timedelta(seconds=120)
    EFFECT_ATTEMPTS: int = 12
    EFFECT_BACKOFF: timedelta = timedelta(seconds=5)
    EFFECT_BACKOFF_MAX: timedelta = timedelta(hours=2)
    WORKER_THREADS: int = 2

    MAIL_SERVER: str = ""
    MAIL_PORT: int = 25
    MAIL_USE_TLS: bool = False
    MAIL_USE_SSL: bool = False
    MAIL_USERNAME: str = ""
    MAIL_PASSWORD: str = ""
    MAIL_DEFAULT_SENDER: str = "HAND Help Desk <helpdesk@localhost>"
    MAIL_REPLY_TO: str = ""
    MAIL_TIMEOUT: float = 20.0
    MAIL_DOMAIN: str = "helpdesk.localhost"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Raises `BadSetting` for a value that cannot be read, or is unsafe in production."""
        environ = os.environ if environ is None else environ
        kinds = get_type_hints(cls)
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = setting.name
            variable = name if name.startswith("MAIL_") else f"HELPDESK_{name}"
            if environ.get(variable, "").strip():
                values[name] = _read(variable, environ[variable].strip(), kinds[name])
        config = cls(**values)
        config.check()
        return config

    def check(self) -> None:
        """Raises `BadSetting` where starting would be unsafe."""
        if self.ENV not in {"development", "testing", "production"}:
            raise BadSetting("HELPDESK_ENV is development, testing or production.")
        if len(self.SECRET_KEY) < 32:
            raise BadSetting("HELPDESK_SECRET_KEY needs at least 32 random characters.")
        if self.production:
            self._check_production()

    def _check_production(self) -> None:
        if len(set(self.SECRET_KEY)) < VARIED or self.SECRET_KEY == KNOWN_SECRET:
            raise BadSetting("HELPDESK_SECRET_KEY is easily guessed; it needs random characters.")
        if self.TESTING or os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
            raise BadSetting("HELPDESK_TESTING and FLASK_DEBUG must be off in production.")
        if not self.BASE_URL.startswith("https://"):
            raise BadSetting("HELPDESK_BASE_URL must begin with https:// in production.")
        if (self.instance / "demo-accounts.csv").exists():
            raise BadSetting("This instance holds demo accounts; production needs its own.")

    @property
    def production(self) -> bool:
        return self.ENV == "production"

    @property
    def instance(self) -> Path:
        return self.INSTANCE.resolve()

    @property
    def MAIL_DIRECTORY(self) -> Path:  # noqa: N802  read by name beside the other MAIL_ settings
        """Where messages become files while there is no mail server."""
        return self.instance / "mail"

    @property
    def SQLALCHEMY_DATABASE_URI(self) -> str:  # noqa: N802  the name Flask-SQLAlchemy reads
        if not self.DATABASE_URL:
            return f"sqlite:///{self.instance / 'helpdesk.db'}"
        scheme, _, rest = self.DATABASE_URL.partition("://")
        if scheme in {"postgres", "postgresql"}:
            return f"postgresql+psycopg://{rest}"
        return self.DATABASE_URL

    @property
    def on_postgresql(self) -> bool:
        return self.SQLALCHEMY_DATABASE_URI.startswith("postgresql")


def testing(*, database_url: str, instance: Path, **overrides: Any) -> Config:
    """Settings for a test: its own database, its own folder, mails as files."""
    values: dict[str, Any] = {
        "ENV": "testing",
        "TESTING": True,
        "SECRET_KEY": KNOWN_SECRET,
        "INSTANCE": instance,
        "DATABASE_URL": database_url,
    }
    return Config(**(values | overrides))


def _read(variable: str, text: str, kind: Any) -> Any:
    try:
        return _READERS[kind](text)
    except ValueError as error:
        raise BadSetting(f"{variable}={text!r} cannot be read: {error}") from None


def _boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS:
        raise ValueError("write a number and s, m, h or d, such as 15m")
    return timedelta(**{UNITS[unit]: float(number)})


_READERS: dict[Any, Any] = {
    str: str,
    int: int,
    float: float,
    bool: _boolean,
    Path: Path,
    time: time.fromisoformat,
    timedelta: _span,
}
