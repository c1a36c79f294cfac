"""Writing happens inside `with transaction():` and nowhere else.

Outside it a session only reads. Inside, everything is one commit or nothing; a transaction opened
within another joins it, so verbs can be built from verbs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from blinker import Signal
from flask import current_app
from sqlalchemy import CursorResult, Result, event, func, select
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from helpdesk.extensions import db, settings

WRITING = "writing"
OWED = "owed"

effects_owed = Signal()
"""Sent by the app after a commit that left work for the worker, with the kinds of it."""


class WriteOutsideTransaction(RuntimeError):
    """Something tried to write where only reading is meant."""


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: committed at the end, rolled back on any exception."""
    session = db.session()
    if session.info.get(WRITING):
        yield session
        return
    session.rollback()  # ends the reading one; what was loaded is loaded afresh
    session.info[WRITING] = True
    session.info[OWED] = set()
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[WRITING] = False
    if kinds := session.info[OWED]:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        effects_owed.send(app, kinds=kinds)


def hold(session: Session, key: InstrumentedAttribute[int], row_id: int) -> None:
    """Whoever holds the same row waits until this transaction ends. On SQLite, who writes is alone
    anyway."""
    if settings().on_postgresql:
        session.execute(select(key).where(key == row_id).with_for_update(key_share=True))


def hold_value(session: Session, value: str) -> None:
    """The same for a value that no row may stand for yet, such as an address that will be on file.
    All who look whether it is taken hold it first."""
    if settings().on_postgresql:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(value, 0))))


def rows_changed(result: Result[Any]) -> int:
    """How many rows a statement that writes has matched."""
    return cast(CursorResult[Any], result).rowcount


def release() -> None:
    """Ends the reading transaction, so that nothing is held while we wait for something slow."""
    db.session.rollback()


@event.listens_for(Session, "before_flush")
def _flush_guard(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if not session.info.get(WRITING):
        raise WriteOutsideTransaction("a change outside of a transaction")


@event.listens_for(Session, "do_orm_execute")
def _statement_guard(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get(WRITING):
        raise WriteOutsideTransaction("a statement that writes outside of a transaction")
