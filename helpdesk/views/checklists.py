"""What staff carry out by hand: the list of it, and each checklist, confirmed step by step."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db, settings
from helpdesk.forms.checklists import CouldNot
from helpdesk.services import checklists
from helpdesk.services.checklists import NotYours, Overtaken, Task
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show.checklists import came_from, line, page

pages = Blueprint("checklists", __name__, url_prefix="/checklists")

PAGE = 50


@pages.get("")
def index() -> str:
    after = request.args.get("after", default=0, type=row_id)
    found = checklists.open_tasks(db.session(), PAGE + 1, after)
    more = found[PAGE - 1].checklist.id if len(found) > PAGE else None
    return render_template(
        "checklists/index.html",
        rows=[line(task, actor()) for task in found[:PAGE]],
        hmis=settings().HMIS_NAME,
        more_url=url_for("checklists.index", after=more) if more else None,
    )


@pages.get("/<int:checklist_id>")
def show(checklist_id: int) -> str:
    return _page(_task(checklist_id))


@pages.post("/<int:checklist_id>/confirm")
def confirm(checklist_id: int) -> ResponseReturnValue:
    _task(checklist_id)
    try:
        checklists.confirm(checklist_id, _number("round"), _number("step"), actor())
    except (NotYours, Overtaken):
        return _overtaken(checklist_id)
    task = _task(checklist_id)
    if task.open:
        return redirect(url_for("checklists.show", checklist_id=checklist_id, _anchor="now"))
    if task.ticket is None:
        flash("That was the last step: the account is changed.", "success")
    elif not task.ticket.open:
        flash("That was the last step: the account is changed, and everybody is told.", "success")
    return redirect(came_from(task)["url"])


@pages.route("/<int:checklist_id>/could-not", methods=["GET", "POST"])
def could_not(checklist_id: int) -> ResponseReturnValue:
    task = _task(checklist_id)
    form = CouldNot(round=task.checklist.round)
    if not task.open or task.is_about(actor()):
        return _overtaken(checklist_id, typed=form.reason.data)
    if not form.validate_on_submit():
        return render_template("checklists/could_not.html", form=form, task=page(task, actor()))
    try:
        reason, of_round = (form.reason.data or "").strip(), row_id(form.round.data or "")
        checklists.could_not(checklist_id, of_round, reason, actor())
    except (NotYours, Overtaken, ValueError):
        return _overtaken(checklist_id, typed=form.reason.data)
    if task.ticket is None:
        flash("Noted. It stands under Failed now: mend the cause and try again.", "success")
        return redirect(url_for("effects.index"))
    flash("Noted. The request needs a person now: mend it and try again, or reject it.", "success")
    return redirect(came_from(task)["url"])


def _number(name: str) -> int:
    """What the page was made of; no checklist is at -1."""
    return request.form.get(name, default=-1, type=int)


def _task(checklist_id: int) -> Task:
    found = checklists.task(db.session(), checklist_id)
    if found is None:
        raise NotForYou
    return found


def _page(task: Task, *, overtaken: bool = False, typed: str | None = None) -> str:
    shown = page(task, actor())
    return render_template("checklists/show.html", task=shown, overtaken=overtaken, typed=typed)


def _overtaken(checklist_id: int, typed: str | None = None) -> ResponseReturnValue:
    """The checklist as it stands now tells who was faster."""
    release()
    return _page(_task(checklist_id), overtaken=True, typed=typed), 409
