"""Stands before every page: a route that no rule names is denied, even to a manager."""

from typing import cast

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from helpdesk.access import RULES, Rule, actor_of, may_ask
from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.services import sessions

TOKEN = "token"
NO_SESSION = {"static", "bootstrap.static", "health.healthz", "health.readyz"}


class SessionEnded(Exception):
    """Something was sent by somebody who is not signed in, or not any more."""


def register(app: Flask) -> None:
    app.before_request(_stand)


def _stand() -> Response | None:
    g.actor = None
    if request.endpoint is None:
        return None  # a 404 of its own accord
    rule = RULES.get(request.endpoint)
    if rule is None:
        abort(403)
    if rule is Rule.DEVELOPMENT and settings().ENV == "production":
        abort(404)
    if request.endpoint not in NO_SESSION and TOKEN in session:
        g.actor = actor_of(db.session(), session[TOKEN])
    if may_ask(rule, g.actor):
        return None
    return _turn_away()


def _turn_away() -> Response | None:
    if g.actor is not None:
        abort(403)
    if request.method == "POST":
        raise SessionEnded
    return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))


def actor() -> Actor:
    """Who asks. Only for pages behind a rule that lets no stranger in."""
    return cast(Actor, g.actor)


def source() -> str:
    """The network address that asks; a proxy's word for it counts only where one is configured."""
    return request.remote_addr or "unknown"


def remember(token: str) -> None:
    """Puts a new session into the cookie; nothing of an earlier one is carried over."""
    session.clear()
    session[TOKEN] = token
    session.permanent = False


def forget() -> None:
    """Ends the session on the server, then in the cookie."""
    token = session.get(TOKEN)
    session.clear()
    if token:
        sessions.sign_out(token)
