"""The settings that managers may change: what each is called, what it does, how far it may go.

A further one is one entry. Its kind and default are those of `config.Config`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import holidays

from config import Config
from helpdesk.settings import needs

DESK, HOURS, LICENSES = "The desk", "Business hours", "Licenses and requests"
SIGN_IN, LINKS = "Signing in", "Links and sessions"
PASSWORDS, DEADLINES = "Passwords", "Reminders and deadlines"
DOCUMENTS = "Documents and imports"
MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000
LONGEST = 120
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True)
class Changeable:
    """`least` and `most` are bounds, themselves allowed. `check` gives a sentence, or None.

    `unit`: what a number counts; `scale`: how many of the setting's own make one of these; `zero`:
    what none of them means, if it is something else than none.
    """

    name: str
    label: str
    says: str
    group: str
    least: Any = None
    most: Any = None
    unit: str = ""
    scale: int = 1
    blank: bool = False
    zero: str = ""
    check: Callable[[Any], str | None] | None = None

    @property
    def kind(self) -> type:
        return type(self.default)

    @property
    def default(self) -> Any:
        return getattr(Config, self.name)

    def in_words(self, value: Any) -> str:
        if isinstance(value, timedelta):
            return _span(value)
        if isinstance(value, time):
            minutes = f":{value:%M}" if value.minute else ""
            return f"{value.hour % 12 or 12}{minutes} {'am' if value.hour < 12 else 'pm'}"
        if isinstance(value, tuple):
            return f"{', '.join(map(str, value))} {self.unit}"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, int):
            return (not value and self.zero) or f"{value // self.scale:,} {self.unit}".strip()
        return str(value) or "not given"


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % size == 0 and (name != "day" or seconds > 4 * size):
            break
    number = seconds // size
    return f"{number:,} {name}" + ("" if number == 1 else "s")


def _country(code: str) -> str | None:
    known = code in holidays.list_supported_countries()
    return None if known else "The holidays of this country are not known. Write a code like US."


def _address(text: str) -> str | None:
    fits = not text or EMAIL.fullmatch(text)
    return None if fits else "This is no email address. Write it as name@agency.org."


def _expiry_from(word: str) -> str | None:
    return None if word in {"courses", "approval"} else "Write “courses” or “approval”."


def _reminder_days(days: tuple[int, ...]) -> str | None:
    fits = len(days) <= 10 and all(1 <= each <= 365 for each in days)
    return None if fits else "Write up to ten numbers from 1 to 365, with commas between them."


def _worksheets(word: str) -> str | None:
    return None if word in {"block", "tell"} else "Write “block” or “tell”."


def _who_must(word: str) -> str | None:
    return None if word in {"none", "staff"} else "Write “none” or “staff”."


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def _hours(number: int) -> timedelta:
    return timedelta(hours=number)


ENTRIES = (
    Changeable("DESK_NAME", "Name", "Emails and their subjects call the desk so.", DESK),
    Changeable("DESK_PHONE", "Phone", "Stands under every email. Without it, none does.",
               DESK, blank=True),
    Changeable("DESK_EMAIL", "Email", "Stands under every email, for questions. Without it, none "
               "does.", DESK, blank=True, check=_address),
    Changeable("OPENS", "Opens", "From then on the time of a request runs. It changes when the "
               "requests that are acted on next are due.", HOURS),
    Changeable("CLOSES", "Closes", "From then on the time of a request stands until the next "
               "business day.", HOURS),
    Changeable("HOLIDAYS", "Holidays of", "On these days the time of a request stands. A code of "
               "two letters, such as US.", HOURS, check=_country),
    Changeable("RECERTIFICATION_WINDOW_DAYS", "Recertification opens before the expiry", "From "
               "then on a request for it is taken, and people are shown as “Renew soon”.",
               LICENSES, 7, 180, "days"),
    Changeable("COURSE_MONTHS", "A course counts for", "Unless the training grid says otherwise. "
               "Judges the dates in requests, and sets when a license runs out. Holds for requests "
               "that are sent or approved from now on.",
               LICENSES, 1, 36, "months"),
    Changeable("EXPIRY_FROM", "The expiry counts from", "“courses”: from the earliest required "
               "course. “approval”: from the day of approval.", LICENSES, check=_expiry_from),
    Changeable("LEAST_GAIN_DAYS", "Warn staff of a short renewal", "On a request that makes a "
               "license good for fewer days more than this.", LICENSES, 1, 365, "days"),
    Changeable("LOG_IN_WATCH", "Log in after a reactivation within", "Afterwards the agency’s "
               "admins and HAND are told. Holds for reactivations from now on.", LICENSES,
               _hours(1), _hours(7 * 24)),
    Changeable("EXPIRY_REMINDERS", "Reminders before the expiry", "So many days before, the "
               "licensee and the agency’s admins are reminded. Numbers with commas between.",
               DEADLINES, unit="days", check=_reminder_days),
    Changeable("IDLE_NOTICE_DAYS", "Notice after no log-in for", "Tells the licensee and the "
               "agency’s admins that the license will become inactive.", DEADLINES, 7, 180, "days"),
    Changeable("IDLE_GRACE_DAYS", "Days of grace after the notice", "Without a log-in by then, the "
               "license becomes inactive.", DEADLINES, 1, 60, "days"),
    Changeable("DELETION_AFTER_DAYS", "Deletion is proposed after", "So long inactive or "
               "expired, and staff are asked whether to delete the license. Only they decide.",
               DEADLINES, 14, 730, "days"),
    Changeable("DELETION_WARNING_DAYS", "Warned before it", "So many days before, the licensee "
               "and the agency’s admins hear of it; no license is deleted sooner after that.",
               DEADLINES, 1, 60, "days"),
    Changeable("LOG_INS_FRESH", "Log-ins are known well enough for", "Where they come from "
               "imports: when the newest is older, nobody is made inactive until the next.",
               DEADLINES, _hours(24), _hours(30 * 24)),
    Changeable("SWEEP_BRAKE_PERCENT", "The sweep waits for a manager beyond", "When it would "
               "change more of all licenses than this, none changes until a manager lets it run.",
               DEADLINES, 1, 100, "%"),
    Changeable("SWEEP_BRAKE_LEAST", "The sweep never waits for fewer than", "At a small site a "
               "few licenses are a large part of all.", DEADLINES, 1, 100, "licenses"),
    Changeable("WAITING_REMINDERS", "Reminders while HAND waits for an answer", "So many business "
               "days after HAND asked. Numbers with commas between.", DEADLINES,
               unit="business days", check=_reminder_days),
    Changeable("WAITING_CLOSE_DAYS", "A request is closed without an answer after", "Business days "
               "since HAND asked last. Whoever was asked is told, and may file it again.",
               DEADLINES, 3, 60, "business days"),
    Changeable("LOCK_AFTER", "Bad attempts until a license is locked", "So many wrong passwords "
               "in a row lock a license. Fewer is safer, and brings more requests for a new "
               "password.", SIGN_IN, 2, 10, "attempts"),
    Changeable("ATTEMPTS_FORGOTTEN", "Bad attempts are forgotten after", "When somebody last "
               "mistyped longer ago than this, the desk no longer slows them down.", SIGN_IN,
               _minutes(15), _hours(7 * 24)),
    Changeable("PASSWORD_MIN", "Shortest password", "Holds for passwords that are chosen from now "
               "on; those there are stay good.", PASSWORDS, 8, 64, "characters"),
    Changeable("PASSWORD_MIN_TWO_STEPS", "Shortest password beside a second step", "For whoever "
               "signs in in two steps. Who gives the second step up chooses a longer one at the "
               "next sign-in.", PASSWORDS, 8, 64, "characters"),
    Changeable("PASSWORD_MAX", "Longest password", "For passwords that are chosen from now on. "
               "Only if your HMIS takes no longer ones.", PASSWORDS, 20, 256, "characters"),
    Changeable("PASSWORD_STRENGTH", "Least strength", "How many guesses a password has to "
               "withstand: 2 is a million, 3 a hundred million, 4 ten billion.", PASSWORDS, 1, 4),
    Changeable("PASSWORD_NOT_COMMON", "Refuse common passwords", "Those that many people have, "
               "whatever their strength.", PASSWORDS),
    Changeable("PASSWORD_NO_NAMES", "Refuse names in passwords", "The person’s own name and "
               "username, their agency’s, the HMIS’s, and the words below.", PASSWORDS),
    Changeable("PASSWORD_WORDS", "Further words to refuse", "What people here would think of "
               "first. With commas between them.", PASSWORDS, blank=True),
    Changeable("PASSWORD_NEEDS", "Characters to ask for", "Only if your HMIS asks for them, since "
               f"people choose worse passwords so. {needs.HOW}", PASSWORDS, blank=True,
               check=needs.fault),
    Changeable("SECOND_FACTOR_REQUIRED", "Two steps at sign-in", "“none”: everybody may set them "
               "up. “staff”: HAND staff and managers must, and come no further before. It bites at "
               "their next click, and at yours.", SIGN_IN, check=_who_must),
    Changeable("SET_PASSWORD_LINK", "Link to choose a password works for", "Counts from the email. "
               "Shorter is safer; longer helps people who read their mail once a day.", LINKS,
               _minutes(15), _hours(7 * 24)),
    Changeable("RESET_LINK", "Link of Forgot Password works for", "Counts from the email, "
               "which may take some minutes to arrive.", LINKS, _minutes(5), _hours(24)),
    Changeable("ACCESS_LINK", "Link to file a request works for", "For people who cannot sign in. "
               "Counts from the email.", LINKS, _minutes(15), _hours(7 * 24)),
    Changeable("SIGN_LINK", "Link to sign a worksheet works for", "Counts from when it is asked "
               "for. Each reminder brings a new one.", LINKS, _hours(24), _hours(60 * 24)),
    Changeable("SESSION_IDLE", "Signed out when idle for", "Whoever does nothing for so long has "
               "to sign in again. Holds for everybody at once.", LINKS, _minutes(5), _hours(24)),
    Changeable("FRESH_SIGN_IN", "Ask again who it is after", "Before roles, accounts, settings or "
               "a second step are changed. Counts from when somebody last showed who they are.",
               LINKS, _minutes(2), _hours(12)),
    Changeable("SESSION_MAX", "Signed out in any case after", "Counts from signing in. Holds for "
               "those who sign in from now on.", LINKS, _minutes(30), _hours(7 * 24)),
    Changeable("DOCUMENT_MAX_BYTES", "Largest document", "A larger one is refused when it is "
               "added. A scanned page takes about 1 MB, a photo up to 8.", DOCUMENTS, MEGABYTE,
               25 * MEGABYTE, "MB", MEGABYTE),
    Changeable("DOCUMENT_MAX_PAGES", "Pages shown of a document", "So many are pictures on the "
               "desk’s own pages; whoever wants the rest downloads the document.", DOCUMENTS, 3, 50,
               "pages"),
    Changeable("DOCUMENT_PAGES_TAKEN", "Longest document", "A PDF of more pages is refused when it "
               "is added.", DOCUMENTS, 20, 1000, "pages"),
    Changeable("DOCUMENT_PIXELS_TAKEN", "Largest picture", "One of more pixels is refused when it "
               "is added: whoever opens it has to have room for them all. Phones take 12 to 50 "
               "megapixels, some 108.", DOCUMENTS, 10 * MEGAPIXEL, 120 * MEGAPIXEL, "megapixels",
               MEGAPIXEL),
    Changeable("DOCUMENTS_PER_TICKET", "Documents for a request", "So many fit; those that are "
               "there already stay.", DOCUMENTS, 3, 20, "documents"),
    Changeable("KEEP_WORKSHEETS_DAYS", "Worksheets are kept for", "Counts from the end of their "
               "request. Then their files are deleted, and the request says so. 0: for good.",
               DOCUMENTS, 0, 3650, "days", zero="for good"),
    Changeable("KEEP_AGREEMENTS_DAYS", "Signed agreements are kept for", "User Agreements and "
               "Codes of Ethics, after the end of their request. 0: for good.", DOCUMENTS, 0, 3650,
               "days", zero="for good"),
    Changeable("KEEP_OTHERS_DAYS", "Other documents are kept for", "Whatever else was attached, "
               "after the end of its request. 0: for good.", DOCUMENTS, 0, 3650, "days",
               zero="for good"),
    Changeable("WORKSHEETS", "A worksheet that is not right", "“block”: what a program finds wrong "
               "on one has to be mended before the request is sent. “tell”: it is sent, and staff "
               "see what is wrong.", DOCUMENTS, check=_worksheets),
    Changeable("BULK_PEOPLE", "People recertified at once", "So many fit into one submission. Each "
               "of them makes a request of its own.", DOCUMENTS, 2, 200, "people"),
    Changeable("IMPORT_MAX_BYTES", "Largest file of an import", "A larger one is refused on the "
               "page; the command line takes it.", DOCUMENTS, MEGABYTE, 64 * MEGABYTE, "MB",
               MEGABYTE),
    Changeable("IMPORT_MAX_LINES", "Longest file of an import", "So many lines are read on the "
               "page; the command line reads more.", DOCUMENTS, 1000, 200_000, "lines"),
)  # fmt: skip
CHANGEABLE = {entry.name: entry for entry in ENTRIES}

TOGETHER: tuple[tuple[Callable[[Config], bool], str], ...] = (
    (lambda c: c.OPENS < c.CLOSES, "The desk must open before it closes."),
    (lambda c: c.SESSION_IDLE <= c.SESSION_MAX,
     "Nobody can be idle for longer than they are signed in."),
)  # fmt: skip
"""What must hold between settings, and what to say where it doesn't."""
