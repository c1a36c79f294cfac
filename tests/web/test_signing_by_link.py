"""A worksheet that is filled in on a page is signed by the others through mailed links."""

import io
from datetime import timedelta

import pypdf
import pytest
from flask import Flask

from helpdesk.extensions import db, now
from helpdesk.models.document import Document, documents_of
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import corrections, documents, signing, tickets
from helpdesk.services.corrections import OnFile
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from tests.support.reviews import sent_anew
from tests.web.conftest import Visit
from tests.web.signing_page import (
    ED,
    NAME,
    expired,
    for_newcomer,
    links_mailed,
    newcomer_filed,
    newest_link,
    renewal,
    sign,
)
from tests.web.test_documents import fetch
from tests.web.visitor import Visitor
from tests.web.worksheet_page import DONE, courses, opened, press
from workflows.papers import NEW_USER_WORKSHEET
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET


@pytest.fixture
def ann(cast: Cast) -> Person:
    return expired(cast)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def renewed(cast: Cast, ann: Person, dana: Visitor) -> Ticket:
    """Filed by her admin, who has signed; Ann is asked by email."""
    sent = renewal(dana, ann, cast.admin.name)
    assert "HD-" in sent.title, sent.words
    return only_ticket()


def only_ticket() -> Ticket:
    return db.session.query(Ticket).one()


def sheet_of(ticket: Ticket, paper: str = WORKSHEET) -> Document:
    (sheet,) = (each for each in documents_of(db.session(), ticket.id) if each.kind == paper)
    return sheet


def words_of(document: Document) -> str:
    with documents.store().open(document.sha256) as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        return " ".join(page.extract_text() for page in pages)


def triggers(ticket: Ticket) -> list[str]:
    return [event.trigger for event in history(db.session(), ticket.id)]


def address_of(person: Person) -> str:
    assert person.email is not None
    return person.email


def test_it_waits_for_who_has_still_to_sign(renewed: Ticket, ann: Person, dana: Visitor) -> None:
    assert renewed.state == "waiting"
    page = dana.get(f"/tickets/{renewed.id}")
    assert "Others have still to sign" in page.words
    assert ann.name in page.words
    assert list(links_mailed()) == [ann.email]
    assert "Asked by email." in words_of(sheet_of(renewed))


