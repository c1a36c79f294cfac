"""`doctor` tells what keeps the desk from its work."""

import pytest
from flask import Flask

from helpdesk import doctor
from helpdesk.extensions import db
from helpdesk.sandbox import run
from helpdesk.worksheets import read
from tests import factories
from tests.support.apps import MakeApp
from tests.support.clamd import StandIn


def told(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["doctor"])
    return result.exit_code, result.output


@pytest.mark.usefixtures("cast")
def test_a_desk_with_two_who_approve_is_well(app: Flask) -> None:
    assert told(app) == (0, "All is well.\n")


@pytest.mark.usefixtures("app_context")
def test_too_few_who_approve_are_told_of(app: Flask) -> None:
    assert "Nobody can approve" in " ".join(doctor.complaints(db.session()))
    factories.staff()
    code, words = told(app)
    assert (code, words.count("Only one person can approve")) == (1, 1)


@pytest.mark.usefixtures("cast")
def test_a_sandbox_that_does_not_run_is_told_of(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a process may not have the memory that its libraries take."""
    monkeypatch.setattr(run, "MEMORY", 1024 * 1024)
    assert read.trouble() is not None
    code, words = told(app)
    assert code == 1
    assert "Worksheets can’t be read" in words


@pytest.mark.parametrize(("required", "then"), [
    (True, "each document is held"), (False, "documents go unchecked"),
])  # fmt: skip
def test_a_scanner_that_is_silent_is_told_of(
    make_app: MakeApp, stand_in: StandIn, required: bool, then: str
) -> None:
    app = make_app(CLAMD=stand_in.address, CLAMD_REQUIRED=required)
    with app.app_context():
        factories.cast()
        assert told(app) == (0, "All is well.\n")
        stand_in.stop()
        code, words = told(app)
    assert (code, words.count(f"gives no answer, so that {then}.")) == (1, 1)
