"""Reporting a departure or a leave of absence, and taking a report back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import get_member_for
from helpdesk.extensions import settings
from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.people import ReportDeparture, ReportLeave
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import absences
from helpdesk.services.absences import Absence, Report
from helpdesk.services.facts import today
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show import member
from workflows.dates import in_words
from workflows.engine import Refused


@pages.route("/<int:person_id>/departure", methods=["GET", "POST"])
def departure(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = ReportDeparture(on=row.departs_on or today())
    form.today = today()
    if form.validate_on_submit() and form.on.data:
        told = Report(Absence.DEPARTURE, form.on.data, words=form.message.data or "")
        return _reported(person, row, told, form)
    return _page(person, row, Absence.DEPARTURE, form)


@pages.route("/<int:person_id>/leave", methods=["GET", "POST"])
def leave(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = ReportLeave(on=row.leave_from or row.on_leave_since or today(), back_on=row.leave_until)
    form.today = today()
    if form.validate_on_submit() and form.on.data:
        told = Report(Absence.LEAVE, form.on.data, form.back_on.data, form.message.data or "")
        return _reported(person, row, told, form)
    return _page(person, row, Absence.LEAVE, form)


@pages.post("/<int:person_id>/<any(departure, leave):what>/take-back")
def take_back(person_id: int, what: str) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    try:
        absences.cancel(row.id, Absence(what), actor())
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash(f"{TAKEN_BACK[Absence(what)].format(name=person.name)}", "success")
    return _to(person_id)


TAKEN_BACK = {
    Absence.DEPARTURE: "{name} stays: the report is taken back, and everybody is told.",
    Absence.LEAVE: "{name} does not go on leave: the report is taken back, and everybody is told.",
}


def _reported(
    person: Person, row: License, told: Report, form: DeskForm
) -> ResponseReturnValue:
    """A leave that was told of before is told of anew, with its new days."""
    try:
        absences.report(row.id, told, actor())
    except Refused as refused:
        release()
        return _page(person, row, told.kind, form, [str(refused)]), 409
    flash(_done(person.name, told), "success")
    return _to(person.id)


def _done(name: str, told: Report) -> str:
    to_come = told.on > today()
    if told.kind is Absence.DEPARTURE:
        after = f"is deactivated after {in_words(told.on)}" if to_come else "is deactivated"
        return f"HAND knows that {name} leaves. The license {after}."
    since = f"from {in_words(told.on)} on" if to_come else "from now on"
    return f"HAND knows of the leave. {name}’s license is inactive {since}."


def _page(
    person: Person, row: License, kind: Absence, form: DeskForm, refused: list[str] | None = None
) -> str:
    return render_template(
        f"people/{kind}.html",
        person=member.head(person, row),
        form=form,
        warnings=member.warnings(person, row, actor()) if kind is Absence.DEPARTURE else [],
        requests=member.open_requests(person, actor()),
        days_to_deletion=1 + settings().DELETION_WARNING_DAYS,
        refused=refused or member.barred(row, kind, actor()),
    )


def _to(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show", person_id=person_id))
