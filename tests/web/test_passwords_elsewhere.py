"""Where the HMIS has passwords of its own, the desk says which one it asks for, and threatens
nobody with a lock that it does not set."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.web.visitor import Visitor


@pytest.fixture(params=["manual", "scim"])
def elsewhere(app: Flask, request: pytest.FixtureRequest) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY=request.param)


@pytest.mark.usefixtures("elsewhere")
def test_the_sign_in_page_says_whose_password_it_takes(stranger: Visitor) -> None:
    page = stranger.get("/sign-in")
    assert "the help desk’s own password, not the one for Community Services" in page.words
    assert "lock a license" not in page.words


@pytest.mark.usefixtures("elsewhere")
def test_nobody_is_told_of_a_lock_however_often_they_fail(stranger: Visitor) -> None:
    for _ in range(4):
        page = stranger.fill("/sign-in", username="ann.lee", password="wrong")
        assert "not the one for Community Services" in page.words
        assert "locked" not in page.words


@pytest.mark.usefixtures("elsewhere")
def test_forgot_password_says_whose_it_is(stranger: Visitor) -> None:
    page = stranger.get("/forgot-password")
    assert "a new password for this help desk" in page.words
    assert "For the password of Community Services itself" in page.words


def test_where_it_is_one_password_nothing_is_said_of_two(stranger: Visitor) -> None:
    assert "lock a license" in stranger.get("/sign-in").words
    assert "for this help desk" not in stranger.get("/forgot-password").words
