"""A license that is being deleted while others want what it takes: nobody waits for anybody in a
ring."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.models.effect import Kind
from helpdesk.models.license import License
from helpdesk.outbox import settle
from helpdesk.outbox.claim import Claimed
from helpdesk.services import deletions, farewell, licenses, provisioning
from helpdesk.services.admission import hold_account
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import license_row
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import take
from workflows import license as life
from workflows.engine import Refused

pytestmark = pytest.mark.usefixtures("clock")

TO_GET_THERE = 0.3
"""Seconds; whoever is kept waiting by the other doesn't get there."""


def meet(barrier: threading.Barrier) -> None:
    with suppress(threading.BrokenBarrierError):
        barrier.wait(TO_GET_THERE)


def test_a_deletion_and_the_third_wrong_password_at_once_wait_for_no_one_in_a_ring(
    cast: Cast, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes on only once the other has what it is to hold first, or can't get it."""
    who, both = factories.proposed(cast.agency, password=PASSWORD), threading.Barrier(2)
    person_id, license_id = who.id, license_row(who).id
    deletions.confirm([license_id], cast.sam)
    forget = farewell.forget_secrets

    def forget_late(session: Session, person_id: int) -> None:
        meet(both)
        forget(session, person_id)

    def strike() -> None:
        with transaction() as session:
            hold_account(session, person_id)
            meet(both)
            licenses.act(license_id, "lock", THE_DESK)

    monkeypatch.setattr(farewell, "forget_secrets", forget_late)
    (claimed,) = take(Kind.ACCOUNT)
    deleted, struck = race(lambda: provisioning.succeeded(claimed), strike)
    assert deleted is None
    assert struck is None or isinstance(struck, Refused)
    assert license_row(who).state == life.DELETED


def test_a_deletion_that_is_done_and_a_keep_at_once_leave_one_of_both(
    cast: Cast, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, both = factories.proposed(cast.agency), threading.Barrier(2)
    license_id = license_row(who).id
    deletions.confirm([license_id], cast.sam)
    (claimed,) = take(Kind.ACCOUNT)
    done, held = settle.done, licenses.held

    def done_early(session: Session, claimed: Claimed) -> None:
        done(session, claimed)
        meet(both)

    def held_early(session: Session, wanted: int) -> License:
        row = held(session, wanted)
        meet(both)
        return row

    def keep() -> None:
        monkeypatch.setattr(licenses, "held", held_early)
        deletions.keep(license_id, "The agency has called.", cast.sam)

    monkeypatch.setattr(settle, "done", done_early)
    deleted, kept = race(lambda: provisioning.succeeded(claimed), keep)
    assert (deleted, type(kept)) == (None, Refused)
    assert license_row(who).state == life.DELETED
