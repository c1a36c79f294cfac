"""Which document brings which paper, and what is said of those that are missing."""

from itertools import combinations
from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt
from workflows import papers
from workflows.engine import Reason, Refused
from workflows.registry import ticket_type

BRINGS = {
    "new_user_worksheet": {"new_user_worksheet"},
    "recertification_worksheet": {"recertification_worksheet"},
    "user_agreement": {"user_agreement"},
    "code_of_ethics": {"code_of_ethics"},
    "agreement_and_ethics": {"user_agreement", "code_of_ethics"},
    "other": set(),
}
NEEDED = {
    "new_user_license": ["new_user_worksheet", "user_agreement", "code_of_ethics"],
    "recertification": ["recertification_worksheet"],
    "reactivate_license": [],
    "request_new_password": [],
}
SENTENCES = {
    "new_user_worksheet": "Attach the New User License Worksheet.",
    "recertification_worksheet": "Attach the User License Recertification Worksheet.",
    "user_agreement": "Attach the User Agreement.",
    "code_of_ethics": "Attach the Code of Ethics.",
}
COMBINATIONS = [some for size in range(len(BRINGS) + 1) for some in combinations(BRINGS, size)]


def refusals(name: str, trigger: str, **facts: Any) -> list[Reason]:
    state = "new" if trigger == "submit" else "in_review"
    data = {"identity_checked": True}
    try:
        ticket_type(name).workflow.fire(state, trigger, ticket_attempt(data=data, **facts))
    except Refused as refused:
        return list(refused.reasons)
    return []


def test_the_kinds_are_those_of_the_table() -> None:
    assert {name: set(kind.brings) for name, kind in papers.KINDS.items()} == BRINGS


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_each_paper_that_no_document_brings_is_named(name: str, kinds: tuple[str, ...]) -> None:
    brought = {paper for kind in kinds for paper in BRINGS[kind]}
    gone = [Reason(SENTENCES[paper], field=f"document-{paper}")
            for paper in NEEDED[name] if paper not in brought]  # fmt: skip
    assert refusals(name, "submit", **filing(name, documents=kinds)) == gone
    assert refusals(name, "approve", **filed(name, documents=kinds)) == gone


def test_a_document_twice_or_of_a_kind_nobody_knows_brings_no_more() -> None:
    kinds = ("user_agreement", "user_agreement", "poem", "")
    assert papers.missing(NEEDED["new_user_license"], kinds) == [
        "new_user_worksheet", "code_of_ethics",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("new_user_license", ["new_user_worksheet", "user_agreement", "code_of_ethics",
                              "agreement_and_ethics", "other"]),
        ("recertification", ["recertification_worksheet", "other"]),
        ("reactivate_license", ["other"]),
    ],
)  # fmt: skip
def test_a_form_offers_the_kinds_that_help_and_something_else(
    name: str, offered: list[str]
) -> None:
    assert [kind.name for kind in papers.kinds_for(ticket_type(name).papers)] == offered


def test_what_is_missing_is_not_held_against_a_form_that_is_not_filled_in_yet() -> None:
    attempt = ticket_attempt(**filing("new_user_license", documents=()))
    options = ticket_type("new_user_license").workflow.options("new", attempt)
    assert [o.reasons for o in options if o.step.trigger == "submit"] == [()]


def test_but_against_an_approval_at_once_so_that_staff_see_it_beforehand() -> None:
    attempt = ticket_attempt(**filed("new_user_license", documents=()))
    options = ticket_type("new_user_license").workflow.options("in_review", attempt)
    (approve,) = (o for o in options if o.step.trigger == "approve")
    assert [reason.sentence for reason in approve.reasons] == [
        SENTENCES[paper] for paper in NEEDED["new_user_license"]
    ]
