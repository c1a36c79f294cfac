"""One agency: its profile, its admins and people, and whether it is in use."""

import json
from dataclasses import asdict, fields

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import AgencyProfile, PickPerson, Plain, clash
from helpdesk.models.agency import Agency
from helpdesk.models.role import Role
from helpdesk.services import agencies as verbs
from helpdesk.services import people, roles, seats, transfers
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.manage.agencies import TAKEN
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show import person_row
from helpdesk.views.numbers import row_id


@pages.get("/agencies/<int:agency_id>")
def agency(agency_id: int) -> str:
    session, shown = db.session(), _agency(agency_id)
    after = request.args.get("after", type=row_id)
    found = people.page(session, people.Which(agency=agency_id), after)
    following = url_for("manage.agency", agency_id=agency_id, after=found.following)
    return render_template(
        "manage/agency.html",
        line=shown,
        seats=seats.usage(session, shown.agency),
        admins=verbs.admins(session, agency_id) if after is None else [],
        people=[person_row(each) for each in found.lines],
        first_url=url_for("manage.agency", agency_id=agency_id) if after is not None else None,
        more_url=following if found.following else None,
    )


@pages.route("/agencies/<int:agency_id>/edit", methods=["GET", "POST"])
def agency_edit(agency_id: int) -> ResponseReturnValue:
    line = _agency(agency_id)
    form = AgencyProfile(obj=line.agency, seen=_as_seen(line.agency))
    if form.validate_on_submit():
        try:
            verbs.describe(agency_id, _profile(form), actor(), _seen(form))
        except verbs.Taken as taken:
            clash(form[taken.field], TAKEN[taken.field])
        except verbs.Overtaken as overtaken:
            release()
            return _overtaken(agency_id, form, overtaken), 409
        else:
            flash("The agency’s profile is saved.", "success")
            return _to(agency_id)
    return render_template("manage/agency_edit.html", form=form, agency=line.agency)


def _overtaken(agency_id: int, form: AgencyProfile, why: verbs.Overtaken) -> str:
    """What somebody else has saved meanwhile; what was typed is ready to be sent again."""
    agency = _agency(agency_id).agency
    form.seen.data = _as_seen(agency)
    changes = [(form[name].label.text, *both) for name, both in why.changes.items()]
    return render_template(
        "manage/agency_edit.html", form=form, agency=agency, changes=changes, by=why.by
    )


def _as_seen(agency: Agency) -> str:
    return json.dumps(asdict(verbs.profile_of(agency)))


def _seen(form: AgencyProfile) -> verbs.Profile:
    """Nonsense counts as a page that is too old."""
    try:
        return verbs.Profile(**json.loads(form.seen.data or ""))
    except (ValueError, TypeError):
        return verbs.Profile("")


def _profile(form: AgencyProfile) -> verbs.Profile:
    told = {field.name: form[field.name].data for field in fields(verbs.Profile)}
    return verbs.Profile(**told)


@pages.route("/agencies/<int:agency_id>/<any(deactivate, reactivate):act>",
             methods=["GET", "POST"])  # fmt: skip
def agency_active(agency_id: int, act: str) -> ResponseReturnValue:
    line, form = _agency(agency_id), Plain()
    wanted = act == "reactivate"
    if not form.validate_on_submit():
        coming = transfers.coming(db.session(), agency_id)
        return render_template(
            "manage/agency_active.html", line=line, form=form, wanted=wanted, coming=coming
        )
    verbs.set_active(agency_id, wanted, actor())
    flash(f"{line.agency.name} is {'active again' if wanted else 'inactive now'}.", "success")
    return _to(agency_id)


@pages.route("/agencies/<int:agency_id>/admin", methods=["GET", "POST"])
def agency_admin(agency_id: int) -> ResponseReturnValue:
    """Names an admin among the agency's own people."""
    line, form = _agency(agency_id), PickPerson()
    offered = _candidates(agency_id)
    form.offer(offered)
    if form.validate_on_submit():
        invited = roles.grant(form.person.data, Role.AGENCY_ADMIN, agency_id, actor())
        by_mail = " They get a link to choose a password by email." if invited else ""
        flash(f"{offered[form.person.data]} is an agency admin now.{by_mail}", "success")
        return _to(agency_id)
    return render_template(
        "manage/agency_admin.html", line=line, form=form, none_left=not offered
    )


def _candidates(agency_id: int) -> dict[int, str]:
    session = db.session()
    already = {admin.person.id for admin in verbs.admins(session, agency_id)}
    found = people.to_choose_from(session, agency_id)
    return {p.id: f"{p.name} ({p.username})" for p in found if p.id not in already}


def _agency(agency_id: int) -> verbs.Line:
    line = verbs.line(db.session(), agency_id)
    if line is None:
        raise NotForYou
    return line


def _to(agency_id: int) -> ResponseReturnValue:
    return redirect(url_for("manage.agency", agency_id=agency_id))
