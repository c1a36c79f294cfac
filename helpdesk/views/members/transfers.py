"""Moving somebody to another agency, and taking a planned move back: for HAND's staff."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import get_member_for
from helpdesk.extensions import db
from helpdesk.forms.people import TransferPerson
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import agencies, transfers
from helpdesk.services.facts import today
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show import member
from workflows.dates import in_words
from workflows.engine import Refused


@pages.route("/<int:person_id>/transfer", methods=["GET", "POST"])
def transfer(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = TransferPerson(agency=row.moves_to_id, on=row.moves_on or today())
    form.today = today()
    offered = {agency.id: agency.name for agency in agencies.active(db.session())
               if agency.id != row.agency_id}  # fmt: skip
    form.offer(offered, only_given=row.agency_id is None)
    if form.validate_on_submit():
        told = _told(form)
        try:
            transfers.transfer(row.id, told, actor())
        except Refused as refused:
            release()
            loose = [reason.sentence for reason in refused.reasons if not form.place(reason)]
            return _page(person, row, form, loose), 409 if loose else 200
        flash(_done(person.name, offered[told.to], told), "success")
        return _to(person_id)
    return _page(person, row, form, [])


@pages.post("/<int:person_id>/transfer/take-back")
def transfer_take_back(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    try:
        transfers.cancel(row.id, actor())
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash(f"{person.name} stays: the move is taken back, and everybody is told.", "success")
    return _to(person_id)


def _told(form: TransferPerson) -> Transfer:
    if "on" not in form:
        return Transfer(form.agency.data, today())
    return Transfer(form.agency.data, form.on.data or today(), form.reason.data or "")


def _done(name: str, agency: str, told: Transfer) -> str:
    if told.on > today():
        return f"{name} moves to {agency} on {in_words(told.on)}. Everybody is told."
    return f"{name} belongs to {agency} now."


def _page(person: Person, row: License, form: TransferPerson, refused: list[str]) -> str:
    return render_template(
        "people/transfer.html",
        person=member.head(person, row),
        form=form,
        warnings=member.warnings(person, row, actor()),
        requests=member.open_requests(person, actor()),
        refused=refused,
    )


def _to(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show", person_id=person_id))
