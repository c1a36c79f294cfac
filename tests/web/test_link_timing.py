"""How long it takes to answer whoever asks for a link must not tell whether a name is known.

    python -m pytest tests/web/test_link_timing.py -s

prints the figures. What is asserted is generous, for a machine that does other things meanwhile.
"""

import statistics
import time
from collections.abc import Iterator
from contextvars import Context

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.extensions import db
from helpdesk.models.effect import Effect
from tests import factories
from tests.contract.house import csrf_token
from tests.support.apps import MakeApp
from workflows import license as life

ROUNDS = 40
WARM_UP = 2  # the first ones open connections and compile statements
KINDS = ("known", "unknown", "no email", "locked")
PAGES = {"/cant-log-in": "access:", "/forgot-password": "reset:"}
"""Each with how the keys of its mails begin."""
APART_AT_MOST = 1.5


@pytest.fixture
def patient_app(make_app: MakeApp) -> Iterator[Flask]:
    """Takes as many questions as come. Each is for a name of its own, as a name has its limit."""
    app = make_app(LINKS_PER_SOURCE=10**6, LINKS_PER_MINUTE=10**6)
    with app.app_context():
        for turn in range(ROUNDS + WARM_UP):
            factories.licensee(life.ACTIVE, username=f"known.{turn}")
            factories.licensee(life.LOCKED, username=f"locked.{turn}")
            factories.licensee(life.ACTIVE, username=f"no email.{turn}", email=factories.NO_EMAIL)
    yield app
    app.extensions["jobs"].queue.storage.close()


def took(client: FlaskClient, path: str, token: str, name: str) -> float:
    """Milliseconds until the whole page is there."""
    began = time.perf_counter()
    data = {"username": name, "csrf_token": token}
    answer = Context().run(client.post, path, data=data)
    spent = time.perf_counter() - began
    assert "Check your email" in answer.text
    return spent * 1000


@pytest.mark.parametrize("path", PAGES)
def test_the_answer_takes_as_long_for_known_and_unknown_names(
    path: str, patient_app: Flask, database: str
) -> None:
    client = patient_app.test_client()
    token = csrf_token(client)
    spent: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for turn in range(ROUNDS + WARM_UP):
        for kind in KINDS[turn % len(KINDS) :] + KINDS[: turn % len(KINDS)]:
            milliseconds = took(client, path, token, f"{kind}.{turn}")
            if turn >= WARM_UP:
                spent[kind].append(milliseconds)
    medians = {kind: statistics.median(times) for kind, times in spent.items()}
    print(f"\n{path}, {database.partition(':')[0]}, median of {ROUNDS} each, milliseconds:")
    for kind, times in spent.items():
        low, *_, high = statistics.quantiles(times, n=10)
        print(f"  {kind:9} {medians[kind]:6.1f}   (80 % within {low:.1f} … {high:.1f})")
    with patient_app.app_context():
        keys = [effect.key for effect in db.session.query(Effect)]
    assert sum(key.startswith(PAGES[path]) for key in keys) >= ROUNDS + WARM_UP
    assert max(medians.values()) / min(medians.values()) < APART_AT_MOST
