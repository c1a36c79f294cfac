"""Writing happens inside `transaction()` only, and is one commit or nothing."""

from collections.abc import Callable
from typing import NoReturn

import pytest
from flask.ctx import AppContext
from sqlalchemy import delete, insert, select, update

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Effect
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import owe
from helpdesk.services import gateway, tickets
from helpdesk.transaction import WriteOutsideTransaction, effects_owed, release, transaction
from tests import factories
from tests.factories import WORDS, Cast
from tests.helpdesk.conftest import Dump
from tests.helpdesk.owed import debt, owe_some
from workflows import common

DumpNow = Callable[[], Dump]


class PowerCut(Exception):
    """Something nobody foresaw."""


def names() -> list[str]:
    return list(db.session.scalars(select(Agency.name).order_by(Agency.id)))


def test_a_flush_outside_raises(app_context: AppContext) -> None:
    db.session.add(Agency(name="Harbor"))
    with pytest.raises(WriteOutsideTransaction):
        db.session.commit()
    release()
    assert names() == []


@pytest.mark.parametrize(
    "statement",
    [insert(Agency).values(name="Harbor"), update(Agency).values(name="Harbor"), delete(Agency)],
    ids=["insert", "update", "delete"],
)
def test_a_writing_statement_outside_raises(app_context: AppContext, statement: object) -> None:
    factories.agency("North Star")
    with pytest.raises(WriteOutsideTransaction):
        db.session.execute(statement)  # type: ignore[call-overload]
    release()
    assert names() == ["North Star"]


def test_a_changed_row_is_not_written_by_a_later_query(app_context: AppContext) -> None:
    row = factories.agency("North Star")
    row.name = "Harbor"
    with pytest.raises(WriteOutsideTransaction):
        names()
    release()
    assert names() == ["North Star"]


def test_what_was_changed_outside_is_not_carried_in(app_context: AppContext) -> None:
    """A transaction begins with the rows as they are, not with what a page did to them."""
    row = factories.agency("North Star")
    row.name = "Harbor"
    with transaction() as session:
        session.add(Agency(name="West Side"))
    assert names() == ["North Star", "West Side"]


def test_reading_is_free(app_context: AppContext) -> None:
    assert names() == []


@pytest.mark.parametrize("error", [PowerCut, KeyboardInterrupt])
def test_nothing_is_committed_on_an_exception(
    app_context: AppContext, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        add_and_fail("Harbor", error)
    assert names() == []
    factories.agency("North Star")
    assert names() == ["North Star"]


def test_a_transaction_within_another_is_part_of_it(app_context: AppContext) -> None:
    with transaction() as outer, transaction() as inner:
        assert inner is outer
    with pytest.raises(PowerCut):
        fail_after(factories.agency)
    assert names() == []


def add_and_fail(name: str, error: type[BaseException]) -> None:
    with transaction() as session:
        session.add(Agency(name=name))
        session.flush()
        raise error


def fail_after(verb: Callable[[], object]) -> None:
    """The verb has a transaction of its own, within ours."""
    with transaction():
        verb()
        raise PowerCut


@pytest.mark.parametrize("place", ["path", "people_of", "ticket_debts", "owe"])
def test_a_failure_anywhere_in_a_step_leaves_no_trace_of_it(
    cast: Cast, dump: DumpNow, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    before = dump()
    monkeypatch.setattr(tickets, place, cut_the_power)
    with pytest.raises(PowerCut):
        factories.step(ticket, "approve", cast)
    assert dump() == before
    monkeypatch.undo()
    assert factories.step(ticket, "approve", cast).state == common.APPROVED


def test_a_failure_between_event_and_state_leaves_no_event(
    cast: Cast, dump: DumpNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    before = dump()
    monkeypatch.setattr(gateway, "_guarded", cut_the_power)
    with pytest.raises(PowerCut):
        factories.step(ticket, "approve", cast)
    assert dump() == before


def test_a_failure_while_filing_leaves_no_ticket(
    cast: Cast, dump: DumpNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = factories.request(factories.licensee(of=cast.agency), cast.admin)
    before = dump()
    monkeypatch.setattr(tickets, "owe", cut_the_power)
    with pytest.raises(PowerCut):
        tickets.open_ticket(form, cast.admin)
    assert dump() == before


def test_the_worker_is_told_after_the_commit_and_only_if_something_is_owed(cast: Cast) -> None:
    told: list[int] = []

    def count(_sender: object, kinds: object) -> None:
        with db.engine.connect() as link:
            told.append(len(list(link.execute(select(Effect.id)))))

    somebody = factories.person()
    with effects_owed.connected_to(count):
        factories.agency()
        with pytest.raises(PowerCut):
            fail_after(lambda: owe_some(somebody.id, "lost"))
        assert told == []
        with transaction() as session:
            owe(session, debt("first", somebody.id))
            owe(session, debt("second", somebody.id))
            assert told == []
    assert told == [2]


def test_an_effects_key_exists_once(cast: Cast, dump: DumpNow) -> None:
    somebody = factories.person()
    with transaction() as session:
        owe(session, debt("the key", somebody.id))
    before = dump()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction() as session:
        owe(session, debt("the key", somebody.id))
    assert dump() == before


def test_after_a_refusal_the_session_reads_on(cast: Cast) -> None:
    ticket = factories.ticket(by=cast)
    with pytest.raises(gateway.Stale):
        tickets.act(ticket.id, "take", cast.sam, WORDS.get("take"), version=99)
    assert db.session.get_one(Ticket, ticket.id).state == common.SUBMITTED


def cut_the_power(*_args: object, **_more: object) -> NoReturn:
    raise PowerCut
