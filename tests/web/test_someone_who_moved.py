"""Somebody moved while their request was open: their new agency learns nothing of that one."""

from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows.guards import NEW_PASSWORD, NEW_USER
from workflows.license import DELETED


def move(ticket: Ticket, to: Cast) -> None:
    with transaction():
        row = license_of(db.session(), ticket.person_id)
        assert row is not None
        row.agency_id = to.agency.id


def give_to(ticket: Ticket, to: Cast) -> None:
    with transaction():
        db.session.get_one(Ticket, ticket.id).agency_id = to.agency.id


def moved(cast: Cast) -> tuple[Cast, Ticket]:
    """The agency they came to, and the ticket that their old one filed."""
    ticket, new = factories.ticket(by=cast), factories.cast()
    move(ticket, new)
    return new, ticket


def test_neither_my_people_nor_home_names_it(cast: Cast, visit: Visit) -> None:
    new, ticket = moved(cast)
    lena = visit(new.admin)
    for path in ("/people", "/"):
        page = lena.get(path)
        assert page.status == 200
        assert ticket.number not in page.words
        assert f"/tickets/{ticket.id}" not in page.text


def test_filing_the_same_says_only_that_hand_is_on_it(cast: Cast, visit: Visit) -> None:
    new, ticket = moved(cast)
    page = visit(new.admin).get(f"/requests/new/{NEW_PASSWORD}?person={ticket.person_id}")
    assert page.status == 200
    assert "HAND is already working on a request “Request New Password”" in page.words
    assert "ask HAND" in page.words
    assert ticket.number not in page.text
    assert cast.admin.name not in page.text
    assert f"/tickets/{ticket.id}" not in page.text


def test_nor_does_a_form_that_was_open_before_learn_more(cast: Cast, visit: Visit) -> None:
    new, ticket = moved(cast)
    path = f"/requests/new/{NEW_PASSWORD}?person={ticket.person_id}"
    lena = visit(new.admin)
    factories.step(ticket, "withdraw", cast)
    page = lena.get(path)
    move(ticket, cast)
    ticket = factories.ticket(by=cast, about=db.session.get_one(Person, ticket.person_id))
    move(ticket, new)
    sent = lena.send(page, page.form_with("happened"), happened="other", vouched="y")
    assert sent.status == 409
    assert "HAND is already working on a request" in sent.words
    assert ticket.number not in sent.text
    assert "different" not in sent.words


def test_a_form_that_is_sent_once_more_is_an_ordinary_receipt(cast: Cast, visit: Visit) -> None:
    """Whether the person is out of sight, or only the ticket."""
    maria, new = factories.licensee(of=cast.agency), factories.cast()
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{NEW_PASSWORD}?person={maria.id}")
    form = page.form_with("happened")
    typed = {"happened": "other", "vouched": "y"}
    number = dana.send(page, form, **typed).title.split()[0]
    (ticket,) = db.session.scalars(select(Ticket))
    give_to(ticket, new)
    for about in (cast, new):
        move(ticket, about)
        again = dana.send(page, form, **typed)
        assert (again.status, again.path) == (200, page.path)
        assert f"HAND has your request Its number is {number}." in again.words
        assert maria.name not in again.text
        assert new.agency.name not in again.text
        assert f"/tickets/{ticket.id}" not in again.text
    other = dana.send(page, form, **typed | {"key": "a-form-nobody-has-sent"})
    assert other.status == 404


def test_and_if_it_says_something_else_it_is_told_what_to_do(cast: Cast, visit: Visit) -> None:
    maria = factories.licensee(of=cast.agency)
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{NEW_PASSWORD}?person={maria.id}")
    form = page.form_with("happened")
    dana.send(page, form, happened="other", vouched="y")
    (ticket,) = db.session.scalars(select(Ticket))
    give_to(ticket, factories.cast())
    again = dana.send(page, form, happened="locked", vouched="y")
    assert again.status == 409
    assert "to change something, tell HAND this number." in again.words


def test_hand_is_led_to_the_request_all_the_same(cast: Cast, visit: Visit) -> None:
    _new, ticket = moved(cast)
    page = visit(cast.sam).get(f"/requests/new/{NEW_PASSWORD}?person={ticket.person_id}")
    assert f"Open request {ticket.number}" in page.words


def test_a_license_that_another_agency_asks_for_is_not_told_of_at_the_old_one(
    cast: Cast, visit: Visit
) -> None:
    before = factories.cast()
    ann = factories.licensee(DELETED, of=before.agency)
    sent = factories.request(ann, cast.admin, type=NEW_USER, agency_id=cast.agency.id)
    ticket = tickets.open_ticket(sent, cast.admin)
    assert ticket.agency_id == cast.agency.id
    for path in ("/", "/people"):
        assert ann.last_name not in visit(before.admin).get(path).words
