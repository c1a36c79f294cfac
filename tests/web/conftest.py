"""Who is there in tests of pages, and the desk's pages as each of them sees them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext

from helpdesk.actor import Actor
from tests import factories
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


@pytest.fixture
def cast(app_context: AppContext) -> factories.Cast:
    return factories.cast()


@pytest.fixture
def stranger(app: Flask, app_context: AppContext) -> Visitor:
    return Visitor(app)


@pytest.fixture
def visit(app: Flask, app_context: AppContext) -> Visit:
    """A visitor who is signed in as this actor."""

    def begin(actor: Actor) -> Visitor:
        return Visitor(app).sign_in(actor.person_id)

    return begin
