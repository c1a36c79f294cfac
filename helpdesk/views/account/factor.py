"""One thing that is held for the second step: another name for it, and away with it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import get_factor_for
from helpdesk.extensions import db, settings
from helpdesk.forms.account import FactorName
from helpdesk.forms.manage import Plain
from helpdesk.services.factors import held
from helpdesk.views.account.blueprint import me, pages
from helpdesk.views.guard import actor

NEEDED = (
    "HAND’s staff sign in in two steps, and this is your last one. Add another one first, then "
    "remove this one."
)


@pages.route("/security/<int:factor_id>/rename", methods=["GET", "POST"])
def factor_rename(factor_id: int) -> ResponseReturnValue:
    factor = get_factor_for(actor(), factor_id)
    form = FactorName(name=factor.name)
    if not form.validate_on_submit():
        return render_template("account/factor_rename.html", form=form, name=factor.name)
    held.rename(factor_id, form.name.data or "")
    flash("It has its new name.", "success")
    return redirect(url_for("account.security"))


@pages.route("/security/<int:factor_id>/remove", methods=["GET", "POST"])
def factor_remove(factor_id: int) -> ResponseReturnValue:
    factor, form = get_factor_for(actor(), factor_id), Plain()
    last = len(held.of(db.session(), me())) == 1
    longer = settings().PASSWORD_MIN if held.missed(db.session(), me()) else None
    shown = {"form": form, "words": held.in_words(factor), "last": last, "longer": longer}
    if not form.validate_on_submit():
        return render_template("account/factor_remove.html", refused=None, **shown)
    try:
        held.remove(factor_id, actor())
    except held.Needed:
        return render_template("account/factor_remove.html", refused=NEEDED, **shown), 409
    flash(f"Removed: {shown['words']}.", "success")
    return redirect(url_for("account.security"))
