"""Signing in and out."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db, settings
from helpdesk.forms.account import PasskeyAnswer
from helpdesk.forms.sign_in import SignIn
from helpdesk.services.admission import SignedIn, Unusable
from helpdesk.services.directories import hmis_elsewhere
from helpdesk.services.factors import passkeys, second_step
from helpdesk.services.sign_in import Failed, HalfWay, Outcome, Slowed, TooShort
from helpdesk.services.sign_in import sign_in as judge
from helpdesk.views.guard import forget, remember, source
from helpdesk.views.show import way_back

pages = Blueprint("sign_in", __name__)

NO_PASSKEY = (
    "This passkey is not known here, or the page had been open for too long. Try again, or use "
    "your password."
)
WRONG = "That username and password do not go together."


@dataclass(frozen=True)
class Advice:
    """What to say after an attempt. `link`: where to go next, (label, url), amid the words."""

    words: str
    link: tuple[str, str] | None = None
    then: str = ""


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignIn(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        if g.actor is not None and request.method != "POST":
            return redirect(url_for("home.home"))
        return _page(form, None)
    return _answer(form, judge(form.username.data or "", form.password.data or "", source()))


@pages.post("/sign-in/passkey")
def passkey() -> ResponseReturnValue:
    """Instead of the password, and of a second step as well."""
    answer = PasskeyAnswer()
    form = SignIn(formdata=None, next=answer.next.data)
    try:
        if not answer.validate_on_submit():
            raise passkeys.NoProof
        outcome = second_step.by_passkey_alone(
            answer.challenge.data or "", answer.credential.data or "", source()
        )
    except passkeys.NoProof:
        return _page(form, Advice(NO_PASSKEY)), 403
    return _answer(form, outcome)


def _answer(form: SignIn, outcome: Outcome) -> ResponseReturnValue:
    if isinstance(outcome, SignedIn):
        remember(outcome.token)
        return redirect(after_sign_in(form.next.data))
    if isinstance(outcome, HalfWay):
        remember(outcome.token)
        return redirect(url_for("second_step.ask", next=_own_path(form.next.data)))
    if isinstance(outcome, Slowed):
        words, headers = wait_words(outcome)
        return _page(form, Advice(words)), 429, headers
    if isinstance(outcome, Unusable):
        return turned_back(outcome)
    if isinstance(outcome, TooShort):
        return render_template("password_too_short.html", least=settings().PASSWORD_MIN), 403
    return _page(form, _failure_advice(outcome)), 403


def turned_back(outcome: Unusable) -> ResponseReturnValue:
    """Home tells the same as the page, to whoever can go on from there by themselves."""
    if outcome.token is not None:
        remember(outcome.token)
        return redirect(url_for("home.home"))
    way = way_back.of(db.session(), outcome.person_id)
    return render_template("sign_in_unusable.html", way=way), 403


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    forget()
    flash("You are signed out.", "success")
    return redirect(url_for("sign_in.sign_in"))


def _page(form: SignIn, advice: Advice | None) -> str:
    elsewhere = hmis_elsewhere()
    return render_template(
        "sign_in.html",
        form=form,
        advice=advice,
        elsewhere=elsewhere,
        locks_after=None if elsewhere else settings().LOCK_AFTER,
        passkey=passkeys.ask(),
    )


def _failure_advice(outcome: Failed) -> Advice:
    """Depends on the attempts for the typed name alone: it tells nothing of the name itself."""
    limit, elsewhere = settings().LOCK_AFTER, hmis_elsewhere()
    forgot, left = ("Forgot Password", url_for("links.forgot")), limit - outcome.attempts
    if elsewhere:
        whose = f"It takes the password for this help desk, not the one for {elsewhere}."
        return Advice(f"{WRONG} {whose} Not sure of it? Use", forgot, ", or “Why can’t I log in?”")
    if left <= 0:
        words = (
            f"{WRONG} After {limit} bad attempts in a row a license is locked: then no password "
            "works, and Forgot Password does not help. The way back is Request New Password, "
            "filed by your agency admin or by you:"
        )
        return Advice(words, ("I am locked out", url_for("guide.step", step="locked")))
    more = "one more bad attempt" if left == 1 else f"{left} more bad attempts"
    then = f" now: {more} in a row can lock the license, and then it no longer works."
    return Advice(f"{WRONG} Not sure of the password? Use", forgot, then)


def wait_words(outcome: Slowed) -> tuple[str, dict[str, str]]:
    """What to say, and the header that tells it to a machine."""
    seconds = max(1, round(outcome.wait.total_seconds()))
    wait = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    words = f"There were many attempts. Wait {wait}, then try again."
    return words, {"Retry-After": str(seconds)}


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
