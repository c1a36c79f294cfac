"""The link in the weekly email that turns it off, without sign-in. GET shows, POST acts: a scanner
of mails that opens it changes nothing."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.desk_form import DeskForm
from helpdesk.services import digests

pages = Blueprint("weekly_email", __name__)


@pages.route("/weekly-email/<token>", methods=["GET", "POST"])
def off(token: str) -> ResponseReturnValue:
    form = DeskForm()
    try:
        account = digests.bearer(db.session(), token)
    except digests.Outdated:
        return render_template("weekly_email.html", form=None, old=True), 410
    if account is None:
        return render_template("weekly_email.html", form=None, old=False), 410
    done = form.validate_on_submit()
    if done:
        digests.switch(account.person_id, on=False)
    return render_template("weekly_email.html", form=form, off=done or not account.weekly_email)
