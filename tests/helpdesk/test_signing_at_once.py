"""Somebody signs a worksheet by a mailed link while others change it: each change stays."""

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
from helpdesk.services import signing, tickets
from helpdesk.services.signing import CannotSign, Paper, Why
from helpdesk.transaction import transaction
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.support.signatures import renewal, tokens, worksheet_of

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
    race: Race, monkeypatch: pytest.MonkeyPatch, token: str, change: Callable[[], None]
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
    return race(lambda: signing.sign(token, "Ann Lee"), changed)


def test_what_is_written_to_the_worksheet_while_somebody_signs_is_not_lost(
    unsigned: Ticket, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, sheet, token = unsigned.id, worksheet_of(unsigned.id).id, tokens(unsigned.id)["user"]
    ends = while_it_is_signed(race, monkeypatch, token,
                              lambda: write(sheet, "x@y.org"))
    assert not any(isinstance(end, Exception) for end in ends), ends
    told = texts_of(number)
    assert (told["user.signature"], told["email"]) == ("Ann Lee", "x@y.org")


def test_who_is_asked_again_while_the_worksheet_is_written_to_loses_nothing(
    unsigned: Ticket, cast: Cast, race: Race
) -> None:
    number, sheet = unsigned.id, worksheet_of(unsigned.id).id
    ends = race(lambda: tickets.act(number, "ask_to_sign", cast.sam, {"who": "user"}),
                lambda: write(sheet, "x@y.org"))  # fmt: skip
    assert not any(isinstance(end, Exception) for end in ends), ends
    assert texts_of(number)["email"] == "x@y.org"


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
