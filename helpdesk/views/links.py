"""The way back in by mail: ask for a link, open it, set a password. GET shows, POST acts."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import settings
from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.sign_in import AskForLink, SetPassword
from helpdesk.links import Purpose
from helpdesk.services import credentials, passwords
from helpdesk.services.credentials import LinkEnded, WeakPassword
from helpdesk.views.guard import remember, source

pages = Blueprint("links", __name__)


@pages.route("/cant-log-in", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    form = AskForLink()
    sent = form.validate_on_submit()
    if sent:
        credentials.ask_for_link(form.username.data or "", source())
    return render_template("cant_log_in.html", form=form, sent=sent, link_life=_access_life())


@pages.route("/link/<token>", methods=["GET", "POST"])
def open(token: str) -> ResponseReturnValue:  # noqa: A001  the act is called so
    form = DeskForm()
    try:
        if form.validate_on_submit():
            remember(credentials.open_session(token))
            return redirect(url_for("home.home"))
        owner = credentials.bearer(Purpose.ACCESS, token)
    except LinkEnded:
        return render_template("link_expired.html"), 410
    return render_template("link.html", form=form, name=owner.name, agency=owner.agency)


@pages.route("/set-password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    form = SetPassword()
    try:
        owner = credentials.bearer(Purpose.SET_PASSWORD, token)
        if form.validate_on_submit() and _saved(token, form):
            flash("Your new password is saved. Sign in with it.", "success")
            return redirect(url_for("sign_in.sign_in"))
    except LinkEnded:
        return _ended(token, sent=False), 410
    return render_template(
        "set_password.html",
        form=form,
        username=owner.username,
        rules=passwords.rules(),
        shortest=settings().PASSWORD_MIN,
    )


def _saved(token: str, form: SetPassword) -> bool:
    """Raises `LinkEnded`; a weak password is an error at its field."""
    try:
        credentials.set_password(token, form.password.data or "")
    except WeakPassword as weak:
        form.password.errors = weak.faults
        return False
    return True


@pages.post("/set-password/<token>/new-link")
def renew(token: str) -> ResponseReturnValue:
    credentials.renew(token)
    return _ended(token, sent=True)


def _ended(token: str, *, sent: bool) -> str:
    renew_url = url_for("links.renew", token=token)
    return render_template("set_password_expired.html", sent=sent, renew_url=renew_url)


def _access_life() -> str:
    seconds = settings().ACCESS_LINK.total_seconds()
    return f"{round(seconds / 3600)} hours" if seconds >= 5400 else f"{round(seconds / 60)} minutes"
