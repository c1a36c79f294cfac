"""Reporting a departure or a leave: errors at the field, what happens in words, the way back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services.facts import today
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows import license as life
from workflows.common import IN_REVIEW
from workflows.dates import in_words
from workflows.guards import REACTIVATE

A_WEEK = timedelta(days=7)


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    return row


def test_a_departure_is_reported_from_the_list_and_told_in_words(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    dana = visit(cast.admin)
    assert f'href="/people/{ann.id}/departure"' in dana.get("/people").text
    page = dana.fill(f"/people/{ann.id}/departure", "on", on=today().isoformat())
    assert f"HAND knows that {ann.name} leaves. The license is deactivated." in page.words
    assert f"Left the agency {in_words(today())}" in page.words
    assert row_of(ann).state == life.INACTIVE
    assert f"/people/{ann.id}/departure" not in page.text
    again = dana.get(f"/people/{ann.id}/departure")
    assert "That they have left is on file already." in again.words
    assert "Has left" in dana.get("/people").words


def test_a_day_to_come_is_shown_and_taken_back(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    dana, last = visit(cast.admin), today() + A_WEEK
    page = dana.fill(f"/people/{ann.id}/departure", "on", on=last.isoformat())
    assert f"The license is deactivated after {in_words(last)}." in page.words
    assert f"Last day: {in_words(last)}." in page.words
    assert f"Leaves after {last:%b} {last.day}" in dana.get("/people").words
    back = dana.send(page, next(f for f in page.forms if f.action.endswith("/take-back")))
    assert f"{ann.name} stays" in back.words
    assert "Last day" not in back.words
    assert row_of(ann).departs_on is None


def test_a_leave_with_a_day_of_return_fills_in_the_request_that_ends_it(
    cast: Cast, visit: Visit
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    dana, back = visit(cast.admin), today() + A_WEEK
    page = dana.fill(f"/people/{ann.id}/leave", "on", "back_on",
                     on=today().isoformat(), back_on=back.isoformat())  # fmt: skip
    assert f"{ann.name}’s license is inactive from now on." in page.words
    assert f"Back from leave {in_words(back)}" in page.words
    assert f"On leave, back {back:%b} {back.day}" in dana.get("/people").words
    form = dana.get(f"/requests/new/{REACTIVATE}?person={ann.id}").form_with("reason")
    assert form.fields["reason"].value == "leave"
    assert form.fields["returned_on"].value == back.isoformat()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"on": ""}, "Type the first day."),
        ({"on": "soon"}, "This is no date."),
        ({"on": "2036-01-01"}, "That is more than a year away."),
        ({"back_on": "2020-01-01"}, "The day of return comes after the first day away."),
        ({"on": "2026-06-01", "back_on": "2026-06-02"}, "That day has passed."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    typed: dict[str, str], error: str, cast: Cast, visit: Visit
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    page = visit(cast.admin).fill(f"/people/{ann.id}/leave", "on", "back_on",
                                  message="As agreed.", **typed)  # fmt: skip
    assert page.status == 200
    assert error in page.words
    assert page.title.startswith("Error: ")
    assert page.areas == ["As agreed."]
    assert row_of(ann).state == life.ACTIVE


def test_an_admin_is_warned_before_the_last_one_leaves(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    path = f"/people/{ann.id}/departure"
    assert "admin of" not in visit(cast.admin).get(path).words
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    assert "That role ends, too." in visit(cast.admin).get(path).words
    alone = factories.agency()
    bea = factories.licensee(life.ACTIVE, of=alone)
    factories.grant(bea, Role.AGENCY_ADMIN, alone.id)
    page = visit(cast.sam).get(f"/people/{bea.id}/departure")
    assert f"is the last admin of {alone.name} who can sign in" in page.words


def test_an_admin_who_leaves_is_signed_out_at_once(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    herself = visit(factories.as_licensee(ann))
    page = herself.fill(f"/people/{ann.id}/departure", "on", on=today().isoformat())
    assert page.path.startswith("/sign-in")
    assert "License" not in herself.get("/people").words


def test_the_form_names_the_requests_that_stay_open(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    page = visit(cast.admin).get(f"/people/{ticket.person_id}/departure")
    assert ticket.number in page.words


def test_a_persons_page_has_the_history_for_hand_alone(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.LOCKED, of=cast.agency)
    assert "History" not in visit(cast.admin).get(f"/people/{ann.id}").words
    page = visit(cast.sam).get(f"/people/{ann.id}")
    assert "History HAND only The help desk locked the license Locked" in page.words


def test_what_is_not_known_is_called_unknown_on_the_page_too(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    words = visit(cast.admin).get(f"/people/{ann.id}").words
    assert "Expires unknown Last log-in unknown" in words


@pytest.mark.parametrize(("days", "words"), [(7, "8 days later"), (0, "The day after")])
def test_the_form_of_a_departure_says_when_hand_is_asked_about_deleting(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    eased = replace(app.extensions["settings"], DELETION_WARNING_DAYS=days)
    monkeypatch.setitem(app.extensions, "settings", eased)
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    page = visit(cast.admin).get(f"/people/{ann.id}/departure")
    assert f"{words}, HAND is asked whether to delete the license." in page.words
