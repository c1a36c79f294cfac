"""What was read of the blanks that a check is about, to put right where a person reads better."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.models.document import Document
from helpdesk.models.reading import How, Reading, ReadingCorrection
from helpdesk.views.show import pieces
from workflows.checking import Check
from workflows.signing import SIGNATURE, SIGNED_ON, SIGNERS
from workflows.training import ACCESS_LEVELS
from workflows.worksheet_places import LEVEL, blanks_of, is_day, level_ticked
from workflows.worksheets import newest
from workflows.written import as_on_paper

COURSE_LINE = re.compile(r"course\d+")


@dataclass(frozen=True)
class ValueShown:
    """A blank and what stands in it; `fixed`: nobody can have read it wrongly; `before` and what
    follows only where staff corrected it."""

    blank: str
    label: str
    text: str
    before: str = ""
    who: str = ""
    when: pieces.When | None = None
    fixed: bool = False


@dataclass(frozen=True)
class LevelShown:
    """The access levels: `text` in words, `chosen` the name of one, empty if it is not one."""

    text: str
    chosen: str
    choices: list[tuple[str, str]]
    fixed: bool = False


def values_shown(
    check: Check, document: Document, corrections: Sequence[ReadingCorrection]
) -> list[ValueShown]:
    return [_value(blank, document, corrections) for blank in blanks_of(check)]


def _value(
    blank: str, document: Document, corrections: Sequence[ReadingCorrection]
) -> ValueShown:
    text = document.reading.texts.get(blank, "") if document.reading else ""
    label = _label(blank, document)
    told = [each for each in corrections if each.blank == blank]
    if is_fixed(document.reading):
        return ValueShown(blank, label, as_on_paper(text) if is_day(blank) else text, fixed=True)
    if not told:
        return ValueShown(blank, label, text)
    last = told[-1]
    return ValueShown(blank, label, text, told[0].before, last.actor_name, pieces.when(last.at))


def is_fixed(reading: Reading | None) -> bool:
    """What was filled in and signed on a page of the desk was not read."""
    return reading is not None and reading.how is How.WEB


def _label(blank: str, document: Document) -> str:
    """As the worksheet prints it."""
    sheet = (document.reading.sheet if document.reading else None) or newest(document.kind)
    blanks = sheet.blanks if sheet else ()
    return next((each.label for each in blanks if each.name == blank), blank)


def blank_label(blank: str, document: Document) -> str:
    """The same where it stands alone: with the course whose line it is, or with whoever signs."""
    group, _, _part = blank.partition(".")
    if blank.endswith((SIGNATURE, SIGNED_ON)) and group in SIGNERS:
        what = "Signature" if blank.endswith(SIGNATURE) else "Date"
        return f"{what} of {SIGNERS[group]}"
    read = document.reading.texts if document.reading else {}
    course = read.get(f"{group}.name", "") if COURSE_LINE.fullmatch(group) else ""
    label = _label(blank, document)
    return f"{course}, {label}" if course else label


def changed(before: Document, now: Document) -> list[tuple[str, str, str]]:
    """What is filled in otherwise than on the worksheet that came before: the blank, what stood
    there, and what does now."""
    if before.reading is None or now.reading is None or before.reading.fault or now.reading.fault:
        return []
    old, new = before.reading.texts, now.reading.texts
    sheet = now.reading.sheet or newest(now.kind)
    names = [blank.name for blank in sheet.blanks] if sheet else []
    return [(blank_label(name, now), old.get(name, ""), new.get(name, ""))
            for name in names if old.get(name, "") != new.get(name, "")]  # fmt: skip


def level_shown(check: Check, reading: Reading) -> LevelShown | None:
    if check.name != LEVEL:
        return None
    ticked = level_ticked(reading.texts)
    text = ", ".join(ACCESS_LEVELS[name] for name in ticked)
    chosen = ticked[0] if len(ticked) == 1 else ""
    return LevelShown(text, chosen, list(ACCESS_LEVELS.items()), is_fixed(reading))
