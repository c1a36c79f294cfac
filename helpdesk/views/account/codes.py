"""Recovery codes: made, shown once, and never again."""

from urllib.parse import quote

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db, settings
from helpdesk.forms.manage import Plain
from helpdesk.services.factors import held, recovery
from helpdesk.views.account.blueprint import me, pages
from helpdesk.views.guard import actor


@pages.route("/security/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    session, form = db.session(), Plain()
    if not held.has_any(session, me()):
        return redirect(url_for("account.security"))
    if not form.validate_on_submit():
        left = recovery.left(session, me())
        return render_template("account/codes_ask.html", form=form, left=left)
    codes = recovery.renew(me(), actor())
    return render_template("account/codes.html", codes=codes, file=_as_file(codes))


def _as_file(codes: list[str]) -> str:
    """An address that holds the file itself, so that nothing has to be kept for a download."""
    lines = [f"Recovery codes for the {settings().DESK_NAME}. Each works once.", "", *codes, ""]
    return "data:text/plain;charset=utf-8," + quote("\r\n".join(lines))
