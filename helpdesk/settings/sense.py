"""What must hold of the settings, and what to say where it doesn't."""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from config import KNOWN_SECRET, BadSetting, Config, environment, variable_of
from helpdesk.settings import needs, scim

VARIED = 10  # different characters: 32 random hexadecimal digits have fewer once in ten thousand
DIRECTORIES = {"local", "manual", "scim"}
DATABASES = {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}
MAY_BE_ZERO = {"PROXIES", "KEEP_WORKSHEETS_DAYS", "KEEP_AGREEMENTS_DAYS", "KEEP_OTHERS_DAYS"}
LEAST_PASSWORD = 8  # characters; NIST SP 800-63B allows no fewer
HIGHEST_STRENGTH = 4  # the estimator’s best score
LEAST_IDLE = timedelta(minutes=2)  # that a session is in use is noted once a minute
LONGEST_SPAN = timedelta(days=3660)  # beyond it a moment plus a span may be no moment
HIGHEST_PORT = 65535
CLAMD = re.compile(r"/.+|[^/\s]+:[0-9]{1,5}")


def check(config: Config) -> None:
    """Raises `BadSetting`, with every fault at once."""
    faults = [*_unsafe(config), *_senseless(config)]
    if faults:
        raise BadSetting("\n".join(faults))


def _unsafe(config: Config) -> Iterator[str]:
    if config.ENV not in {"development", "testing", "production"}:
        yield "HELPDESK_ENV is development, testing or production."
    if len(config.SECRET_KEY) < 32:
        yield "HELPDESK_SECRET_KEY needs at least 32 random characters."
    if config.production:
        yield from _unsafe_in_production(config)


def _unsafe_in_production(config: Config) -> Iterator[str]:
    if len(set(config.SECRET_KEY)) < VARIED or config.SECRET_KEY == KNOWN_SECRET:
        yield "HELPDESK_SECRET_KEY is easily guessed; it needs random characters."
    if config.TESTING or environment().get("FLASK_DEBUG", "0") not in {"", "0"}:
        yield "HELPDESK_TESTING and FLASK_DEBUG must be off in production."
    if not config.BASE_URL.startswith("https://"):
        yield "HELPDESK_BASE_URL must begin with https:// in production."
    if not config.MAIL_SERVER:
        yield "MAIL_SERVER is needed in production; without it no mail reaches anybody."
    if (config.instance / "demo-accounts.csv").exists():
        yield "This instance holds demo accounts; production needs its own."


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (LookupError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        return False


def _is_address(text: str) -> bool:
    return not text or "@" in parseaddr(text)[1]


def _is_object(path: str) -> bool:
    try:
        told = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and all(isinstance(text, str) for text in told.values())


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
    (lambda c: c.PASSWORD_MIN_TWO_STEPS >= LEAST_PASSWORD,
     f"HELPDESK_PASSWORD_MIN_TWO_STEPS must be {LEAST_PASSWORD} or more."),
    (lambda c: c.PASSWORD_STRENGTH <= HIGHEST_STRENGTH,
     f"HELPDESK_PASSWORD_STRENGTH must be {HIGHEST_STRENGTH} or less."),
    (lambda c: needs.fault(c.PASSWORD_NEEDS) is None,
     f"HELPDESK_PASSWORD_NEEDS cannot be read. {needs.HOW}"),
    (lambda c: c.SECOND_FACTOR_REQUIRED in {"none", "staff"},
     "HELPDESK_SECOND_FACTOR_REQUIRED is none or staff."),
    (lambda c: c.WORKSHEETS in {"block", "tell"}, "HELPDESK_WORKSHEETS is block or tell."),
    (lambda c: not c.WORKSHEET_FIELDS or _is_object(c.WORKSHEET_FIELDS),
     "HELPDESK_WORKSHEET_FIELDS is to name a file with one JSON object of texts."),
    (lambda c: not c.CLAMD or CLAMD.fullmatch(c.CLAMD) is not None,
     "HELPDESK_CLAMD is the path of clamd's socket, or host:port."),
    (lambda c: bool(c.CLAMD) or not c.CLAMD_REQUIRED,
     "HELPDESK_CLAMD_REQUIRED needs HELPDESK_CLAMD."),
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


def _senseless(config: Config) -> Iterator[str]:
    for setting in fields(config):
        words = _amount(setting.name, getattr(config, setting.name))
        if words:
            yield f"{variable_of(setting.name)} {words}"
    rules = SENSE + (scim.RULES if config.DIRECTORY == "scim" else ())
    yield from (words for holds, words in rules if not holds(config))


def _amount(name: str, value: object) -> str | None:
    """Every number and span counts something that there must be some of."""
    if isinstance(value, tuple):
        return next(filter(None, (_amount(name, each) for each in value)), None)
    if isinstance(value, timedelta):
        possible = timedelta() < value <= LONGEST_SPAN
        return None if possible else "must be longer than no time, and no longer than ten years."
    if isinstance(value, int | float) and not isinstance(value, bool):
        least = 0 if name in MAY_BE_ZERO else 1
        return None if least <= value < math.inf else f"must be {least} or more."
    return None
