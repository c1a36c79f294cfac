"""Suspending a license, and lifting the suspension."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import get_member_for
from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.suspensions import Lift, Suspend
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import suspensions
from helpdesk.services.suspensions import Why
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show import member
from workflows.engine import Refused
from workflows.license import SUSPENDED


@pages.route("/<int:person_id>/suspend", methods=["GET", "POST"])
def suspend(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = Suspend()
    if not form.validate_on_submit():
        return _page(person, row, "suspend", form)
    return _done(person, row, form, "suspend", suspensions.suspend)


@pages.route("/<int:person_id>/lift", methods=["GET", "POST"])
def lift(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = Lift()
    if not form.validate_on_submit():
        return _page(person, row, "lift", form)
    return _done(person, row, form, "lift", suspensions.lift)


def _done(
    person: Person, row: License, form: Suspend | Lift, trigger: str, act: Callable[..., License]
) -> ResponseReturnValue:
    why = Why((form.reason.data or "").strip(), (form.said.data or "").strip())
    try:
        after = act(row.id, why, actor())
    except Refused as refused:
        release()
        return _page(person, row, trigger, form, [str(refused)]), 409
    flash(_words(person.name, after), "success")
    return redirect(url_for("people.show", person_id=person.id))


def _words(name: str, row: License) -> str:
    if row.state == SUSPENDED:
        return f"{name}’s license is suspended, and everybody concerned is told."
    return f"The suspension of {name}’s license is lifted, and everybody concerned is told."


def _page(
    person: Person, row: License, trigger: str, form: DeskForm, refused: list[str] | None = None
) -> str:
    more: dict[str, Any] = {"requests": member.open_requests(person, actor())}
    return render_template(
        f"people/{trigger}.html",
        person=member.head(person, row),
        form=form,
        refused=refused or member.why_not(row, trigger, actor()),
        **more,
    )
