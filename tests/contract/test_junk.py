"""What a form does not ask for has no effect, however it is posted."""

import secrets

import pytest

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.event import Event, history
from helpdesk.models.role import Grant
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.transaction import transaction
from tests import factories
from tests.contract.house import House, csrf_token
from tests.factories import PASSWORD
from workflows.engine import Refused

JUNK = {
    "id": "4711",
    "state": "completed",
    "role": "manager",
    "filer_id": "1",
    "entered_by_id": "1",
    "person_id": "1",
    "identity": "link",
    "identity_checked": "y",
    "needs_attention": "1",
    "open": "",
    "workflow_version": "99",
    "due_at": "2020-01-01",
    "channel": "worker",
    "type": "new_user_license",
    "fields": '{"identity": "link"}',
}


def test_filing_a_request_takes_nothing_but_the_answers_asked_for(house: House) -> None:
    about = house.licensee()
    client = house.client("admin")
    form = {"key": secrets.token_urlsafe(24), "happened": "locked", "note": "", "vouched": "y"}
    junk = JUNK | {"agency_id": str(house.other_agency_id), "caller": str(house.ids["manager"]),
                   "assignee_id": str(house.ids["manager"]), "version": "7"}  # fmt: skip
    answer = client.post(
        f"/requests/new/request_new_password?person={about.id}",
        data=junk | form | {"csrf_token": csrf_token(client)},
    )
    assert answer.status_code == 302
    with house.app.app_context():
        ticket = db.session.query(Ticket).one()
        assert (ticket.state, ticket.version, ticket.open) == ("submitted", 1, True)
        assert (ticket.type, ticket.workflow_version) == ("request_new_password", 1)
        assert (ticket.person_id, ticket.agency_id) == (about.id, house.agency_id)
        assert (ticket.filer_id, ticket.entered_by_id) == (house.ids["admin"], None)
        assert (ticket.assignee_id, ticket.needs_attention) == (None, False)
        assert (ticket.channel, ticket.due_at is not None) == ("web", True)
        assert ticket.fields == {"happened": "locked", "note": "", "identity": "agency"}


def test_a_licensee_cannot_file_for_somebody_else_by_posting_who(house: House) -> None:
    other = house.licensee()
    client = house.client("by link")
    mine = house.ids["by link"]
    form = {"key": secrets.token_urlsafe(24), "happened": "locked", "note": "",
            "person": str(other.id), "person_id": str(other.id)}  # fmt: skip
    answer = client.post(
        f"/requests/new/request_new_password?person={mine}",
        data=form | {"csrf_token": csrf_token(client)},
    )
    assert answer.status_code == 302
    with house.app.app_context():
        assert db.session.query(Ticket).one().person_id == mine


def test_a_step_takes_nothing_but_what_its_form_asks_for(house: House) -> None:
    ticket = house.ticket()
    client = house.client("staff")
    junk = JUNK | {"agency_id": str(house.other_agency_id), "assignee": str(house.ids["manager"]),
                   "assignee_id": str(house.ids["manager"]), "message": "Hello."}  # fmt: skip
    data = junk | {"version": "1", "csrf_token": csrf_token(client)}
    assert client.post(f"/tickets/{ticket.id}/take", data=data).status_code == 302
    with house.app.app_context():
        moved = db.session.get_one(Ticket, ticket.id)
        assert (moved.state, moved.version) == ("in_review", 2)
        assert (moved.agency_id, moved.assignee_id) == (house.agency_id, house.ids["staff"])
        assert moved.fields == ticket.fields
        last = history(db.session(), ticket.id)[-1]
        assert (last.trigger, last.actor_id, last.data) == ("take", house.ids["staff"], {})


def test_an_approval_is_not_spared_its_check_by_fields_that_were_posted(house: House) -> None:
    ticket = house.ticket(state="in_review")
    client = house.client("staff")
    data = JUNK | {"version": "2", "csrf_token": csrf_token(client)}
    del data["identity_checked"]
    assert client.post(f"/tickets/{ticket.id}/approve", data=data).status_code in {200, 409}
    with house.app.app_context():
        assert db.session.get_one(Ticket, ticket.id).state == "in_review"


def test_a_ticket_is_not_handed_to_somebody_who_is_not_of_hand(house: House) -> None:
    ticket = house.ticket(state="in_review")
    client = house.client("staff")
    data = {"version": "2", "assignee": str(house.ids["admin"]), "csrf_token": csrf_token(client)}
    assert client.post(f"/tickets/{ticket.id}/hand_over", data=data).status_code in {200, 409}
    with house.app.app_context():
        assert db.session.get_one(Ticket, ticket.id).assignee_id != house.ids["admin"]


def test_not_even_past_the_form_is_a_ticket_handed_to_somebody_who_cannot_take_it(
    house: House,
) -> None:
    ticket = house.ticket(state="in_review")
    with house.app.app_context():
        gone = factories.staff()
        with transaction() as session:
            session.query(Account).filter_by(person_id=gone.person_id).one().disabled = True
        for nobody in (house.ids["admin"], house.ids["licensee"], gone.person_id, 999_999, "1"):
            with pytest.raises(Refused, match="Only HAND staff"):
                tickets.act(ticket.id, "hand_over", house.cast.sam, {"assignee": nobody})
        taker = house.ids["manager"]
        tickets.act(ticket.id, "hand_over", house.cast.sam, {"assignee": taker})
        assert db.session.get_one(Ticket, ticket.id).assignee_id == taker


def test_no_page_gives_anybody_a_role(house: House) -> None:
    client = house.client("licensee")
    with house.app.app_context():
        before = db.session.query(Grant).count()
    token = csrf_token(client)
    for path in ("/sign-in", "/cant-log-in", "/sign-out"):
        data = JUNK | {"username": "x", "password": PASSWORD, "agency_id": "1", "csrf_token": token}
        client.post(path, data=data)
        client.get(path, query_string=JUNK)
    with house.app.app_context():
        assert db.session.query(Grant).count() == before


def test_a_version_from_the_future_or_the_past_is_a_conflict(house: House) -> None:
    ticket = house.ticket()
    client = house.client("staff")
    token = csrf_token(client)
    for version in ("0", "2", "999999999"):
        data = {"version": version, "csrf_token": token}
        assert client.post(f"/tickets/{ticket.id}/take", data=data).status_code == 409
    for version in ("", "-1", "x", "9" * 30):
        data = {"version": version, "csrf_token": token}
        assert client.post(f"/tickets/{ticket.id}/take", data=data).status_code == 200
    with house.app.app_context():
        assert db.session.query(Event).filter_by(ticket_id=ticket.id).count() == 1


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(house: House) -> None:
    client = house.client("staff")
    assert client.get("/queue").status_code == 200
    with house.app.app_context(), db.engine.connect() as link:
        link.execute(Grant.__table__.delete())  # type: ignore[attr-defined]
        link.commit()
    assert client.get("/queue").status_code == 302
