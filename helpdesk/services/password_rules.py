"""What speaks for and against a new password: the one judge of the form and of its live meter."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from zxcvbn import zxcvbn

from config import Config
from helpdesk.extensions import settings
from helpdesk.settings import needs

JUDGED_LENGTH = 72  # what comes after it makes no password worse, and the estimator slow
ONE_AT_A_TIME = Lock()  # the estimator keeps the names it is told in a place of its module
SCORES = ("Very weak", "Weak", "Fair", "Good", "Strong")
GUESSED = "This one is easily guessed. Add another word or two that nobody would expect."
COMMON = "Many people have this one, so it is tried first. Choose another."

KINDS: dict[str, tuple[str, str, Callable[[str], bool]]] = {
    "upper": ("capital letter", "capital letters", str.isupper),
    "lower": ("small letter", "small letters", str.islower),
    "digit": ("digit", "digits", str.isdecimal),
    "symbol": ("sign", "signs", lambda c: not c.isalnum()),
    "nonletter": ("digit or sign", "digits or signs", lambda c: not c.isalpha()),
}


class Rule(StrEnum):
    LENGTH = "length"
    NEEDS = "needs"
    NAMES = "names"
    GUESS = "guess"


@dataclass(frozen=True)
class Policy:
    """What is asked of one person's new password; `names` may not be part of it."""

    shortest: int
    longest: int
    least_score: int
    not_common: bool
    needs: dict[str, int]
    names: tuple[str, ...]
    in_words: dict[Rule, str]


@dataclass(frozen=True)
class Judgment:
    """`score` is the estimator's, 0 to 4; `faults` has a sentence for each rule that is broken."""

    score: int
    faults: dict[Rule, str]

    @property
    def complaints(self) -> list[str]:
        """What to mend. How easily it is guessed changes with the rest, so it is said last."""
        others = [words for rule, words in self.faults.items() if rule is not Rule.GUESS]
        return others or list(self.faults.values())

    @property
    def word(self) -> str:
        return SCORES[self.score]


def policy(names: Sequence[str], *, two_steps: bool = False) -> Policy:
    """The site's rules now. `names`: the person's, their username, their agency's. `two_steps`: a
    second step stands beside this password."""
    config = settings()
    alone = config.PASSWORD_MIN
    shortest = min(alone, config.PASSWORD_MIN_TWO_STEPS) if two_steps else alone
    asked = needs.read(config.PASSWORD_NEEDS)
    said = [*names, config.HMIS_NAME, *config.PASSWORD_WORDS.split(",")]
    return Policy(
        shortest=shortest,
        longest=config.PASSWORD_MAX,
        least_score=config.PASSWORD_STRENGTH,
        not_common=config.PASSWORD_NOT_COMMON,
        needs=asked,
        names=tuple(_telling(said)) if config.PASSWORD_NO_NAMES else (),
        in_words=dict(_in_words(shortest, asked, config)),
    )


def too_short_alone(password: str) -> bool:
    """Whether it takes a second step beside it."""
    return len(password) < settings().PASSWORD_MIN


def _in_words(
    shortest: int, asked: dict[str, int], config: Config
) -> Iterator[tuple[Rule, str]]:
    yield Rule.LENGTH, f"At least {shortest} characters. A few unrelated words work well."
    if asked:
        yield Rule.NEEDS, f"With {_amounts(asked)}."
    if config.PASSWORD_NO_NAMES:
        yield Rule.NAMES, (
            f"Without your name, your username, your agency’s name or “{config.HMIS_NAME}”."
        )
    common = "common or " if config.PASSWORD_NOT_COMMON else ""
    yield Rule.GUESS, f"Not one that is {common}easily guessed."


def _amounts(asked: dict[str, int]) -> str:
    parts = [f"{n} {KINDS[kind][0] if n == 1 else KINDS[kind][1]}" for kind, n in asked.items()]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def judge(password: str, under: Policy) -> Judgment:
    """Very long input is refused before anybody looks at it."""
    if len(password) > under.longest:
        return Judgment(0, {Rule.LENGTH: f"Use at most {under.longest} characters."})
    score, common = _estimate(password[:JUDGED_LENGTH], under.names)
    found = {
        Rule.LENGTH: _too_short(password, under),
        Rule.NEEDS: _lacking(password, under),
        Rule.NAMES: _named(password, under),
        Rule.GUESS: _guessed(score, common, under),
    }
    return Judgment(score, {rule: words for rule, words in found.items() if words})


def _estimate(password: str, names: Sequence[str]) -> tuple[int, bool]:
    """The score, and whether it is a common password."""
    with ONE_AT_A_TIME:
        found = zxcvbn(password, user_inputs=list(names))
    return found["score"], _is_common(found["sequence"])


def _too_short(password: str, under: Policy) -> str | None:
    if len(password) >= under.shortest:
        return None
    return f"Use at least {under.shortest} characters; this has {len(password)}."


def _lacking(password: str, under: Policy) -> str | None:
    there = {kind: sum(map(KINDS[kind][2], password)) for kind in under.needs}
    lacking = {kind: n - there[kind] for kind, n in under.needs.items() if there[kind] < n}
    return f"Add {_amounts(lacking)}." if lacking else None


def _named(password: str, under: Policy) -> str | None:
    plain = _plain(password)
    found = next((name for name in under.names if name in plain), None)
    return f"Leave “{found}” out of it: it is easily guessed." if found else None


def _guessed(score: int, common: bool, under: Policy) -> str | None:
    if under.not_common and common:
        return COMMON
    return GUESSED if score < under.least_score else None


def _is_common(sequence: object) -> bool:
    """The whole of it stands in the list of common passwords, perhaps with 0 for o and the like."""
    match sequence:
        case [{"pattern": "dictionary", "dictionary_name": "passwords"}]:
            return True
    return False


def _telling(names: Sequence[str]) -> Iterator[str]:
    """Names as a whole and in parts, where they are long enough to give something away."""
    for name in map(_plain, names):
        for part in dict.fromkeys((name.strip(), *re.split(r"[\W_]+", name))):
            if len(part) > 3:
                yield part


def _plain(text: str) -> str:
    """Without case or accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
