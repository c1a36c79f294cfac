"""The checks of a worksheet in words, for `macros/worksheets.html`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from workflows.checking import Check, Judged, Verdict
from workflows.signing import BY_EMAIL

WHY = {
    "unread": "A photo or a Word file is read by people alone.",
    "missed": "No program has read it.",
    "busy": "Too much came at once when it arrived, so no program has read it.",
    "unknown": "It was scanned, or is not the form that is filled in here.",
    "locked": "It is locked against changes, so no program reads it.",
    "damaged": "The file is damaged. Please check that it opens.",
    "pages": "It has more pages than the worksheet.",
    "fields": "It has more fields than the worksheet.",
}
CLOSED = "It asks for a password: save it without one."
HARD = "It is hard to read."
WAITS = "wait"
RESULTS = {Verdict.FAIL: "bad", Verdict.LOOK: "warn", Verdict.PASS: "ok"}


@dataclass(frozen=True)
class CheckShown:
    name: str
    words: str
    result: str


@dataclass(frozen=True)
class WorksheetShown:
    """`tone`: ok, warn or bad. `wrong`: what fails or has to be looked at, in words. `passed`: the
    checks that hold. `mend`: something in it can be put right."""

    tone: str
    title: str
    words: str
    wrong: list[CheckShown]
    passed: list[CheckShown]
    mend: bool = False

    @property
    def waits(self) -> bool:
        """Whether others are asked to sign it, once it is sent."""
        return any(check.result == WAITS for check in self.wrong)

    @property
    def fold(self) -> str:
        """Above what is folded away."""
        count = len(self.passed)
        return f"{'What is right' if self.wrong else 'The checks'} ({count})"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"fold": self.fold}


def worksheet_shown(judged: Judged) -> WorksheetShown:
    if judged.closed:
        return WorksheetShown("bad", "HAND can’t open this one.", CLOSED, [], [])
    if judged.fault is not None:
        words = WHY.get(judged.fault, HARD)
        return WorksheetShown("warn", "HAND checks this one by hand.", words, [], [])
    wrong = [*judged.having(Verdict.FAIL), *judged.having(Verdict.LOOK)]
    passed = judged.having(Verdict.PASS)
    return WorksheetShown(
        tone=_tone(judged),
        title=_title(judged),
        words="",
        wrong=[_shown(check) for check in wrong],
        passed=[_shown(check) for check in passed],
        mend=bool(judged.having(Verdict.FAIL)) and not judged.is_another,
    )


def worksheets_shown(judged: Iterable[Judged]) -> dict[int, WorksheetShown]:
    """By the document's id."""
    return {each.document_id: worksheet_shown(each) for each in judged}


def _tone(judged: Judged) -> str:
    if judged.having(Verdict.FAIL):
        return "bad"
    return "warn" if _to_look_at(judged) else "ok"


def _to_look_at(judged: Judged) -> list[Check]:
    """Less what others have only to sign, once they are asked."""
    return [check for check in judged.having(Verdict.LOOK) if check.field != BY_EMAIL]


def _title(judged: Judged) -> str:
    wrong, look = len(judged.having(Verdict.FAIL)), len(_to_look_at(judged))
    if wrong:
        return "1 thing is not right:" if wrong == 1 else f"{wrong} things are not right:"
    if look:
        return "HAND looks at 1 thing:" if look == 1 else f"HAND looks at {look} things:"
    return "It is filled in. Others sign:" if judged.having(Verdict.LOOK) else "Every check passes."


def _shown(check: Check) -> CheckShown:
    result = WAITS if check.field == BY_EMAIL else RESULTS[check.verdict]
    return CheckShown(check.name, check.sentence or check.label, result)
