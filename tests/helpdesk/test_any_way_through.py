"""Random ways through the desk, on both databases; see `desk_machine`."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.helpdesk.desk_machine import DeskMachine
from tests.support.databases import Databases
from tests.support.fakes import FakeDirectory, FakeMailer


def test_whatever_is_tried_only_declared_steps_happen_and_each_is_accounted_for(
    app: Flask,
    databases: Databases,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = request.node.callspec.params["database"]

    class OnThisDatabase(DeskMachine):
        empty = staticmethod(databases.get(backend).empty)

    OnThisDatabase.app = app
    machines_of(app, monkeypatch)
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=15, stateful_step_count=40, suppress_health_check=list(HealthCheck)
        ),
    )


def machines_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mailer and directory are those of the example that runs."""

    def now() -> Any:
        return app.extensions["machine"]

    def mailer(settings_: Any) -> FakeMailer:
        return FakeMailer.open(now().mailer, settings_)

    def directory() -> FakeDirectory:
        found: FakeDirectory = now().directory
        return found

    monkeypatch.setattr("helpdesk.jobs.drain.open_mailer", mailer)
    monkeypatch.setattr("helpdesk.outbox.performers.directory", directory)
