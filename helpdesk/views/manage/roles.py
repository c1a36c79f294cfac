"""Giving a role and taking it away; what that would mean is said before."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import GrantRole, Plain, clash
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import agencies, roles
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show import ROLES


@pages.route("/people/<int:person_id>/roles/new", methods=["GET", "POST"])
def role_grant(person_id: int) -> ResponseReturnValue:
    session, form = db.session(), GrantRole()
    person = session.get(Person, person_id)
    if person is None:
        raise NotForYou
    form.offer([(agency.id, agency.name) for agency in agencies.active(session)])
    if form.validate_on_submit():
        try:
            invited = roles.grant(person_id, form.role_chosen(), form.agency_chosen(), actor())
        except roles.NotPossible as why:
            clash(form.role, str(why))
        else:
            by_mail = " A link to choose a password is on its way by email." if invited else ""
            flash(f"{person.name} has the role now.{by_mail}", "success")
            return redirect(url_for("manage.person", person_id=person_id))
    return render_template("manage/role_grant.html", person=person, form=form)


@pages.route("/people/<int:person_id>/roles/<int:grant_id>/revoke", methods=["GET", "POST"])
def role_revoke(person_id: int, grant_id: int) -> ResponseReturnValue:
    session, form = db.session(), Plain()
    held = roles.one(session, person_id, grant_id)
    if held is None:
        raise NotForYou
    person = session.get_one(Person, person_id)
    back = _back(person_id, held)
    if not form.validate_on_submit():
        return _ask(person, held, form, back)
    try:
        roles.revoke(person_id, grant_id, actor())
    except roles.NotPossible as why:
        return _ask(person, held, form, back, str(why)), 409
    flash(f"{person.name} is no longer {ROLES[held.grant.role]}.", "success")
    return redirect(back)


def _ask(
    person: Person, held: roles.Held, form: Plain, back: str, refused: str | None = None
) -> str:
    return render_template(
        "manage/role_revoke.html",
        person=person,
        role=ROLES[held.grant.role],
        agency=held.agency,
        form=form,
        back_url=back,
        refused=refused,
        warnings=_warnings(person.id, held),
    )


def _warnings(person_id: int, held: roles.Held) -> list[str]:
    """What would be missing afterwards."""
    session = db.session()
    if held.agency is not None and held.in_force:
        able = [a for a in agencies.admins(session, held.agency.id) if a.signs_in]
        if [admin.person.id for admin in able] == [person_id]:
            return [f"{held.agency.name} is left without an admin who can sign in."]
    if held.grant.role is not Role.AGENCY_ADMIN and not _approves_anyway(person_id, held):
        left = [a for a in roles.who_can_approve(session) if a.person.id != person_id]
        if len(left) < roles.ENOUGH_APPROVERS:
            return ["Fewer than two people are left who can approve requests."]
    return []


def _approves_anyway(person_id: int, held: roles.Held) -> bool:
    others = (h.grant for h in roles.held(db.session(), person_id) if h.grant.id != held.grant.id)
    return any(grant.role is not Role.AGENCY_ADMIN for grant in others)


def _back(person_id: int, held: roles.Held) -> str:
    """Where the effect is seen."""
    if held.agency is not None:
        return url_for("manage.agency", agency_id=held.agency.id)
    return url_for("manage.person", person_id=person_id)
