"""Signatures that are not on the worksheet itself: a person has to look, or a page is missing."""

import pytest

from tests.support.worksheets import ANSWERS, PRINTED, courses_of, known
from workflows.checking import Check, Verdict
from workflows.signing import (
    BY_LINK,
    BY_TYPED_LINK,
    ON_PAGE,
    SIGNED_PAGE,
    SIGNERS,
    asked_at,
    asked_name,
    signers,
    where,
)
from workflows.worksheet_checks import judge
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet


def filled(sheet: Sheet, **changed: str) -> dict[str, str]:
    lines = {f"course{line}.name": course.label
             for line, course in enumerate(courses_of(sheet.purpose), 1)}  # fmt: skip
    return {**PRINTED[sheet.number], **ANSWERS[sheet.number], **lines, **changed}


def wrong(sheet: Sheet, values: dict[str, str]) -> list[Check]:
    found = judge(sheet.paper, sheet, values, known(sheet.purpose))
    return [check for check in found if check.verdict is not Verdict.PASS]


def test_each_worksheet_says_who_signs_it() -> None:
    assert signers(RECERTIFICATION) == ["user", "admin"]
    assert signers(NEW_USER) == ["user", "admin", "director"]
    assert set(SIGNERS) == {"user", "admin", "director"}


@pytest.mark.parametrize("who", SIGNERS)
def test_what_was_signed_on_a_page_is_looked_at(who: str) -> None:
    values = filled(NEW_USER, **{where(who): ON_PAGE, f"{who}.signature": "",
                                 f"{who}.signed_on": ""})  # fmt: skip
    (check,) = wrong(NEW_USER, values)
    assert (check.name, check.verdict, check.field) == (f"{who}_signed", Verdict.LOOK, SIGNED_PAGE)
    assert SIGNERS[who] in check.sentence


def test_a_signature_that_is_nowhere_is_missing() -> None:
    (check,) = wrong(NEW_USER, filled(NEW_USER, **{"user.signature": ""}))
    assert (check.name, check.verdict) == ("user_signed", Verdict.FAIL)


def by_link(who: str, place: str) -> dict[str, str]:
    return {where(who): place, asked_name(who): "Ed Moss", asked_at(who): "ed@harbor.example"}


def test_who_signed_at_an_address_on_file_has_signed() -> None:
    assert wrong(NEW_USER, filled(NEW_USER, **by_link("admin", BY_LINK))) == []


def test_an_address_that_was_typed_is_looked_at() -> None:
    """The one who typed it may have more than one mailbox."""
    (check,) = wrong(NEW_USER, filled(NEW_USER, **by_link("director", BY_TYPED_LINK)))
    assert (check.name, check.verdict) == ("director_signed", Verdict.LOOK)
    assert "by a link mailed to ed@harbor.example, as it was typed" in check.sentence
    gone = filled(NEW_USER, **by_link("director", BY_TYPED_LINK) | {"director.signed_on": ""})
    assert wrong(NEW_USER, gone)[0].verdict is Verdict.FAIL
