"""Keeping somebody out of the desk, letting them in again, and the link they wait for."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.forms.manage import Plain
from helpdesk.services import accounts
from helpdesk.services.roles import NotPossible
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.person import the_person
from helpdesk.views.manage.show import person_row


@pages.route("/people/<int:person_id>/<any(disable, enable):act>", methods=["GET", "POST"])
def person_account(person_id: int, act: str) -> ResponseReturnValue:
    line, form, disable = the_person(person_id), Plain(), act == "disable"
    if line.disabled is None:
        raise NotForYou
    shown = {"row": person_row(line), "form": form, "disable": disable}
    if not form.validate_on_submit():
        return render_template("manage/person_account.html", refused=None, **shown)
    try:
        accounts.set_disabled(person_id, disable, actor())
    except NotPossible as why:
        return render_template("manage/person_account.html", refused=str(why), **shown), 409
    now = "cannot sign in any more" if disable else "can sign in again"
    flash(f"{line.person.name} {now}.", "success")
    return redirect(url_for("manage.person", person_id=person_id))


@pages.post("/people/<int:person_id>/invite")
def person_invite(person_id: int) -> ResponseReturnValue:
    line = the_person(person_id)
    if accounts.invite_again(person_id, actor()):
        flash(f"A new link is on its way to {line.person.name}.", "success")
    else:
        flash(f"{line.person.name} needs no link, or has no email on file.", "info")
    return redirect(url_for("manage.person", person_id=person_id))