def test_who_opens_the_link_reads_everything_and_signs(
    renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    path = newest_link(address_of(ann))
    page = stranger.get(path)
    assert page.status == 200, page.words
    for words in ("User License Recertification Worksheet", ann.name, address_of(ann),
                  "Policy & Procedure", "I completed these courses myself"):  # fmt: skip
        assert words in page.words
    assert triggers(renewed) == ["submit_unsigned"]
    signed = sign(stranger, path, ann.name)
    assert "You have signed" in signed.words
    assert triggers(renewed) == ["submit_unsigned", "sign", "all_signed"]
    ticket = only_ticket()
    assert (ticket.state, ticket.due_at is None) == ("submitted", False)


def test_the_kept_worksheet_has_the_signature(
    renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    before = sheet_of(renewed).sha256
    sign(stranger, newest_link(address_of(ann)), ann.name)
    sheet = sheet_of(renewed)
    assert sheet.sha256 != before
    assert sheet.reading is not None
    assert sheet.reading.texts["user.signature"] == ann.name
    assert sheet.reading.texts["user.signed_on"] == today().isoformat()
    assert sheet.reading.values["user.signature"].box
    told = words_of(sheet)
    assert f"by a link mailed to {ann.email}" in told
    assert "Signed electronically, signed in as" in told


def test_staff_see_how_each_has_signed(
    renewed: Ticket, ann: Person, cast: Cast, stranger: Visitor, visit: Visit
) -> None:
    sign(stranger, newest_link(address_of(ann)), ann.name)
    page = visit(cast.sam).get(f"/tickets/{renewed.id}")
    assert f"by a link mailed to {ann.email}, the address on file" in page.words
    assert f"{ann.name} signed the worksheet" in page.words


def test_who_opens_the_link_can_keep_what_they_sign(
    renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    path = newest_link(address_of(ann))
    page = stranger.get(path)
    assert f'href="{path}/worksheet"' in page.text
    given = fetch(stranger, f"{path}/worksheet")
    assert (given.status_code, given.mimetype) == (200, "application/pdf")
    assert given.data[:5] == b"%PDF-"


@pytest.mark.parametrize("typed", ["", "Dana Price", "Ann"])
def test_nobody_signs_with_another_name(
    typed: str, renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    page = sign(stranger, newest_link(address_of(ann)), typed)
    assert page.title.startswith("Error: ")
    assert 'id="signature-error"' in page.text
    assert triggers(renewed) == ["submit_unsigned"]


def test_case_and_initials_do_not_matter(
    renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    name = f"{ann.first_name.upper()} Q. {ann.last_name.lower()}"
    assert "You have signed" in sign(stranger, newest_link(address_of(ann)), name).words
    sheet = sheet_of(renewed)
    assert sheet.reading is not None
    assert sheet.reading.texts["user.signature"] == name


def test_signing_twice_is_signing_once(renewed: Ticket, ann: Person, stranger: Visitor) -> None:
    path = newest_link(address_of(ann))
    page = stranger.get(path)
    form = page.form_with("signature")
    sign(stranger, path, ann.name)
    again = stranger.send(page, form, signature=ann.name)
    assert (again.status, "You have signed" in again.words) == (200, True)
    assert triggers(renewed).count("sign") == 1


def test_who_cannot_sign_says_why_and_the_request_waits(
    renewed: Ticket, ann: Person, stranger: Visitor, dana: Visitor
) -> None:
    path = newest_link(address_of(ann))
    told = stranger.fill(f"{path}/cannot", "reason", reason="The date of the second is wrong.")
    assert told.status == 410
    assert "You said that you can’t sign this" in told.words
    assert only_ticket().state == "waiting"
    assert triggers(renewed) == ["submit_unsigned", "decline_to_sign"]
    assert "The date of the second is wrong." in dana.get(f"/tickets/{renewed.id}").words
    assert stranger.get(path).status == 410


def test_asked_again_the_older_link_ends(
    renewed: Ticket, ann: Person, stranger: Visitor, dana: Visitor
) -> None:
    old = newest_link(address_of(ann))
    dana.fill(f"/tickets/{renewed.id}/ask_to_sign", "who", who="user")
    new = newest_link(address_of(ann))
    assert (stranger.get(old).status, stranger.get(new).status) == (410, 200)
    assert "You have signed" in sign(stranger, new, ann.name).words


def test_a_link_does_not_work_for_ever(
    app: Flask, monkeypatch: pytest.MonkeyPatch, renewed: Ticket, ann: Person, stranger: Visitor
) -> None:
    later = FakeClock(now() + timedelta(days=15))
    monkeypatch.setitem(app.extensions, "clock", later)
    page = stranger.get(newest_link(address_of(ann)))
    assert (page.status, "This link is too old" in page.words) == (410, True)


def test_of_a_request_that_has_ended_nothing_is_signed(
    renewed: Ticket, ann: Person, cast: Cast, stranger: Visitor
) -> None:
    tickets.act(renewed.id, "withdraw", cast.admin)
    page = stranger.get(newest_link(address_of(ann)))
    assert (page.status, "The request has ended" in page.words) == (410, True)
    assert triggers(renewed) == ["submit_unsigned", "withdraw"]


def test_a_corrected_address_ends_the_link_until_it_is_sent_anew(
    renewed: Ticket, ann: Person, cast: Cast, stranger: Visitor, dana: Visitor
) -> None:
    old = newest_link(address_of(ann))
    told = OnFile(ann.first_name, ann.last_name, "ann.new@harbor.example")
    with transaction() as session:
        corrections.amend(session, session.get_one(Person, ann.id), told, cast.sam)
    assert stranger.get(old).status == 410
    dana.fill(f"/tickets/{renewed.id}/ask_to_sign", "who", who="user")
    assert stranger.get(newest_link("ann.new@harbor.example")).status == 200


def test_who_could_not_sign_as_it_changed_each_time_is_told_to_try_again(
    renewed: Ticket, ann: Person, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "TRIES", 0)
    page = sign(stranger, newest_link(address_of(ann)), ann.name)
    assert (page.status, "You have not signed yet" in page.words) == (503, True)
    assert "try again" in page.words
    assert "You can close this page" not in page.words
    assert triggers(renewed) == ["submit_unsigned"]


def test_made_up_links_and_links_for_something_else_are_none(stranger: Visitor) -> None:
    for path in ("/sign/made-up", "/sign/made-up/cannot"):
        page = stranger.get(path)
        assert (page.status, "This link does not work" in page.words) == (410, True)


def test_a_newcomer_and_the_director_sign(
    cast: Cast, dana: Visitor, stranger: Visitor, visit: Visit
) -> None:
    sent = newcomer_filed(dana, cast.admin.name)
    assert "HD-" in sent.title, sent.words
    ticket = only_ticket()
    assert set(links_mailed()) == {"nils.acker@harbor.example", "ed@harbor.example"}
    page = stranger.get(newest_link("ed@harbor.example"))
    for words in ("Nils Acker", "Harbor House – Shelter", "Case Manager I", "Robin Ames",
                  "as the executive director", "has still to sign"):  # fmt: skip
        assert words in page.words
    sign(stranger, newest_link("ed@harbor.example"), "Ed Moss")
    assert only_ticket().state == "waiting"
    sign(stranger, newest_link("nils.acker@harbor.example"), "Nils Acker")
    assert only_ticket().state == "submitted"
    told = words_of(sheet_of(ticket, NEW_USER_WORKSHEET))
    assert "mailed to ed@harbor.example" in told
    assert "mailed to nils.acker@harbor.example" in told
    staff = visit(cast.sam).get(f"/tickets/{ticket.id}")
    assert "ed@harbor.example, as it was typed for this request" in staff.words


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"sheet-director.asked_name": "Ed"}, "director.asked_name", "first and last name"),
        ({"sheet-director.asked_email": ""}, "director.asked_email", "work email"),
        ({"sheet-director.asked_email": "ed@gmail.com"}, "director.asked_email", "personal"),
        ({"sheet-director.asked_email": "ed"}, "director.asked_email", "not an email address"),
        ({"sheet-director.asked_email": "NILS.acker@harbor.example"}, "director.asked_email",
         "is asked as the user already"),
        ({"sheet-director.how": ""}, "director.how", "Choose one of"),
    ],
)  # fmt: skip
def test_who_cannot_be_asked_is_said_at_the_input(
    typed: dict[str, str], field: str, sentence: str, cast: Cast, dana: Visitor
) -> None:
    page = for_newcomer(dana, cast.admin.name, **typed)
    assert page.title.startswith("Error: ")
    assert f'id="sheet-{field}-error"' in page.text
    assert sentence in page.words
    standing = page.form_with("key").values()
    expected = ED | typed
    assert {name: standing.get(name, "") for name in expected} == expected


def test_nobody_asks_themselves(cast: Cast, dana: Visitor) -> None:
    me = db.session.get_one(Person, cast.admin.person_id)
    page = for_newcomer(dana, cast.admin.name, **{"sheet-director.asked_email": address_of(me)})
    assert "That is you, or comes to you." in page.words
    page = for_newcomer(dana, cast.admin.name, **{"sheet-director.asked_name": cast.admin.name})
    assert "That is you, or comes to you." in page.words


def test_the_ticket_tells_who_has_signed_and_who_is_asked(
    cast: Cast, dana: Visitor, stranger: Visitor, visit: Visit
) -> None:
    newcomer_filed(dana, cast.admin.name)
    sign(stranger, newest_link("ed@harbor.example"), "Ed Moss")
    for visitor in (dana, visit(cast.sam)):
        page = visitor.get(f"/tickets/{only_ticket().id}")
        assert "Executive director: Ed Moss signed, Today" in page.words
        assert "User: Nils Acker is asked to sign, since Today" in page.words
        assert f'href="/tickets/{only_ticket().id}/ask_to_sign?who=user"' in page.text
        assert "ask_to_sign?who=director" not in page.text


def test_who_was_mailed_ten_links_is_mailed_no_more(
    renewed: Ticket, ann: Person, dana: Visitor
) -> None:
    for _ in range(9):
        dana.fill(f"/tickets/{renewed.id}/ask_to_sign", "who", who="user")
    page = dana.fill(f"/tickets/{renewed.id}/ask_to_sign", "who", who="user")
    assert "10 links were mailed for this signature" in page.words
    assert len(links_mailed()[address_of(ann)]) == 10


def test_nobody_of_another_agency_asks_again(renewed: Ticket, visit: Visit) -> None:
    other = visit(factories.admin(factories.agency()))
    assert other.get(f"/tickets/{renewed.id}/ask_to_sign").status == 404


def test_a_signature_on_a_worksheet_that_was_replaced_is_said_to_be_on_that(
    renewed: Ticket, ann: Person, dana: Visitor, stranger: Visitor, visit: Visit, cast: Cast
) -> None:
    sign(stranger, newest_link(address_of(ann)), ann.name)
    before = dana.get(f"/tickets/{renewed.id}").words
    sent_anew(sheet_of(renewed).id)
    for visitor in (dana, visit(cast.sam)):
        page = visitor.get(f"/tickets/{renewed.id}").words
        assert page.count("Replaced: a newer one has come instead.") == 1
        assert "That was on an earlier worksheet." in page
    assert "earlier worksheet" not in before
    assert "Replaced:" not in before


def test_on_the_form_it_is_told_who_is_asked_once_it_is_sent(
    cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    form = press(dana, page, DONE, **{**courses(page), NAME: cast.admin.name})
    assert f"{ann.name} is asked by email to sign, once you send this." in form.words
    assert "the link went to" not in form.words
    assert "HAND looks at" not in form.words
    assert "HAND checks the request after all have signed." in form.words
    assert "You will hear by" not in form.words
