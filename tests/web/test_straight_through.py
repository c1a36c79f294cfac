"""The manager's pages of rules for straight-through approval, and a ticket that was a sample."""

from dataclasses import replace

import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.straight import rule_history
from helpdesk.services.straight import decide
from tests import factories
from tests.factories import Cast
from tests.helpdesk.straight import ON, by_link, judged, switch
from tests.web.conftest import Visit
from tests.web.visitor import Visitor
from workflows.guards import NEW_PASSWORD

RULE = f"/manage/straight-through/{NEW_PASSWORD}"
SAMPLE = "This was a sample"


@pytest.fixture
def manager(cast: Cast) -> Actor:
    return factories.staff("morgan.hale", manager=True)


@pytest.fixture
def morgan(manager: Actor, visit: Visit) -> Visitor:
    return visit(manager)


def test_it_is_off_at_first_and_the_page_says_what_it_would_ask_for(morgan: Visitor) -> None:
    assert "Request New Password Off 0 0 0" in morgan.get("/manage/straight-through").words
    page = morgan.get(RULE)
    assert "Off: people approve." in page.words
    assert "The licensee filed it through a link mailed to the address on file." in page.words
    assert "The address on file has not changed lately." in page.words


def test_a_manager_switches_it_on_and_off_with_a_reason(morgan: Visitor) -> None:
    saved = morgan.fill(RULE, active="on", least="1", reason="Fifty went well.")
    assert "The rule for Request New Password is on and saved." in saved.words
    page = morgan.get(RULE)
    assert "On, and tried out: people have judged 0 of 1 samples." in page.words
    assert "Fifty went well." in page.words
    assert "On; samples 20 %; at most 5 % faults in the latest 30; tried out on 1" in page.words
    morgan.fill(RULE, active="off", reason="For the holidays.")
    assert [row.active for row in rule_history(db.session(), NEW_PASSWORD)] == [False, True]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Say why; it is kept in the history."),
        ({"share": "0"}, "It must be between 1 and 100."),
        ({"share": "101"}, "It must be between 1 and 100."),
        ({"fault_limit": "51"}, "It must be between 0 and 50."),
        ({"latest": "4"}, "It must be between 5 and 500."),
        ({"least": "0"}, "It must be between 1 and 500."),
        ({"least": ""}, "Type a number."),
        ({"least": "a few"}, "Write a whole number"),
        ({"least": "31"}, "Only the latest 30 count"),
        ({"active": "perhaps"}, "Choose one of those that are offered."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_kept(
    morgan: Visitor, typed: dict[str, str], said: str
) -> None:
    page = morgan.fill(RULE, **{"active": "on", "reason": "Kept as typed.", **typed})
    assert said in page.words
    assert page.title.startswith("Error")
    assert "reason" in typed or "Kept as typed." in page.text
    assert rule_history(db.session(), NEW_PASSWORD) == []


def test_of_two_managers_the_later_sees_what_holds_and_keeps_what_they_typed(
    morgan: Visitor, manager: Actor
) -> None:
    page = morgan.get(RULE)
    switch(by=manager)
    form = page.form_with("share")
    late = morgan.send(page, form, active="off", share="40", reason="I was first, I thought.")
    assert late.status == 409
    assert "The rule was changed while you had this page open." in late.words
    assert "I was first, I thought." in late.text
    assert "On: the desk approves by it." in late.words
    again = morgan.send(late, late.form_with("share"))
    assert again.status == 200
    assert rule_history(db.session(), NEW_PASSWORD)[0].share == 40


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "²"])
def test_a_version_that_is_none_counts_as_a_page_that_is_too_old(
    morgan: Visitor, seen: str
) -> None:
    late = morgan.fill(RULE, active="on", reason="Why not.", seen=seen)
    assert late.status == 409
    assert rule_history(db.session(), NEW_PASSWORD) == []


def test_a_rule_that_would_stop_at_once_is_not_switched_on(cast: Cast, morgan: Visitor) -> None:
    judged(cast, "reject")
    page = morgan.fill(RULE, active="on", least="1", reason="Let us try.")
    assert page.status == 409
    assert "It would stop at once: people found a fault in 1 of the latest 1 samples" in page.words


def test_a_rule_that_stopped_is_told_on_a_managers_home_and_on_the_page(
    cast: Cast, morgan: Visitor, manager: Actor
) -> None:
    switch(ON, by=manager)
    row = by_link(cast)
    switch(replace(ON, share=100), by=manager)
    decide.decide(row.id)
    factories.step(row, "take", cast)
    factories.step(row, "reject", cast)
    decide.watch()
    home = morgan.get("/")
    assert "the desk has stopped approving any by itself" in home.words
    assert "Stopped by itself" in morgan.get("/manage/straight-through").words
    assert "It stopped by itself: people found a fault in 1 of the latest 1" in (
        morgan.get(RULE).words
    )


def test_staff_learn_that_it_was_a_sample_once_they_have_judged_it(
    cast: Cast, visit: Visit
) -> None:
    row = by_link(cast)
    decide.run()
    sam = visit(cast.sam)
    assert SAMPLE not in sam.get(f"/tickets/{row.id}").words
    factories.step(row, "take", cast)
    assert SAMPLE not in sam.get(f"/tickets/{row.id}").words
    factories.step(row, "approve", cast)
    assert SAMPLE in sam.get(f"/tickets/{row.id}").words


def test_nobody_is_told_of_samples_where_it_was_none(cast: Cast, visit: Visit) -> None:
    row = by_link(cast, fields={"note": "Please call me."})
    decide.run()
    factories.step(row, "take", cast)
    factories.step(row, "approve", cast)
    assert SAMPLE not in visit(cast.sam).get(f"/tickets/{row.id}").words


def test_both_pages_of_a_ticket_say_that_a_rule_approved_it_and_why(
    cast: Cast, manager: Actor, visit: Visit
) -> None:
    switch(by=manager)
    row = by_link(cast)
    decide.run()
    for reader in (cast.sam, cast.admin):
        page = visit(reader).get(f"/tickets/{row.id}")
        assert "The help desk approved the request by rule" in page.words
        assert "Version 1 of the rule. The licensee filed it through a link mailed" in page.words
