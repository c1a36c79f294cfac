"""The folder that one test run shares among its processes, and the run's owner.

With pytest-xdist the owner is the controlling process, else it is the only one. It makes the
folder, tells the workers, and at the end stops what was started there.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres

FOLDER = pytest.StashKey[Path]()
OWNER = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER] = Path(given["run_folder"])
        config.stash[OWNER] = given["run_owner"]
        return
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-tests-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user, and has to pass through
    config.stash[FOLDER] = folder
    config.stash[OWNER] = os.getpid()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A hook of pytest-xdist, in the owner: what a new worker is told."""
    node.workerinput["run_folder"] = str(node.config.stash[FOLDER])
    node.workerinput["run_owner"] = node.config.stash[OWNER]


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(OWNER, None) != os.getpid():
        return
    postgres.stop(config.stash[FOLDER] / "postgres")
    shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.stash[FOLDER]


@contextmanager
def once(folder: Path, name: str) -> Iterator[bool]:
    """Whether the block has yet to be done; one process at a time, once in a run if it succeeds."""
    done = folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield not done.exists()
        done.touch()
