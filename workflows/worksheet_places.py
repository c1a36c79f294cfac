"""Which blanks of a worksheet a check is about, besides the one where it points."""

from workflows.checking import Check, Values
from workflows.training import ACCESS_LEVELS
from workflows.worksheets import MOST_COURSES

SIGNERS = ("user", "admin", "director")
TOGETHER = (
    ("first_name", "last_name"),
    *((f"{who}.signature", f"{who}.signed_on") for who in SIGNERS),
    *((f"course{line}.day", f"course{line}.score") for line in range(1, MOST_COURSES + 1)),
)
LEVEL = "level"
DAYS, SCORES = (".day", "_on"), ".score"


def blanks_of(check: Check) -> tuple[str, ...]:
    """Those that are written in, in the order of the sheet. An access level is ticked, see
    `level_ticked`."""
    if check.blank is None or check.name == LEVEL:
        return ()
    return next((each for each in TOGETHER if check.blank in each), (check.blank,))


def level_ticked(values: Values) -> list[str]:
    """The names of the access levels that are ticked."""
    return [name for name in ACCESS_LEVELS if values.get(f"{LEVEL}.{name}")]


def is_judged_by(blank: str) -> bool:
    """Whether a date or a score stands there, by which a worksheet is in order or not."""
    return is_day(blank) or blank.endswith(SCORES)


def is_day(blank: str) -> bool:
    return blank.endswith(DAYS)


def level_blank(name: str) -> str:
    return f"{LEVEL}.{name}"
