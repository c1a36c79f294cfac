"""Settings, read from the environment once, at start.

`HELPDESK_<NAME>` sets a setting of ours, `MAIL_<NAME>` one of the mail connection. Every rule of
HAND's that has a number has it here, with HAND's own number as the default.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import holidays

VARIED = 10  # different characters: 32 random hexadecimal digits have fewer once in ten thousand
KNOWN_SECRET = "a-secret-for-tests-only-0123456789abcdef"

OURS = ("HELPDESK_", "MAIL_")
READ_ELSEWHERE = {"HELPDESK_BIND", "HELPDESK_WEB_WORKERS", "HELPDESK_TESTS_COMPLETE"}
"""Ours, and read before there is an app: by the launcher and by the tests."""
DIRECTORIES = {"local"}
DATABASES = {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}
MAY_BE_ZERO = {"PROXIES"}
LEAST_PASSWORD = 8  # characters; NIST SP 800-63B allows no fewer
LEAST_IDLE = timedelta(minutes=2)  # that a session is in use is noted once a minute
LONGEST_SPAN = timedelta(days=3660)  # beyond it a moment plus a span may be no moment
HIGHEST_PORT = 65535


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

    RECERTIFICATION_WINDOW_DAYS: int = 60
    COURSE_MONTHS: int = 12
    EXPIRY_FROM: str = "courses"
    LEAST_GAIN_DAYS: int = 60
    LOG_IN_WATCH: timedelta = timedelta(hours=24)

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

    DOCUMENT_MAX_BYTES: int = 10 * 1024 * 1024
    DOCUMENTS_PER_TICKET: int = 10
    DRAFTS_MAX_BYTES: int = 100 * 1024 * 1024
    DRAFTS_KEPT: timedelta = timedelta(hours=24)

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
        """Raises `BadSetting` for a name or value that makes no sense, or is unsafe."""
        environ = os.environ if environ is None else environ
        _refuse_unknown(environ)
        kinds = get_type_hints(cls)
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name, variable = setting.name, variable_of(setting.name)
            if environ.get(variable, "").strip():
                values[name] = _read(variable, environ[variable].strip(), kinds[name])
        config = cls(**values)
        config.check()
        return config

    def check(self) -> None:
        """Raises `BadSetting`, with every fault at once."""
        faults = [*self._unsafe(), *_senseless(self)]
        if faults:
            raise BadSetting("\n".join(faults))

    def _unsafe(self) -> Iterator[str]:
        if self.ENV not in {"development", "testing", "production"}:
            yield "HELPDESK_ENV is development, testing or production."
        if len(self.SECRET_KEY) < 32:
            yield "HELPDESK_SECRET_KEY needs at least 32 random characters."
        if self.production:
            yield from self._unsafe_in_production()

    def _unsafe_in_production(self) -> Iterator[str]:
        if len(set(self.SECRET_KEY)) < VARIED or self.SECRET_KEY == KNOWN_SECRET:
            yield "HELPDESK_SECRET_KEY is easily guessed; it needs random characters."
        if self.TESTING or os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
            yield "HELPDESK_TESTING and FLASK_DEBUG must be off in production."
        if not self.BASE_URL.startswith("https://"):
            yield "HELPDESK_BASE_URL must begin with https:// in production."
        if not self.MAIL_SERVER:
            yield "MAIL_SERVER is needed in production; without it no mail reaches anybody."
        if (self.instance / "demo-accounts.csv").exists():
            yield "This instance holds demo accounts; production needs its own."

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
    def DOCUMENTS(self) -> Path:  # noqa: N802  a setting like the others
        """Where the bytes of documents are kept."""
        return self.instance / "documents"

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


def parse(name: str, text: str) -> Any:
    """The value of a setting, written as in the environment. Raises `BadSetting`."""
    return _read(variable_of(name), text, get_type_hints(Config)[name])


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return name if name.startswith("MAIL_") else f"HELPDESK_{name}"


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelled name would leave its setting at the default, unnoticed."""
    names = [setting.name for setting in fields(Config)]
    known = {*map(variable_of, names), *READ_ELSEWHERE}
    ours = (name for name, text in environ.items() if text.strip() and name.startswith(OURS))
    faults = [_unknown(name, names) for name in sorted(set(ours) - known)]
    if faults:
        raise BadSetting("\n".join(faults))


