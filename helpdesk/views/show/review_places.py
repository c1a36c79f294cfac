"""Where checks stand on the pages of a document, for an overlay that is drawn over each page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helpdesk.documents.drawing import Page
from helpdesk.models.reading import Reading, Value
from helpdesk.services.reviews import Finding

NARROW = 30
"""Points: a box that its number would cover has it to its left."""

RADIUS, APART = 10, 23


@dataclass(frozen=True)
class Badge:
    """A box in points from the upper left corner of the page as it is shown, and the middle of
    the check's number beside or in it."""

    name: str
    number: int
    verdict: str
    x: float
    y: float
    width: float
    height: float
    across: float
    down: float


@dataclass(frozen=True)
class PageShown:
    number: int
    url: str
    width: int
    height: int
    badges: list[Badge] = field(default_factory=list)


def page_of(finding: Finding, reading: Reading | None) -> int | None:
    """The page, from 0, on which a check stands; None if it stands on none."""
    value = _value(finding, reading)
    return value.page if value else None


def badges(
    numbered: Iterable[tuple[int, Finding]], reading: Reading | None, pages: Mapping[int, Page]
) -> dict[int, list[Badge]]:
    """By the number of the page, from 0. Checks of one blank stand side by side."""
    found: dict[int, list[Badge]] = {}
    taken: Counter[str | None] = Counter()
    for number, finding in numbered:
        value = _value(finding, reading)
        if value is None or value.page not in pages:
            continue
        badge = _badge(number, finding, value, pages[value.page], taken[finding.check.blank])
        found.setdefault(value.page, []).append(badge)
        taken[finding.check.blank] += 1
    return found


def _value(finding: Finding, reading: Reading | None) -> Value | None:
    value = reading.values.get(finding.check.blank or "") if reading else None
    return value if value and len(value.box) == 4 and any(value.box) else None


def _badge(number: int, finding: Finding, value: Value, page: Page, before: int) -> Badge:
    left, top, width, height = page.edges(*value.box)
    x, y = left * page.width, top * page.height
    wide, high = width * page.width, height * page.height
    beside = x - RADIUS - 3 if wide < NARROW else x + wide - RADIUS - 3
    return Badge(
        name=finding.check.name,
        number=number,
        verdict=finding.verdict.value,
        x=round(x, 1),
        y=round(y, 1),
        width=round(wide, 1),
        height=round(high, 1),
        across=round(beside - before * APART, 1),
        down=round(y + high / 2, 1),
    )
