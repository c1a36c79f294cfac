"""A demo desk's instance folder, filled once in a run: each server begins with a copy of it."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.serve import FLASK, ROOT, environment
from tests.support.run_folder import once

OURS = ("HELPDESK_", "MAIL_", "FLASK_", "GUNICORN_")
COMMANDS = (["db", "upgrade"], ["demo"])


def bare_environment() -> dict[str, str]:
    """The caller's, without any of the desk's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "HELPDESK_ENV": "development", "PORT": "0"}


def demo_desk(run_folder: Path) -> Path:
    """By the launcher's own commands. The demo's days count from today, so each day has its own."""
    instance = run_folder / f"demo-desk-{datetime.now(UTC):%Y-%m-%d}"
    with once(run_folder, instance.name) as to_do:
        if to_do:
            shutil.rmtree(instance, ignore_errors=True)
            fill(instance)
    return instance


def fill(instance: Path) -> None:
    given = {**bare_environment(), "HELPDESK_INSTANCE": str(instance)}
    env = environment(given, "http://127.0.0.1")
    for command in COMMANDS:
        done = subprocess.run(
            [*FLASK, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def demo_instance(run_folder: Path) -> Path:
    """To be copied, never served."""
    return demo_desk(run_folder)
