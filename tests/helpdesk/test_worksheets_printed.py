"""Worksheets that other programs have printed to a file, read and judged."""

from collections.abc import Callable

import pytest

from helpdesk.worksheets.read import read
from tests.support import pdf_programs as programs
from tests.support import worksheets as sheets
from tests.support.pdf_programs import needs
from tests.support.worksheet_faults import FAULTS, faults, judged
from workflows.checking import Verdict
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet

Print = Callable[[bytes], bytes]
UNREADABLE: dict[tuple[Print, Sheet], dict[str, Verdict]] = {
    (programs.ghostscript, RECERTIFICATION): {"name": Verdict.LOOK},
}
"""Ghostscript keeps the shapes of letters with accents, and loses which letters they are."""

printed = pytest.mark.parametrize("prints", [
    pytest.param(programs.poppler, marks=needs("poppler"), id="poppler"),
    pytest.param(programs.ghostscript, marks=needs("ghostscript"), id="ghostscript"),
])  # fmt: skip
both = pytest.mark.parametrize("sheet", [RECERTIFICATION, NEW_USER], ids=["yearly", "new user"])


@printed
@both
def test_a_right_worksheet_fails_no_check(sheet: Sheet, prints: Print) -> None:
    found = faults(judged(read(prints(sheets.filled(sheet))), sheet))
    assert found == UNREADABLE.get((prints, sheet), {})


@printed
@pytest.mark.parametrize(("sheet", "changed", "name"), FAULTS)
def test_a_fault_fails_its_check_and_no_other(
    sheet: Sheet, changed: dict[str, str], name: str, prints: Print
) -> None:
    found = faults(judged(read(prints(sheets.filled(sheet, changed))), sheet))
    assert found == UNREADABLE.get((prints, sheet), {}) | {name: Verdict.FAIL}


@needs("ghostscript")
@both
def test_pictures_of_pages_are_left_to_a_person(sheet: Sheet) -> None:
    reading = read(programs.rasterized(sheets.filled(sheet)))
    assert (reading.fault, reading.values) == ("unknown", {})
