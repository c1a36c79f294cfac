"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import settings
from helpdesk.forms.sign_in import SignIn
from helpdesk.services.sign_in import Failed, SignedIn, Slowed, Unusable
from helpdesk.services.sign_in import sign_in as judge
from helpdesk.views.guard import forget, remember, source
from workflows.guards import WAY_BACK
from workflows.registry import ticket_types

pages = Blueprint("sign_in", __name__)

WRONG = "That username and password do not go together."


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignIn(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        if g.actor is not None and request.method != "POST":
            return redirect(url_for("home.home"))
        return _page(form, None)
    outcome = judge(form.username.data or "", form.password.data or "", source())
    if isinstance(outcome, SignedIn):
        remember(outcome.token)
        return redirect(_own_path(form.next.data) or url_for("home.home"))
    if isinstance(outcome, Slowed):
        seconds = max(1, round(outcome.wait.total_seconds()))
        return _page(form, _wait_words(outcome)), 429, {"Retry-After": str(seconds)}
    if isinstance(outcome, Unusable):
        return _page(form, _unusable_words(outcome.state)), 403
    return _page(form, _failure_words(outcome)), 403


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    forget()
    flash("You are signed out.", "success")
    return redirect(url_for("sign_in.sign_in"))


def _page(form: SignIn, advice: str | None) -> str:
    return render_template("sign_in.html", form=form, advice=advice)


def _failure_words(outcome: Failed) -> str:
    """Depends on the attempts for the typed name alone: it tells nothing of the name itself."""
    limit = settings().LOCK_AFTER
    if outcome.attempts >= limit:
        return (
            f"{WRONG} If there were {limit} bad attempts in a row, the license is locked now, and "
            "no password works. The way back is Request New Password: choose “I can’t log in”, "
            "or ask your agency admin."
        )
    return (
        f"{WRONG} After {limit} bad attempts in a row a license is locked. "
        "Not sure of it? Choose “I can’t log in” now, before that happens."
    )


def _wait_words(outcome: Slowed) -> str:
    seconds = max(1, round(outcome.wait.total_seconds()))
    wait = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    return f"There were many attempts. Wait {wait}, then try again."


def _unusable_words(state: str) -> str:
    words, instead = WAY_BACK[state]
    kind = ticket_types().get(instead or "")
    way = f" The way back is {kind.label}." if kind else " Your agency admin or HAND can help."
    return f"Your password is right, but the desk’s records say that your account {words}.{way}"


def _own_path(path: str | None) -> str | None:
    """A path of ours to go on to; anything that could lead elsewhere is dropped."""
    if not path or not path.isprintable() or not path.startswith("/"):
        return None
    if path.startswith(("//", "/\\")):
        return None
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc and "\\" not in path else None
