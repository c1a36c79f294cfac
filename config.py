"""The settings: their names, kinds and defaults. The only reader of the environment.

`HELPDESK_<NAME>` sets a setting of ours, `MAIL_<NAME>` one of the mail connection. Every rule of
HAND's that has a number has it here, with HAND's own number as the default. How they are read and
what must hold between them is in `helpdesk/settings/`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

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

    RECERTIFICATION_WINDOW_DAYS: int = 60
    COURSE_MONTHS: int = 12
    EXPIRY_FROM: str = "courses"
    LEAST_GAIN_DAYS: int = 60
    LOG_IN_WATCH: timedelta = timedelta(hours=24)

    EXPIRY_REMINDERS: tuple[int, ...] = (60, 30, 14, 7, 1)
    IDLE_NOTICE_DAYS: int = 30
    IDLE_GRACE_DAYS: int = 5
    DELETION_AFTER_DAYS: int = 60
    DELETION_WARNING_DAYS: int = 7
    LOG_INS_FRESH: timedelta = timedelta(days=7)
    SWEEP_BRAKE_PERCENT: int = 5
    SWEEP_BRAKE_LEAST: int = 5
    WAITING_REMINDERS: tuple[int, ...] = (2, 5)
    WAITING_CLOSE_DAYS: int = 7

    DIRECTORY: str = "local"
    SCIM_URL: str = ""
    SCIM_TOKEN: str = ""
    SCIM_PRIVATE: bool = False
    SCIM_AUTHORITY: str = ""
    SCIM_TIMEOUT: float = 10.0
    SCIM_PASSWORDS: str = "invite"
    SCIM_LOCKED: str = ""
    SCIM_UNTIL: str = ""
    SCIM_ACCESS_LEVEL: str = ""
    LOCK_AFTER: int = 3
    ATTEMPTS_FORGOTTEN: timedelta = timedelta(hours=24)
    SIGN_INS_PER_SOURCE: int = 60
    SIGN_INS_PER_MINUTE: int = 1200
    LINKS_PER_SOURCE: int = 20
    LINKS_PER_MINUTE: int = 120
    PASSWORD_MIN: int = 15
    PASSWORD_MIN_TWO_STEPS: int = 8
    PASSWORD_MAX: int = 256
    PASSWORD_STRENGTH: int = 3
    PASSWORD_NO_NAMES: bool = True
    PASSWORD_WORDS: str = "HMIS, ServicePoint, WellSky"
    PASSWORD_NOT_COMMON: bool = True
    PASSWORD_NEEDS: str = ""
    SET_PASSWORD_LINK: timedelta = timedelta(hours=72)
    RESET_LINK: timedelta = timedelta(minutes=15)
    ACCESS_LINK: timedelta = timedelta(hours=72)
    SIGN_LINK: timedelta = timedelta(days=14)
    SECOND_FACTOR_REQUIRED: str = "none"
    FRESH_SIGN_IN: timedelta = timedelta(minutes=15)
    SESSION_IDLE: timedelta = timedelta(hours=2)
    SESSION_MAX: timedelta = timedelta(hours=12)

    EFFECT_LEASE: timedelta = timedelta(seconds=120)
    EFFECT_ATTEMPTS: int = 12
    EFFECT_BACKOFF: timedelta = timedelta(seconds=5)
    EFFECT_BACKOFF_MAX: timedelta = timedelta(hours=2)
    WORKER_THREADS: int = 2

    DOCUMENT_MAX_BYTES: int = 10 * 1024 * 1024
    DOCUMENT_MAX_PAGES: int = 10
    DOCUMENT_PAGES_TAKEN: int = 200
    DOCUMENT_PIXELS_TAKEN: int = 120_000_000
    DOCUMENTS_PER_TICKET: int = 10
    DRAFTS_MAX_BYTES: int = 100 * 1024 * 1024
    DRAFTS_KEPT: timedelta = timedelta(hours=24)
    KEEP_WORKSHEETS_DAYS: int = 1095
    KEEP_AGREEMENTS_DAYS: int = 0
    KEEP_OTHERS_DAYS: int = 365
    CLAMD: str = ""
    CLAMD_REQUIRED: bool = False
    IMPORT_MAX_BYTES: int = 16 * 1024 * 1024
    IMPORT_MAX_LINES: int = 50_000
    BULK_PEOPLE: int = 100
    WORKSHEETS: str = "block"
    WORKSHEET_FIELDS: str = ""

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
    def PAGES(self) -> Path:  # noqa: N802  a setting like the others
        """Where the drawn pages of documents are kept for some days."""
        return self.instance / "pages"

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


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return name if name.startswith("MAIL_") else f"HELPDESK_{name}"


def environment() -> Mapping[str, str]:
    """What the process was started with."""
    return os.environ
