"""The list of agencies, and a new one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.manage import AgencyName, clash
from helpdesk.services import agencies as verbs
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages

TAKEN = "There is an agency of that name already."


@pages.get("/agencies")
def agencies() -> str:
    return render_template("manage/agencies.html", lines=verbs.lines(db.session()))


@pages.route("/agencies/new", methods=["GET", "POST"])
def agency_add() -> ResponseReturnValue:
    form = AgencyName()
    if form.validate_on_submit():
        try:
            agency = verbs.add(form.name.data or "", actor())
        except verbs.NameTaken:
            clash(form.name, TAKEN)
        else:
            flash(f"{agency.name} is added. Next: name its first admin.", "success")
            return redirect(url_for("manage.agency", agency_id=agency.id))
    return render_template("manage/agency_name.html", form=form, agency=None)
