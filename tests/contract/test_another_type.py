"""A further request type is one file in `workflows/`, one in `forms/`, and its mail templates."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.processes import ROOT

PIECES = ROOT / "tests" / "contract" / "another_type"
NAME = "return_from_leave"
HOUSE = (
    "config.py", "wsgi.py", "workflows", "helpdesk", "templates", "tests/factories.py",
    "tests/filings.py",
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house, without the type."""
    copy = tmp_path / "house"
    for name in HOUSE:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    return copy


def add_type(house: Path) -> None:
    shutil.copy(PIECES / "rules.py", house / "workflows" / f"{NAME}.py")
    shutil.copy(PIECES / "questions.py", house / "helpdesk" / "forms" / f"{NAME}.py")
    shutil.copytree(PIECES / "completed", house / "templates" / "mail" / NAME / "completed")


def run(house: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("HELPDESK_", "MAIL_", "FLASK_"))}  # fmt: skip
    env = kept | {
        "PYTHONPATH": str(house),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HELPDESK_SECRET_KEY": "for-this-test-only-0123456789abcdef",
        "HELPDESK_INSTANCE": str(house / "instance"),
    }
    return subprocess.run(
        [sys.executable, *command], cwd=house, env=env, capture_output=True, text=True, check=False
    )


def check(house: Path) -> "subprocess.CompletedProcess[str]":
    return run(house, "-m", "flask", "--app", "wsgi", "workflows", "check")


def test_a_further_type_works_from_the_form_to_the_changed_account(house: Path) -> None:
    add_type(house)
    (house / "instance").mkdir()
    walked = run(house, str(PIECES / "walk.py"), str(house / "instance"))
    assert walked.returncode == 0, walked.stderr
    assert json.loads(walked.stdout) == {
        "offered": True,
        "filed": 302,
        "taken": 302,
        "approved": 302,
        "drained": [1, 6],
        "pages": [200, 200, 200, 200],
        "in the queue": True,
        "state": "completed",
        "fields": {"back_on": "2026-11-23"},
        "license": "active",
        "mails": 2,
    }


def test_the_check_finds_a_complete_type_sound(house: Path) -> None:
    add_type(house)
    checked = check(house)
    assert (checked.returncode, checked.stdout) == (0, "All workflows are sound.\n"), checked.stderr


def test_the_check_names_every_piece_that_was_forgotten(house: Path) -> None:
    add_type(house)
    (house / "helpdesk" / "forms" / f"{NAME}.py").unlink()
    (house / "templates" / "mail" / NAME / "completed" / "body.html").unlink()
    checked = check(house)
    assert checked.returncode == 1
    about = "Return from Leave, step"
    assert f"{about} “submit”: There is no form for {NAME}" in checked.stdout
    assert f"{about} “provisioned”: the mail “completed” does not render" in checked.stdout
