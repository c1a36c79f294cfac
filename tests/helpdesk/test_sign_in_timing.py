"""How long a refusal takes must not tell whether a name is known, unknown or locked.

    python -m pytest tests/helpdesk/test_sign_in_timing.py -s

prints the figures. What is asserted is generous, for a machine that does other things meanwhile.
"""

import statistics
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.services.sign_in import Failed, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.support.apps import MakeApp
from workflows import license as life

ROUNDS = 40
NAMES = ("known", "unknown", "locked", "staff", "disabled")
APART_AT_MOST = 1.5


@pytest.fixture
def patient_app(make_app: MakeApp) -> Iterator[Flask]:
    """Locks nobody and slows nobody down, so that the same name can be measured again and again."""
    app = make_app(LOCK_AFTER=10**6, SIGN_INS_PER_SOURCE=10**6, SIGN_INS_PER_MINUTE=10**6)
    with app.app_context():
        factories.licensee(life.ACTIVE, username="known", password=PASSWORD)
        factories.licensee(life.LOCKED, username="locked", password=PASSWORD)
        factories.staff("staff", password=PASSWORD)
        disabled = factories.account_of(factories.person("disabled", password=PASSWORD))
        assert disabled is not None
        with transaction() as session:
            session.merge(disabled).disabled = True
    yield app
    app.extensions["jobs"].queue.storage.close()


def took(app: Flask, name: str, source: str) -> float:
    """Milliseconds for one refusal, in a context of its own as a request has it."""
    with app.app_context():
        began = time.perf_counter()
        outcome = sign_in(name, "a wrong password", source)
        spent = time.perf_counter() - began
    assert isinstance(outcome, Failed)
    return spent * 1000


def test_a_refusal_takes_as_long_for_every_kind_of_name(
    patient_app: Flask, database: str
) -> None:
    spent: dict[str, list[float]] = {name: [] for name in NAMES}
    for turn in range(ROUNDS + 2):
        for name in NAMES[turn % len(NAMES) :] + NAMES[: turn % len(NAMES)]:
            milliseconds = took(patient_app, name, f"source {turn}")
            if turn >= 2:  # the first ones open connections and compile statements
                spent[name].append(milliseconds)
    medians = {name: statistics.median(times) for name, times in spent.items()}
    print(f"\n{database.partition(':')[0]}, median of {ROUNDS} each, milliseconds:")
    for name, times in spent.items():
        low, *_, high = statistics.quantiles(times, n=10)
        print(f"  {name:9} {medians[name]:6.1f}   (80 % within {low:.1f} … {high:.1f})")
    assert max(medians.values()) / min(medians.values()) < APART_AT_MOST
