"""The list of agencies, and a new one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import true

from helpdesk.extensions import db
from helpdesk.forms.manage import AgencyName, clash
from helpdesk.services import agencies as verbs
from helpdesk.services import seats
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages

TAKEN = {
    "name": "There is an agency of that name already.",
    "hmis_id": "Another agency has this OrganizationID already.",
}


@pages.get("/agencies")
def agencies() -> str:
    session = db.session()
    lines, used = verbs.lines(session, true()), seats.used(session)
    return render_template("manage/agencies.html", lines=lines, used=used)


@pages.route("/agencies/new", methods=["GET", "POST"])
def agency_add() -> ResponseReturnValue:
    form = AgencyName()
    if form.validate_on_submit():
        try:
            agency = verbs.add(form.name.data or "", actor())
        except verbs.Taken as taken:
            clash(form.name, TAKEN[taken.field])
        else:
            flash(f"{agency.name} is added. Next: name its first admin.", "success")
            return redirect(url_for("manage.agency", agency_id=agency.id))
    return render_template("manage/agency_add.html", form=form)
