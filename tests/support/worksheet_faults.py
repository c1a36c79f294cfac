"""What can be wrong with a worksheet, each with the one check that is to fail."""

import pytest

from helpdesk.worksheets.code import Made, is_right
from helpdesk.worksheets.read import Reading
from tests.support import worksheets as sheets
from workflows.checking import Check, Verdict
from workflows.worksheet_checks import judge
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet

Faults = dict[str, tuple[dict[str, str], str]]

RECERTIFICATION_FAULTS: Faults = {
    "a course without a date": ({"course1.day": ""}, "course_basic_privacy"),
    "a course of next year": ({"course1.day": "1/5/2027"}, "course_basic_privacy"),
    "a course of long ago": ({"course1.day": "11/24/2025"}, "course_basic_privacy"),
    "a date that is none": ({"course1.day": "soon"}, "course_basic_privacy"),
    "a mistyped year": ({"course1.day": "10/1/0026"}, "course_basic_privacy"),
    "a low score": ({"course3.score": "79"}, "course_advanced_privacy"),
    "a score that is none": ({"course3.score": "good"}, "course_advanced_privacy"),
    "no signature": ({"user.signature": ""}, "user_signed"),
    "no date of the signature": ({"user.signed_on": ""}, "user_signed"),
    "a signature of tomorrow": ({"user.signed_on": "11/26/2026"}, "user_signed"),
    "an old signature": ({"admin.signed_on": "11/24/2025"}, "admin_signed"),
    "no agency admin": ({"admin.name": ""}, "verified"),
    "the person themselves": ({"admin.name": "Maria Lukaszewicz"}, "verified"),
}
NEW_USER_FAULTS: Faults = {
    "another name": ({"last_name": "Lopez"}, "name"),
    "another email": ({"email": "maria@harbor.example"}, "email"),
    "no level": ({f"level.{sheets.LEVEL}": ""}, "level"),
    "two levels": ({"level.volunteer": "x"}, "level"),
    "another level": ({f"level.{sheets.LEVEL}": "", "level.read_only": "x"}, "level"),
    "no provider": ({"provider": ""}, "provider"),
    "no supervisor": ({"supervisor": ""}, "supervisor"),
    "no agreement": ({"agreement_on": ""}, "agreement_on"),
    "ethics of next year": ({"ethics_on": "2/1/2027"}, "ethics_on"),
    "no director": ({"director.signature": ""}, "director_signed"),
    "a course without a date": ({"course5.day": ""}, "course_intake"),
}
SEEDED = {
    f"{sheet.number}: {fault}": (sheet, changed, name)
    for sheet, seeded in ((RECERTIFICATION, RECERTIFICATION_FAULTS), (NEW_USER, NEW_USER_FAULTS))
    for fault, (changed, name) in seeded.items()
}
"""Sheet, what is filled in otherwise, and the check that is to fail."""

FAULTS = [pytest.param(*seeded, id=fault) for fault, seeded in SEEDED.items()]


def judged(reading: Reading, sheet: Sheet) -> list[Check]:
    values = {name: value.text for name, value in reading.values.items()}
    made = Made(sheet.number, sheet.version, "maria.l", sheets.LEVEL)
    right = is_right(sheets.KEY, made, reading.code) if reading.code else None
    return judge(sheet.paper, reading.sheet, values, sheets.known(sheet.purpose, code_right=right))


def faults(found: list[Check]) -> dict[str, Verdict]:
    return {check.name: check.verdict for check in found if check.verdict is not Verdict.PASS}
