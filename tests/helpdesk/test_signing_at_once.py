"""Somebody signs a worksheet by a mailed link while others change it: each change stays."""

import io
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from helpdesk.documents.store import Stored
from helpdesk.extensions import db
from helpdesk.models.document import held_for_change
from helpdesk.models.reading import Reading, Value
from helpdesk.models.ticket import Ticket
from helpdesk.services import corrections, drafts, signing, tickets
from helpdesk.services.corrections import OnFile
from helpdesk.services.drafts import Upload
from helpdesk.services.signing import CannotSign, Paper, Why
from helpdesk.transaction import release, transaction
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.support.papers import pdf
from tests.support.signatures import renewal, tokens, worksheet_of
from workflows.papers import OTHER

pytestmark = pytest.mark.usefixtures("clock")

TO_GET_THERE = 0.3
"""Seconds; whoever is kept waiting by the other doesn't get there."""


@pytest.fixture
def unsigned(cast: Cast) -> Ticket:
    return renewal(cast)


def meet(barrier: threading.Barrier) -> None:
    with suppress(threading.BrokenBarrierError):
        barrier.wait(TO_GET_THERE)


def texts_of(ticket_id: int) -> dict[str, str]:
    db.session.expire_all()
    reading = worksheet_of(ticket_id).reading
    assert reading is not None
    return reading.texts


def write(document_id: int, email: str) -> None:
    with transaction() as session:
        document = held_for_change(session, document_id)
        assert document.reading is not None
        values = {**document.reading.values, "email": Value(email)}
        document.reading = replace(document.reading, values=values)


def while_it_is_signed(
    race: Race,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    name: str,
    change: Callable[[], None],
) -> list[Any]:
    """The change begins once the signer holds the worksheet; the signer goes on when it is made, or
    has to wait."""
    begun, made = threading.Barrier(2), threading.Barrier(2)
    keep = signing._keep

    def keep_late(session: Session, paper: Paper, reading: Reading, file: Stored) -> None:
        meet(begun)
        meet(made)
        keep(session, paper, reading, file)

    def changed() -> None:
        meet(begun)
        change()
        meet(made)

    monkeypatch.setattr(signing, "_keep", keep_late)
    return race(lambda: signing.sign(token, name), changed)


def ask_anew(ticket: Ticket, cast: Cast) -> Callable[[], None]:
    """The licensee is asked again, at an address that is on file since."""
    number = ticket.id
    told = OnFile("Anna", "Lee", "anna@harbor.example")
    corrections.correct(ticket.person_id, told, 0, cast.sam, "")
    return lambda: void(tickets.act(number, "ask_to_sign", cast.sam, {"who": "user"}))


def send_page(ticket: Ticket, cast: Cast) -> Callable[[], None]:
    """The licensee has signed a page."""
    number, key = ticket.id, "the-message-with-a-page"
    page = Upload(OTHER, "page.pdf", io.BytesIO(pdf()))
    drafts.add_all(cast.admin.person_id or 0, key, [page])
    said = {"message": "She signed a page.", "on_page": ["user"]}
    return lambda: void(tickets.act(number, "write", cast.admin, said, form_key=key))


def void(_ticket: Ticket) -> None:
    """Of a ticket that another thread has read nothing is said here."""


def test_who_is_asked_elsewhere_while_another_signs_stands_on_the_worksheet_with_them(
    unsigned: Ticket, cast: Cast, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, change = unsigned.id, ask_anew(unsigned, cast)
    ends = while_it_is_signed(race, monkeypatch, tokens(number)["admin"], cast.admin.name, change)
    assert not any(isinstance(end, Exception) for end in ends), ends
    told = texts_of(number)
    assert told["admin.signature"] == cast.admin.name
    assert told["user.asked_at"] == "anna@harbor.example"


def test_a_page_that_comes_while_the_other_signs_counts_and_so_does_the_signature(
    unsigned: Ticket, cast: Cast, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, change = unsigned.id, send_page(unsigned, cast)
    ends = while_it_is_signed(race, monkeypatch, tokens(number)["admin"], cast.admin.name, change)
    assert not any(isinstance(end, Exception) for end in ends), ends
    told = texts_of(number)
    assert (told["admin.signature"], told["user.where"]) == (cast.admin.name, "page")
    assert db.session.get_one(Ticket, number).state == "submitted"


@pytest.mark.parametrize("change", [ask_anew, send_page])
def test_what_comes_while_the_worksheet_is_drawn_is_drawn_once_more(
    change: Callable[[Ticket, Cast], Callable[[], None]],
    unsigned: Ticket,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, token = unsigned.id, tokens(unsigned.id)["admin"]
    put, changes = signing._put, [change(unsigned, cast)]

    def put_late(*what: Any) -> Stored:
        while changes:
            changes.pop()()
            release()
        return put(*what)

    monkeypatch.setattr(signing, "_put", put_late)
    signing.sign(token, cast.admin.name)
    told = texts_of(number)
    assert told["admin.signature"] == cast.admin.name
    assert "anna@harbor.example" in told["user.asked_at"] or told["user.where"] == "page"


def test_a_worksheet_that_changes_each_time_asks_for_another_try(
    unsigned: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, token = worksheet_of(unsigned.id).id, tokens(unsigned.id)["user"]
    put, tries = signing._put, iter(range(signing.TRIES))

    def put_late(*what: Any) -> Stored:
        write(sheet, f"{next(tries)}@y.org")
        return put(*what)

    monkeypatch.setattr(signing, "_put", put_late)
    with pytest.raises(CannotSign) as error:
        signing.sign(token, "Ann Lee")
    assert error.value.why is Why.BUSY
    assert error.value.paper is not None
