"""Worksheets as an agency's admin fills them in: downloaded, and right unless said otherwise."""

from collections.abc import Mapping

from tests.support.worksheets import filled_in
from tests.web.filing import day
from tests.web.visitor import Visitor
from workflows.training import STANDARD, Purpose
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet


def downloaded(visitor: Visitor, path: str) -> bytes:
    answer = visitor.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/pdf"
    return bytes(answer.data)


def days_ago(days: int) -> str:
    """As it is written on paper."""
    year, month, of_month = day(days).split("-")
    return f"{month}/{of_month}/{year}"


def answers(purpose: Purpose, level: str | None) -> dict[str, str]:
    """What both sheets ask, rightly answered."""
    lines = range(1, len(STANDARD.required(level, purpose)) + 1)
    signed = {f"{who}.signed_on": days_ago(3) for who in ("user", "admin", "director")}
    days = {f"course{line}.day": days_ago(30) for line in lines}
    scores = {f"course{line}.score": "92" for line in lines}
    return days | scores | signed | {
        "user.signature": "Ann Lee", "admin.signature": "Dana Price", "admin.name": "Dana Price",
        "director.signature": "Ed Moss",
    }  # fmt: skip


def recertification(
    visitor: Visitor, person_id: int, level: str | None = None, **changed: str
) -> bytes:
    """Of somebody who has that level."""
    blank = downloaded(visitor, f"/worksheets/recertification?person={person_id}")
    return renewed(blank, level, **changed)


def renewed(blank: bytes, level: str | None, **changed: str) -> bytes:
    return _filled(RECERTIFICATION, blank, answers(Purpose.YEARLY, level), changed)


def new_user(visitor: Visitor, level: str, about: Mapping[str, str], **changed: str) -> bytes:
    blank = downloaded(visitor, f"/worksheets/new_user_license?level={level}")
    right = answers(Purpose.NEW_USER, level) | {
        "supervisor": "Robin Ames", "provider": "Harbor Shelter", "agreement_on": days_ago(9),
        "ethics_on": days_ago(9),
    }  # fmt: skip
    return _filled(NEW_USER, blank, right | dict(about), changed)


def _filled(sheet: Sheet, blank: bytes, right: dict[str, str], changed: dict[str, str]) -> bytes:
    """`changed` has `__` where the name of a blank has a dot."""
    return filled_in(sheet, blank, right | {n.replace("__", "."): t for n, t in changed.items()})
