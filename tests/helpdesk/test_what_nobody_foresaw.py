"""Whatever breaks in a way nobody thought of: it is tried again, and in the end it is seen."""

from typing import NoReturn

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from config import Config
from helpdesk import links
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.account import Account
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.claim import due_ids
from helpdesk.services import asking, credentials, provisioning, queue, repairs, sign_in
from helpdesk.services.queue import View
from helpdesk.transaction import transaction
from tests.factories import Cast
from tests.helpdesk.accounts import approve, fresh, license_row
from tests.helpdesk.owed import action_of
from tests.support.fakes import FakeClock, FakeDirectory
from workflows import common
from workflows import license as life

pytestmark = pytest.mark.usefixtures("mailer", "clock", "directory")

ALLOWED = Config().EFFECT_ATTEMPTS


def broken(*_anything: object) -> NoReturn:
    raise RuntimeError("nobody thought of this")


@pytest.mark.parametrize("where", ["start", "succeeded"])
def test_an_action_that_breaks_beside_the_directory_is_seen_in_the_end(
    cast: Cast, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    ticket = approve(cast)
    monkeypatch.setattr(provisioning, where, broken)
    for _ in range(ALLOWED):
        assert drain(Kind.ACCOUNT) == 1
        clock.pass_by(Config().EFFECT_BACKOFF_MAX * 2)
    assert action_of(ticket).status == Status.DEAD
    assert [row[0].id for row in repairs.failures(db.session(), 5)] == [action_of(ticket).id]


def test_it_goes_on_once_it_is_mended_and_staff_retry(
    cast: Cast, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = approve(cast)
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(provisioning, "succeeded", broken)
        for _ in range(ALLOWED):
            drain(Kind.ACCOUNT)
            clock.pass_by(Config().EFFECT_BACKOFF_MAX * 2)
    repairs.retry(action_of(ticket).id)
    drain(Kind.ACCOUNT)
    assert fresh(ticket).state == common.COMPLETED
    assert license_row(ticket).state == life.ACTIVE


def test_an_effect_that_takes_every_worker_with_it_is_not_performed_for_ever(
    cast: Cast, directory: FakeDirectory
) -> None:
    ticket = approve(cast)
    with transaction():
        action_of(ticket).attempts = ALLOWED
    drain(Kind.ACCOUNT)
    assert action_of(ticket).status == Status.DEAD
    assert not directory.applied


def test_somebody_without_an_account_is_not_locked_by_a_typing_error(cast: Cast) -> None:
    ticket = approve(cast)
    drain(Kind.ACCOUNT)
    with transaction() as session:
        session.execute(delete(Account).where(Account.person_id == ticket.person_id))
    name = db.session.get_one(Person, ticket.person_id).username
    assert name is not None
    sign_in.sign_in(name, "not the password", "203.0.113.9")
    assert license_row(ticket).state == life.ACTIVE


def test_a_used_link_mails_no_new_one(cast: Cast) -> None:
    approve(cast)
    drain(Kind.ACCOUNT)
    key = db.session.scalars(select(Effect.key).where(Effect.kind == Kind.ACCOUNT)).one()
    who = db.session.scalars(select(Effect.person_id).where(Effect.key == key)).one()
    with transaction() as session:
        url = links.mint(session, links.Purpose.SET_PASSWORD, who, key)
    token = url.rpartition("/")[2]
    credentials.set_password(token, "correct horse battery staple")
    assert db.session.scalars(select(OneTimeLink.used_at)).all() != [None]
    before = db.session.scalars(select(Effect.id)).all()
    asking.renew(token)
    assert db.session.scalars(select(Effect.id)).all() == before


def plan(session: Session, statement: str) -> str:
    rows = session.execute(text(f"EXPLAIN QUERY PLAN {statement}"))
    return " ".join(str(row[3]) for row in rows)


def compiled(session: Session, statement: object) -> str:
    """As SQLite gets it: what is not written out literally stays a parameter, here NULL."""
    words = str(
        statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    )
    return words.replace("?", "NULL")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_finds_what_is_due_and_what_is_open_by_index(cast: Cast) -> None:
    session = db.session()
    due = plan(session, compiled(session, due_ids(Kind.MAIL, Effect.due_at)))  # type: ignore[arg-type]
    assert "ix_effect_due" in due
    assert "ix_effect_lane" in due
    open_ones = select(Ticket.id).where(*queue._bands(View.UNASSIGNED))
    assert "SCAN ticket" not in plan(session, compiled(session, open_ones)).replace(
        "SCAN ticket USING", ""
    )
