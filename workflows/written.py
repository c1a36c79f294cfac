"""What people write into a worksheet: days, scores and names, taken as they are meant."""

import re
import unicodedata
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
AMERICAN = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
SPELLED = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
CENTURY = 2000
WHOLE = 100


def day_of(text: str) -> date | None:
    """A day as Americans write it: 11/25/2026, 11-25-26, 2026-11-25, Nov 25, 2026."""
    text = text.strip()
    if found := ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := AMERICAN.fullmatch(text):
        month, day, year = map(int, found.groups())
        year += CENTURY if len(found[3]) == 2 else 0
    elif (found := SPELLED.fullmatch(text)) and found[1][:3].lower() in MONTHS:
        year, month, day = int(found[3]), MONTHS.index(found[1][:3].lower()) + 1, int(found[2])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_on_paper(text: str) -> str:
    """A day in the way the worksheets ask for; what is none stays as it is."""
    day = day_of(text)
    return f"{day.month}/{day.day}/{day.year}" if day else text


def score_of(text: str) -> float | None:
    """Percent: `92`, `92 %`, or `23/25` as a share."""
    bare = text.replace("%", "").replace(",", ".").strip()
    part, slash, whole = bare.partition("/")
    try:
        score = float(part) / float(whole) * WHOLE if slash else float(part)
    except (ValueError, ZeroDivisionError):
        return None
    return score if 0 <= score <= WHOLE else None


def plain(text: str) -> str:
    """Small letters without accents, marks and doubled blanks: to compare what was written."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    kept = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def mailbox(address: str) -> str:
    """Whose mail it is: without case, and without a tag after a plus, with which anybody makes as
    many addresses of their own as they like."""
    local, at, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def same_name(one: str, other: str) -> bool | None:
    """None: it may be the same, for one has names that the other lacks."""
    ours, theirs = set(plain(one).split()), set(plain(other).split())
    if ours == theirs:
        return True
    if not ours or not theirs:
        return False
    return None if ours <= theirs or theirs <= ours else False


def signs_as(typed: str, name: str) -> bool:
    """Whether somebody of that name types theirs: first and last name in full, with or without
    initials and further names, whatever the case and the accents."""
    if same_name(typed, name):
        return True
    bare = _without_initials(typed)
    return " " in bare and same_name(bare, _without_initials(name)) is not False


def _without_initials(name: str) -> str:
    return " ".join(word for word in plain(name).split() if len(word) > 1)


def legible(text: str) -> bool:
    """Whether what was read is text: some programs print letters that can't be read back."""
    return all(unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in text)
