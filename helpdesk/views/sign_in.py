"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import settings
from helpdesk.forms.sign_in import SignIn
from helpdesk.services.admission import SignedIn, Unusable
from helpdesk.services.directories import hmis_elsewhere
from helpdesk.services.sign_in import Failed, HalfWay, Outcome, Slowed
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
    return _answer(form, judge(form.username.data or "", form.password.data or "", source()))


def _answer(form: SignIn, outcome: Outcome) -> ResponseReturnValue:
    if isinstance(outcome, SignedIn):
        remember(outcome.token)
        return redirect(after_sign_in(form.next.data))
    if isinstance(outcome, HalfWay):
        remember(outcome.token)
        return redirect(url_for("second_step.ask", next=_own_path(form.next.data)))
    if isinstance(outcome, Slowed):
        words, headers = wait_words(outcome)
        return _page(form, words), 429, headers
    if isinstance(outcome, Unusable):
        return _page(form, unusable_words(outcome.state)), 403
    return _page(form, _failure_words(outcome)), 403


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    forget()
    flash("You are signed out.", "success")
    return redirect(url_for("sign_in.sign_in"))


def _page(form: SignIn, advice: str | None) -> str:
    return render_template("sign_in.html", form=form, advice=advice, elsewhere=hmis_elsewhere())


def _failure_words(outcome: Failed) -> str:
    """Depends on the attempts for the typed name alone: it tells nothing of the name itself."""
    limit, elsewhere = settings().LOCK_AFTER, hmis_elsewhere()
    if elsewhere:
        return (
            f"{WRONG} It takes the password for this help desk, not the one for {elsewhere}. "
            "Not sure of it? Choose Forgot Password, or “I can’t log in”."
        )
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


def wait_words(outcome: Slowed) -> tuple[str, dict[str, str]]:
    """What to say, and the header that tells it to a machine."""
    seconds = max(1, round(outcome.wait.total_seconds()))
    wait = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    words = f"There were many attempts. Wait {wait}, then try again."
    return words, {"Retry-After": str(seconds)}


def unusable_words(state: str) -> str:
    words, instead = WAY_BACK[state]
    kind = ticket_types().get(instead or "")
    way = f" The way back is {kind.label}." if kind else " Your agency admin or HAND can help."
    return f"Your password is right, but the desk’s records say that your account {words}.{way}"


def after_sign_in(wanted: str | None) -> str:
    """Where to go on: to what was asked for before, or home."""
    return _own_path(wanted) or url_for("home.home")


def _own_path(path: str | None) -> str | None:
    """A path of ours to go on to; anything that could lead elsewhere is dropped."""
    if not path or not path.isprintable() or not path.startswith("/"):
        return None
    if path.startswith(("//", "/\\")):
        return None
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc and "\\" not in path else None
