"""The way back in by mail: ask for a link, open it, choose a password. GET shows, POST acts."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.sign_in import AskForLink, ForgotPassword, SetPassword, TryPassword
from helpdesk.links import Purpose, life_in_words
from helpdesk.services import asking, credentials
from helpdesk.services.credentials import LicenseLocked, LinkEnded, TooOften, WeakPassword
from helpdesk.services.directories import hmis_elsewhere
from helpdesk.views.guard import remember, source

pages = Blueprint("links", __name__)


@pages.route("/cant-log-in", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    form = AskForLink()
    sent = form.validate_on_submit()
    if sent:
        asking.ask_for_link(form.username.data or "", source())
    life = life_in_words(Purpose.ACCESS)
    return render_template("cant_log_in.html", form=form, sent=sent, link_life=life)


@pages.route("/forgot-password", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    form = ForgotPassword()
    sent = form.validate_on_submit()
    if sent:
        asking.forgot_password(form.username.data or "", source())
    life = life_in_words(Purpose.RESET)
    return render_template("forgot_password.html", form=form, sent=sent, link_life=life,
                           elsewhere=hmis_elsewhere())  # fmt: skip


@pages.route("/link/<token>", methods=["GET", "POST"])
def open(token: str) -> ResponseReturnValue:  # noqa: A001  the act is called so
    form = DeskForm()
    try:
        if form.validate_on_submit():
            remember(credentials.open_session(token))
            return redirect(url_for("home.home"))
        owner = credentials.access_bearer(token)
    except LinkEnded:
        return render_template("link_expired.html"), 410
    return render_template("link.html", form=form, name=owner.name, agency=owner.agency)


@pages.route("/set-password/<token>", methods=["GET", "POST"])
@pages.route("/reset-password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    form = SetPassword()
    try:
        owner = credentials.password_bearer(token)
        if form.validate_on_submit() and _saved(token, form):
            flash("Your new password is saved. Sign in with it.", "success")
            return redirect(url_for("sign_in.sign_in"))
    except LinkEnded:
        return _ended(token, sent=False), 410
    except LicenseLocked:
        return render_template("reset_locked.html"), 409
    return render_template(
        "set_password.html",
        form=form,
        username=owner.username,
        rules=owner.policy().in_words,
        judge_url=url_for("links.judge", token=token),
    )


def _saved(token: str, form: SetPassword) -> bool:
    """Raises `LinkEnded` or `LicenseLocked`; a weak password is an error at its field."""
    try:
        credentials.set_password(token, form.password.data or "", source())
    except WeakPassword as weak:
        form.password.errors = weak.faults
        return False
    return True


@pages.post("/set-password/<token>/judge")
def judge(token: str) -> ResponseReturnValue:
    """For the meter beside the field: the very judgment that is given on saving."""
    form = TryPassword()
    if not form.validate():
        abort(422)
    try:
        found = credentials.judge_password(token, form.password.data or "")
    except (LinkEnded, LicenseLocked):
        abort(410)
    except TooOften:
        abort(429)
    return {
        "score": found.score,
        "word": found.word,
        "broken": list(found.faults),
        "next": next(iter(found.complaints), "It meets all the rules."),
    }


@pages.post("/set-password/<token>/new-link")
def renew(token: str) -> ResponseReturnValue:
    asking.renew(token)
    return _ended(token, sent=True)


def _ended(token: str, *, sent: bool) -> str:
    renew_url = url_for("links.renew", token=token)
    return render_template("set_password_expired.html", sent=sent, renew_url=renew_url)
