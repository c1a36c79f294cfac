"""Worksheets that are made, filled in several ways, read and judged."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from helpdesk.worksheets.code import Made, check_code
from helpdesk.worksheets.read import read
from tests.support import worksheets as sheets
from tests.support.worksheet_faults import FAULTS, faults, judged
from workflows.checking import Check, Verdict
from workflows.worksheet_checks import judge
from workflows.worksheets import NEW_USER, RECERTIFICATION, Kind, Sheet

way = pytest.mark.parametrize("way", sheets.WAYS.values(), ids=sheets.WAYS)
both = pytest.mark.parametrize("sheet", [RECERTIFICATION, NEW_USER], ids=["yearly", "new user"])


@way
@both
def test_a_right_worksheet_passes_every_check(
    sheet: Sheet, way: Callable[[bytes], bytes]
) -> None:
    found = judged(read(way(sheets.filled(sheet))), sheet)
    assert faults(found) == {}
    assert len(found) > 8


@way
@pytest.mark.parametrize(("sheet", "changed", "name"), FAULTS)
def test_a_fault_fails_its_check_and_no_other(
    sheet: Sheet, changed: dict[str, str], name: str, way: Callable[[bytes], bytes]
) -> None:
    found = judged(read(way(sheets.filled(sheet, changed))), sheet)
    assert faults(found) == {name: Verdict.FAIL}
    assert all(check.sentence.endswith(".") for check in found if check.sentence)


@way
def test_every_value_is_read_with_its_place(way: Callable[[bytes], bytes]) -> None:
    reading = read(way(sheets.filled(NEW_USER)))
    wanted = sheets.PRINTED[NEW_USER.number] | sheets.ANSWERS[NEW_USER.number]
    courses = [course.label for course in sheets.courses_of(NEW_USER.purpose)]
    wanted |= {f"course{line}.name": label for line, label in enumerate(courses, 1)}
    assert {name: v.text for name, v in reading.values.items() if v.text} == wanted
    assert all(v.box.width > 5 and v.box.height > 5 for v in reading.values.values())
    assert {v.page for v in reading.values.values()} == {0, 1}


def test_a_worksheet_made_for_somebody_else_fails_by_its_code() -> None:
    other = check_code(sheets.KEY, Made("HAND-RC", 1, "zoe.b", sheets.LEVEL))
    found = judged(read(sheets.filled(RECERTIFICATION, code=other)), RECERTIFICATION)
    assert faults(found) == {"code": Verdict.FAIL}


ANOTHER = {"name": "Ana Ruiz", "username": "ana.ruiz", "email": "ana.ruiz@north.example",
           "agency": "Northside", "course1.day": "10/04/2025"}  # fmt: skip


def judged_with(changed: dict[str, str], *, code_right: bool = False) -> list[Check]:
    values = {n: v.text for n, v in read(sheets.filled(RECERTIFICATION)).values.items()}
    known = sheets.known(RECERTIFICATION.purpose, code_right=code_right)
    return judge(RECERTIFICATION.paper, RECERTIFICATION, values | changed, known)


def test_a_worksheet_of_somebody_else_says_so_in_one_sentence() -> None:
    (found,) = judged_with(ANOTHER)
    assert (found.name, found.verdict) == ("person", Verdict.FAIL)
    assert found.sentence == (
        "This worksheet is Ana Ruiz’s, the request is for María Łukaszewicz: attach the right one."
    )


@pytest.mark.parametrize("told", ["username", "email"])
def test_who_is_known_by_username_or_email_has_another_name_by_now(told: str) -> None:
    married = {name: text for name, text in ANOTHER.items() if name != told}
    found = faults(judged_with(married))
    assert "person" not in found
    assert found["name"] is Verdict.FAIL
    assert told not in found


def test_a_name_that_differs_alone_is_told_of_as_that() -> None:
    found = judged_with({"name": "Ana Ruiz"}, code_right=True)
    assert faults(found) == {"name": Verdict.FAIL}


def test_the_worksheet_of_another_newcomer_says_so_in_one_sentence() -> None:
    changed = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana.ruiz@harbor.example"}
    found = judged(read(sheets.filled(NEW_USER, changed)), NEW_USER)
    assert faults(found) == {"person": Verdict.FAIL}


def test_a_worksheet_without_code_wants_a_look() -> None:
    found = judged(read(sheets.filled(RECERTIFICATION, code="")), RECERTIFICATION)
    assert faults(found) == {"code": Verdict.LOOK}


def test_a_scan_is_read_by_nobody() -> None:
    reading = read(sheets.scanned(sheets.filled(RECERTIFICATION)))
    assert (reading.fault, reading.values) == ("unknown", {})


def test_a_form_of_another_maker_is_read_by_the_names_of_its_fields() -> None:
    names = {"course1.day": "course1.day", "admin.name": "name"}
    theirs = sheets.filled(RECERTIFICATION).replace(b"HAND-RC", b"OTHR-RC")
    reading = read(sheets.without_our_name(theirs), names)
    assert {name: value.text for name, value in reading.values.items()} == {
        "course1.day": "10/01/2026",
        "name": "Dana Price",
    }
    assert reading.sheet is None


@both
def test_a_course_without_its_score_wants_a_look(sheet: Sheet) -> None:
    found = judged(read(sheets.filled(sheet, {"course2.score": ""})), sheet)
    assert faults(found) == {"course_policy_procedure": Verdict.LOOK}
    (look,) = (each for each in found if each.verdict is Verdict.LOOK)
    assert look.sentence.startswith("Policy & Procedure has no score on the worksheet: ")


def test_a_course_without_a_quiz_needs_no_score() -> None:
    values = {n: v.text for n, v in read(sheets.filled(RECERTIFICATION)).values.items()}
    known = sheets.known(RECERTIFICATION.purpose)
    no_quiz = tuple(replace(course, pass_mark=None) for course in known.courses)
    unscored = {name: "" if name.endswith(".score") else text for name, text in values.items()}
    found = judge(RECERTIFICATION.paper, RECERTIFICATION, unscored, replace(known, courses=no_quiz))
    assert faults(found) == {}


def test_names_that_lack_a_part_want_a_look() -> None:
    reading = read(sheets.filled(NEW_USER, {"first_name": "María Elena"}))
    assert faults(judged(reading, NEW_USER)) == {"name": Verdict.LOOK}


def test_a_course_that_is_required_by_now_is_missed() -> None:
    values = {n: v.text for n, v in read(sheets.filled(RECERTIFICATION)).values.items()}
    known = sheets.known(RECERTIFICATION.purpose)
    more = replace(known, courses=sheets.courses_of(NEW_USER.purpose))
    assert "course_intake" in faults(judge(RECERTIFICATION.paper, RECERTIFICATION, values, more))


@pytest.mark.parametrize("sheet", [RECERTIFICATION, NEW_USER], ids=["yearly", "new user"])
def test_signatures_that_are_drawn_count(sheet: Sheet) -> None:
    who = [blank.name for blank in sheet.blanks if blank.kind is Kind.SIGNATURE]
    unsigned = sheets.filled(sheet, dict.fromkeys(who, ""))
    assert len(faults(judged(read(sheets.flattened(unsigned)), sheet))) == len(who)
    reading = read(sheets.signed_by_hand(sheet, sheets.flattened(unsigned)))
    assert faults(judged(reading, sheet)) == {}
    assert {reading.values[name].text for name in who} == {"(signed by hand)"}


def verified(changed: dict[str, str], *, own: bool) -> Check:
    values = {n: v.text for n, v in read(sheets.filled(RECERTIFICATION)).values.items()}
    known = replace(sheets.known(RECERTIFICATION.purpose), own=own)
    found = judge(RECERTIFICATION.paper, RECERTIFICATION, values | changed, known)
    return next(check for check in found if check.name == "verified")


def test_an_admin_whom_the_licensee_alone_names_wants_a_look() -> None:
    assert verified({}, own=False).verdict is Verdict.PASS
    alone = verified({}, own=True)
    assert alone.verdict is Verdict.LOOK
    assert "alone has sent it: HAND asks Dana Price." in alone.sentence
    assert verified({"admin.where": "link"}, own=True).verdict is Verdict.PASS
    assert verified({"admin.name": ""}, own=True).verdict is Verdict.FAIL


@pytest.mark.parametrize(("name", "email"), [("", ""), (" ", None)])
def test_a_newcomer_who_is_not_named_yet_is_held_against_nothing(
    name: str, email: str | None
) -> None:
    values = {n: v.text for n, v in read(sheets.filled(NEW_USER)).values.items()}
    known = replace(sheets.known(NEW_USER.purpose), name=name, email=email)
    found = judge(NEW_USER.paper, NEW_USER, values, known)
    assert not [check.sentence for check in found if "on file it is" in check.sentence]
    assert "name" not in {check.name for check in found}
