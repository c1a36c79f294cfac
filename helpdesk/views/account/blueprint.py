"""The blueprint that all these pages share."""

from flask import Blueprint, g

from helpdesk.models.web_session import WebSession
from helpdesk.views.guard import actor

pages = Blueprint("account", __name__, url_prefix="/account")


def me() -> int:
    person_id = actor().person_id
    assert person_id is not None, "the desk itself asks for no pages"
    return person_id


def my_session() -> WebSession:
    held = g.web_session
    assert isinstance(held, WebSession), "whoever is signed in has a session"
    return held
