"""The whole house, with people and things in it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.contract.house import House
from tests.contract.support import bare
from tests.support.fakes import FakeClock

__all__ = ["bare", "house"]


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """Two agencies, everybody who can ask for a page, and a clock that stands still."""
    app.extensions["clock"] = FakeClock()
    yield House(app)
    del app.extensions["clock"]
