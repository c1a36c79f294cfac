"""Staff's checklists on their pages: found, confirmed, gone on with by another, ended."""

from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.checklist import Checklist
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer, Form
from tests.web.visitor import Visitor
from workflows import common

Waiting = tuple[Ticket, Checklist]


@pytest.fixture
def waiting(app: Flask, cast: factories.Cast) -> Waiting:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY="manual")
    return factories.handed_over(cast)


def state_of(ticket: Ticket) -> str:
    return db.session.get_one(Ticket, ticket.id, populate_existing=True).state


def confirming(page: Answer) -> Form:
    return page.form_with("step")


def carry_out(visitor: Visitor, row: Checklist, steps: int) -> Answer:
    page = visitor.get(f"/checklists/{row.id}")
    for _ in range(steps):
        page = visitor.send(page, confirming(page))
    return page


def test_staff_find_it_in_the_navigation_in_the_list_and_on_the_ticket(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    sam = visit(cast.sam)
    assert "To carry out 1" in sam.get("/").words
    listed = sam.get("/checklists")
    assert "0 of 4 steps done" in listed.words
    page = sam.get(f"/tickets/{ticket.id}")
    assert "Waiting for staff to carry it out in Community Services: 0 of 4 steps" in page.words
    for place in (listed, page):
        assert f'href="/checklists/{row.id}"' in place.text
    assert "Waits for staff to carry it out" in page.words


def test_where_accounts_are_the_desks_own_nothing_is_carried_out_by_hand(
    cast: factories.Cast, visit: Visit
) -> None:
    assert "To carry out" not in visit(cast.sam).get("/").words


def test_one_begins_and_another_completes(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    carry_out(visit(cast.sam), row, 2)
    joan = visit(cast.joan)
    assert f"2 of 4 steps done, the last one by {cast.sam.name}" in joan.get("/checklists").words
    page = carry_out(joan, row, 2)
    assert state_of(ticket) == common.COMPLETED
    assert "That was the last step" in page.words
    assert f"Carried out in Community Services by {cast.joan.name}." in page.words
    assert "Who carried it out, step by step" in page.words
    ended = joan.get(f"/checklists/{row.id}")
    assert "All of it is done" in ended.words
    assert cast.sam.name in ended.words
    assert [form for form in ended.forms if "step" in form.fields] == []


def test_a_step_sent_twice_from_one_page_is_done_once(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    _ticket, row = waiting
    sam = visit(cast.sam)
    page = sam.get(f"/checklists/{row.id}")
    first, second = (sam.send(page, confirming(page)) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert "1 of 4 steps done" in second.words


def test_whoever_is_slower_is_told_who_did_the_step(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    _ticket, row = waiting
    sam, joan = visit(cast.sam), visit(cast.joan)
    old = joan.get(f"/checklists/{row.id}")
    carry_out(sam, row, 1)
    late = joan.send(old, confirming(old))
    assert late.status == 409
    assert "A colleague was faster" in late.words
    assert cast.sam.name in late.words
    assert "1 of 4 steps done" in late.words


def test_what_cannot_be_done_goes_back_to_the_request_with_the_reason(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    sam = visit(cast.sam)
    path = f"/checklists/{row.id}/could-not"
    empty = sam.fill(path, "reason", reason=" ")
    assert "Say what stands in the way" in empty.words
    assert state_of(ticket) == common.BEING_SET_UP
    page = sam.fill(path, "reason", reason="There is no such user.")
    assert "Needs attention" in page.words
    assert f"{cast.sam.name} could not do it: There is no such user." in page.words
    assert "Nothing waits for anybody’s hands." in sam.get("/checklists").words
    assert "There is no such user." in sam.get("/effects").words


def test_what_was_written_too_late_is_kept_to_be_copied(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    sam, joan = visit(cast.sam), visit(cast.joan)
    form = joan.get(f"/checklists/{row.id}/could-not")
    carry_out(sam, row, 4)
    late = joan.send(form, form.form_with("reason"), reason="The page hung.")
    assert (late.status, state_of(ticket)) == (409, common.COMPLETED)
    assert late.areas == ["The page hung."]


def test_nobody_is_offered_what_is_about_themselves(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    with_role = replace(cast.sam, person_id=ticket.person_id)
    factories.grant(db.session.get_one(Person, ticket.person_id), Role.STAFF)
    page = visit(with_role).get(f"/checklists/{row.id}")
    assert "This is about your own account" in page.words
    assert [form for form in page.forms if "step" in form.fields] == []


def test_the_agency_learns_that_it_is_being_changed_and_nothing_of_the_checklist(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, _row = waiting
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{ticket.id}")
    assert "The account is being changed. You will hear by" in page.words
    assert "carry" not in page.words
    news = dana.client.get(f"/tickets/{ticket.id}?watch=1").get_json()
    assert f'data-version="{news["version"]}"' in page.text


def test_the_agency_can_write_while_it_waits(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, _row = waiting
    page = visit(cast.admin).fill(f"/tickets/{ticket.id}", "message", message="She starts at 7.")
    assert page.status == 200
    assert "She starts at 7." in page.words


def test_once_completed_the_agency_is_told_where_the_password_comes_from(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    ticket, row = waiting
    carry_out(visit(cast.sam), row, 4)
    page = visit(cast.admin).get(f"/tickets/{ticket.id}")
    assert "Community Services sends a temporary password there" in page.words


def test_more_than_a_page_of_them_are_all_reachable(
    waiting: Waiting, cast: factories.Cast, visit: Visit
) -> None:
    for _ in range(52):
        factories.handed_over(cast)
    sam = visit(cast.sam)
    first = sam.get("/checklists")
    more = next(part for part in first.text.split('"') if part.startswith("/checklists?after="))
    links = {part for page in (first, sam.get(more)) for part in page.text.split('"')
             if part.startswith("/checklists/")}  # fmt: skip
    assert len({link for link in links if link.rpartition("/")[2].isdigit()}) == 53
