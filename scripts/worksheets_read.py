"""Prints what is read of worksheets, right, wrong or not at all, by the way they were filled in.

    python -m scripts.worksheets_read

Right ones and every seeded fault, of both sheets. Needs poppler-utils and ghostscript.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpdesk.worksheets.read import Reading, read
from tests.support import pdf_programs as programs
from tests.support import worksheets as sheets
from tests.support.worksheet_faults import SEEDED, faults, judged
from workflows.checking import Verdict
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet

WAYS: dict[str, Callable[[bytes], bytes]] = {
    "filled in, fields kept": bytes,
    "filled in and locked": sheets.read_only,
    "printed to PDF by PDFium": sheets.flattened,
    "the same, fitted to A4": sheets.shrunk,
    "printed to PDF by poppler": programs.poppler,
    "printed to PDF by Ghostscript": programs.ghostscript,
    "printed as pictures": programs.rasterized,
    "scanned": sheets.scanned,
}
Case = tuple[Sheet, dict[str, str], str | None]
HEADINGS = ("way", "files", "values", "right", "wrong", "not read", "faults found",
            "false alarms", "to look at")  # fmt: skip


@dataclass
class Count:
    files: int = 0
    values: int = 0
    right: int = 0
    wrong: int = 0
    not_read: int = 0
    found: int = 0
    seeded: int = 0
    false_alarms: int = 0
    looks: int = 0

    def add(self, reading: Reading, sheet: Sheet, changed: Mapping[str, str]) -> None:
        told = sheets.PRINTED[sheet.number] | sheets.ANSWERS[sheet.number] | dict(changed)
        wanted = {name: text for name, text in told.items() if text}
        got = {name: value.text for name, value in reading.values.items()}
        self.files += 1
        self.values += len(wanted)
        self.right += sum(got.get(name) == text for name, text in wanted.items())
        self.not_read += sum(not got.get(name) for name in wanted)
        self.wrong = self.values - self.right - self.not_read

    def judge(self, reading: Reading, sheet: Sheet, fault: str | None) -> None:
        """Nothing is judged of what could not be read: a person looks at it."""
        self.seeded += fault is not None
        if reading.fault is not None:
            self.looks += 1
            return
        verdicts = faults(judged(reading, sheet))
        failed = {name for name, verdict in verdicts.items() if verdict is Verdict.FAIL}
        self.found += fault in failed
        self.false_alarms += len(failed - {fault})
        self.looks += any(verdict is Verdict.LOOK for verdict in verdicts.values())

    def cells(self, way: str) -> tuple[object, ...]:
        return (way, self.files, self.values, self.right, self.wrong, self.not_read,
                f"{self.found} of {self.seeded}", self.false_alarms, self.looks)  # fmt: skip


def count(way: Callable[[bytes], bytes]) -> Count:
    found = Count()
    right: list[Case] = [(sheet, {}, None) for sheet in (RECERTIFICATION, NEW_USER)]
    for sheet, changed, fault in (*right, *SEEDED.values()):
        reading = read(way(sheets.filled(sheet, changed)))
        found.add(reading, sheet, changed)
        found.judge(reading, sheet, fault)
    return found


def main() -> None:
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for way, prints in WAYS.items():
        print(f"| {' | '.join(map(str, count(prints).cells(way)))} |")


if __name__ == "__main__":
    main()
