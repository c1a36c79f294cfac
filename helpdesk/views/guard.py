"""Stands before every page: a route that no rule names is denied, even to a manager."""

from typing import cast

from flask import Flask, abort, g, redirect, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from helpdesk.access import Recognized, recognize
from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.routes import RULES, Rule, may_ask, must_set_up_first
from helpdesk.services import sessions
from helpdesk.transaction import release

TOKEN = "token"
CSRF = "csrf_token"  # where Flask-WTF keeps its secret
NO_SESSION = {"static", "bootstrap.static", "health.healthz", "health.readyz"}


class SetUpFirst(Exception):
    """Something was sent by somebody who has to set up a second step before anything else."""


class SessionEnded(Exception):
    """Something was sent by somebody who is not signed in, or not any more."""


def register(app: Flask) -> None:
    app.before_request(_stand)


def _stand() -> Response | None:
    g.actor = g.web_session = None
    if request.endpoint is None:
        return None  # a 404 of its own accord
    rule = RULES.get(request.endpoint)
    if rule is None:
        abort(403)
    if rule is Rule.DEVELOPMENT and settings().ENV == "production":
        abort(404)
    held, g.actor = _recognized()
    g.web_session = held
    if not may_ask(rule, g.actor):
        return _turn_away()
    if must_set_up_first(rule, g.actor):
        return _lead_to_set_up()
    if held and g.actor is not None:
        sessions.seen(held)
    return None


def _recognized() -> Recognized | tuple[None, None]:
    if request.endpoint in NO_SESSION or TOKEN not in session:
        return None, None
    return recognize(db.session(), session[TOKEN]) or (None, None)


def is_known() -> bool:
    """Whether somebody is signed in, also at an address that no page has. Without the database,
    nobody is."""
    if g.get("actor") is None:
        try:
            g.web_session, g.actor = _recognized()
        except SQLAlchemyError:
            release()
            g.web_session = g.actor = None
    return g.actor is not None


def _turn_away() -> Response | None:
    if g.actor is not None:
        abort(403)
    if request.method == "POST":
        raise SessionEnded
    return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))


def _lead_to_set_up() -> Response:
    if request.method == "POST":
        raise SetUpFirst
    return redirect(url_for("account.security"))


def actor() -> Actor:
    """Who asks. Only for pages behind a rule that lets no stranger in."""
    return cast(Actor, g.actor)


def source() -> str:
    """The network address that asks; a proxy's word for it counts only where one is configured."""
    return request.remote_addr or "unknown"


def remember(token: str) -> None:
    """Puts a new session into the cookie, and ends the one whose place it takes.

    The CSRF secret is carried over if the old session was the same person's and nobody but time
    ended it: then the pages they have open stay good, and what they typed goes through. A cookie
    that somebody planted bears no session of theirs, so its secret never becomes theirs; and after
    a lock or a new password nothing of before is trusted.
    """
    kept = session.get(CSRF) if sessions.succeed(session.get(TOKEN), token) else None
    session.clear()
    session[TOKEN] = token
    if kept is not None:
        session[CSRF] = kept
    session.permanent = False


def forget() -> None:
    """Ends the session on the server, then in the cookie."""
    token = session.get(TOKEN)
    session.clear()
    if token:
        sessions.sign_out(token)
