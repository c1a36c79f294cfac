"""Two steps that staff must have: they are led to set them up, and get no further before."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.effect import Effect
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from tests import factories
from tests.factories import PASSWORD
from tests.second_steps import factors, give_app, give_codes
from tests.web.conftest import Visit
from tests.web.test_account_security import set_up
from workflows.common import IN_REVIEW

SECURITY = "/account/security"


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, SECOND_FACTOR_REQUIRED="staff")
    yield
    app.extensions["settings"] = before


@pytest.fixture
def manager(cast: factories.Cast) -> Actor:
    return factories.staff("morgan.hale", manager=True, password=PASSWORD)


def test_by_default_nobody_must(cast: factories.Cast, visit: Visit) -> None:
    assert visit(cast.sam).get("/queue").path == "/queue"


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("path", ["/", "/queue", "/requests/new", "/workflows", "/tickets/999999"])
def test_staff_without_are_led_to_set_it_up_wherever_they_go(
    path: str, cast: factories.Cast, visit: Visit
) -> None:
    page = visit(cast.sam).get(path)
    assert page.path == SECURITY
    assert "Set one up below" in page.words
    assert "Queue" not in page.words


@pytest.mark.usefixtures("required")
def test_a_manager_is_staff_and_an_agency_admin_is_not(
    manager: Actor, cast: factories.Cast, visit: Visit
) -> None:
    assert visit(manager).get("/manage/settings").path == SECURITY
    assert visit(cast.admin).get("/").path == "/"


@pytest.mark.usefixtures("required")
def test_once_it_is_set_up_they_go_on(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    assert "Recovery codes" in set_up(sam).words
    assert sam.get("/queue").path == "/queue"


@pytest.mark.usefixtures("required")
def test_what_they_had_typed_is_kept(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam = visit(cast.sam)
    token = sam.get(f"{SECURITY}/app").form_with("code").fields["csrf_token"].value
    sent = {"version": str(ticket.version), "message": "A long\nmessage.", "csrf_token": token}
    refused = sam.post(f"/tickets/{ticket.id}/ask_for_more", sent)
    assert refused.status == 403
    assert "sign in in two steps" in refused.words
    form = refused.form_with("message")
    assert form.fields["message"].value == "A long\nmessage."
    set_up(sam)
    assert "You asked for more" in sam.send(refused, form).words


@pytest.mark.usefixtures("required")
def test_whoever_gets_the_role_owes_it_at_the_next_click(
    cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    assert dana.get("/").path == "/"
    factories.grant(db.session.get_one(Person, cast.admin.person_id), Role.STAFF)
    assert dana.get("/").path == SECURITY


@pytest.mark.usefixtures("required")
def test_they_can_sign_out_all_the_same(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    page = sam.get(SECURITY)
    out = next(form for form in page.forms if form.action == "/sign-out")
    assert "You are signed out" in sam.send(page, out).words


@pytest.mark.usefixtures("required")
def test_the_last_one_of_staff_stays_and_one_of_two_goes(
    cast: factories.Cast, visit: Visit
) -> None:
    me = cast.sam.person_id or 0
    give_app(me, "Phone")
    give_app(me, "Tablet")
    phone, tablet = (f"{SECURITY}/{each.id}/remove" for each in factors(me))
    sam = visit(cast.sam)
    sam.confirm(sam.get(phone))
    refused = sam.confirm(sam.get(tablet))
    assert refused.status == 409
    assert "Add another one first" in refused.words
    assert [each.name for each in factors(me)] == ["Tablet"]


def test_a_manager_resets_what_somebody_lost_and_says_why(
    manager: Actor, cast: factories.Cast, visit: Visit
) -> None:
    who = cast.admin.person_id or 0
    give_app(who)
    give_codes(who)
    dana, morgan = visit(cast.admin), visit(manager)
    path = f"/manage/people/{who}/second-step"
    assert "Say why" in morgan.fill(path, reason=" ").words
    page = morgan.get(path)
    assert "the authenticator app “My phone”" in page.words
    assert "10 recovery codes" in page.words
    assert "has no second step any more" in morgan.fill(path, reason="Phone <lost>.").words
    assert factors(who) == []
    assert dana.get("/").path.startswith("/sign-in")
    assert morgan.get(path).status == 404
    (letter,) = letters("factors_reset")
    assert (letter["reason_text"], letter["actor_name"]) == ("Phone <lost>.", manager.name)


def letters(name: str) -> list[dict[str, str]]:
    rows = db.session.query(Effect).all()
    return [row.payload["says"] for row in rows if row.payload["folders"] == [f"account/{name}"]]


def test_nobody_resets_their_own(manager: Actor, visit: Visit) -> None:
    give_app(manager.person_id or 0)
    morgan = visit(manager)
    refused = morgan.fill(f"/manage/people/{manager.person_id}/second-step", reason="Mine.")
    assert refused.status == 409
    assert "Ask another manager" in refused.words
    assert len(factors(manager.person_id or 0)) == 1
    page = morgan.get(f"/manage/people/{manager.person_id}")
    assert "Reset it" not in page.words