def _unknown(variable: str, names: list[str]) -> str:
    near = get_close_matches(variable.removeprefix("HELPDESK_"), names, n=1)
    hint = f" Is {variable_of(near[0])} meant?" if near else ""
    return f"There is no setting {variable}.{hint}"


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (LookupError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        return False


def _is_address(text: str) -> bool:
    return not text or "@" in parseaddr(text)[1]


SENSE: tuple[tuple[Callable[[Config], bool], str], ...] = (
    (lambda c: _is_zone(c.TIMEZONE),
     "HELPDESK_TIMEZONE is no time zone; write one like America/Detroit."),
    (lambda c: c.OPENS < c.CLOSES, "HELPDESK_OPENS must be earlier than HELPDESK_CLOSES."),
    (lambda c: c.HOLIDAYS in holidays.list_supported_countries(),
     "HELPDESK_HOLIDAYS is no country whose holidays are known; write one like US."),
    (lambda c: c.DIRECTORY in DIRECTORIES,
     f"HELPDESK_DIRECTORY is one of: {', '.join(sorted(DIRECTORIES))}."),
    (lambda c: c.EXPIRY_FROM in {"courses", "approval"},
     "HELPDESK_EXPIRY_FROM is courses or approval."),
    (lambda c: not c.DATABASE_URL or c.DATABASE_URL.partition("://")[0] in DATABASES,
     "HELPDESK_DATABASE_URL must begin with postgresql:// or sqlite://."),
    (lambda c: c.BASE_URL.startswith(("http://", "https://")),
     "HELPDESK_BASE_URL must begin with http:// or https://."),
    (lambda c: LEAST_PASSWORD <= c.PASSWORD_MIN <= c.PASSWORD_MAX,
     f"HELPDESK_PASSWORD_MIN must be {LEAST_PASSWORD} or more, up to HELPDESK_PASSWORD_MAX."),
    (lambda c: c.SESSION_IDLE >= LEAST_IDLE, "HELPDESK_SESSION_IDLE must be 2m or longer."),
    (lambda c: c.EFFECT_BACKOFF <= c.EFFECT_BACKOFF_MAX,
     "HELPDESK_EFFECT_BACKOFF must not be longer than HELPDESK_EFFECT_BACKOFF_MAX."),
    (lambda c: c.MAIL_PORT <= HIGHEST_PORT, f"MAIL_PORT must be {HIGHEST_PORT} or less."),
    (lambda c: not (c.MAIL_USE_TLS and c.MAIL_USE_SSL),
     "Set MAIL_USE_TLS (STARTTLS) or MAIL_USE_SSL, not both."),
    (lambda c: bool(c.MAIL_PASSWORD) or not c.MAIL_USERNAME, "MAIL_USERNAME needs MAIL_PASSWORD."),
    (lambda c: _is_address(c.MAIL_DEFAULT_SENDER), "MAIL_DEFAULT_SENDER holds no email address."),
    (lambda c: _is_address(c.MAIL_REPLY_TO), "MAIL_REPLY_TO holds no email address."),
    (lambda c: _is_address(c.DESK_EMAIL), "HELPDESK_DESK_EMAIL holds no email address."),
)  # fmt: skip
"""What must hold, and what to say where it doesn't."""


def _senseless(config: Config) -> Iterator[str]:
    for setting in fields(config):
        words = _amount(setting.name, getattr(config, setting.name))
        if words:
            yield f"{variable_of(setting.name)} {words}"
    yield from (words for holds, words in SENSE if not holds(config))


def _amount(name: str, value: object) -> str | None:
    """Every number and span counts something that there must be some of."""
    if isinstance(value, timedelta):
        possible = timedelta() < value <= LONGEST_SPAN
        return None if possible else "must be longer than no time, and no longer than ten years."
    if isinstance(value, int | float) and not isinstance(value, bool):
        least = 0 if name in MAY_BE_ZERO else 1
        return None if least <= value < math.inf else f"must be {least} or more."
    return None


def _read(variable: str, text: str, kind: Any) -> Any:
    try:
        return _READERS[kind](text)
    except (ValueError, OverflowError) as error:
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
