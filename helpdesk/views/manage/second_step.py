"""Taking away the second step of somebody who lost phone and codes; never one's own."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import ResetSecondStep
from helpdesk.services.factors import held, recovery, rescue
from helpdesk.services.roles import NotPossible
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.person import the_person
from helpdesk.views.manage.show import person_row


@pages.route("/people/<int:person_id>/second-step", methods=["GET", "POST"])
def person_second_step(person_id: int) -> ResponseReturnValue:
    line, form = the_person(person_id), ResetSecondStep()
    if not held.has_any(db.session(), person_id):
        raise NotForYou
    shown = {"row": person_row(line), "form": form, "held": _in_words(person_id)}
    if not form.validate_on_submit():
        return render_template("manage/second_step.html", refused=None, **shown)
    try:
        rescue.reset(person_id, form.reason.data or "", actor())
    except NotPossible as why:
        return render_template("manage/second_step.html", refused=str(why), **shown), 409
    told = " An email says so." if line.person.email else " Tell them: there is no email on file."
    flash(f"{line.person.name} has no second step any more.{told}", "success")
    return redirect(url_for("manage.person", person_id=person_id))


def _in_words(person_id: int) -> list[str]:
    session = db.session()
    left = recovery.left(session, person_id)
    words = [held.in_words(factor) for factor in held.of(session, person_id)]
    return [*words, f"{left} recovery {'code' if left == 1 else 'codes'}"] if left else words
