"""Changing the training grid: a table of inputs or a file, what would change, then saving it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.manage import clash
from helpdesk.forms.manage_grid import MOST_ROWS, GridFile, GridForm, filled_in, grid_form
from helpdesk.services import grids
from helpdesk.services.facts import today
from helpdesk.services.gateway import Stale
from helpdesk.services.grid_csv import Uploaded, from_csv
from helpdesk.services.grid_reach import needing_more
from helpdesk.services.imports.lines import Fault
from helpdesk.services.imports.sources import CannotRead
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.grid import named_edition
from helpdesk.views.manage.show_grid import editions_shown
from helpdesk.views.show import pieces
from workflows.dates import in_words
from workflows.grid_changes import changes
from workflows.grid_rules import faults, name_of
from workflows.training import Course, Grid

MORE, CHECK, SAVE, BACK = "more", "check", "save", "back"
MOVE, WAYS = "move", {"up": -1, "down": 1}
NOT_SENT_ON = {"csrf_token", "go"}


@pages.route("/grid/edit", methods=["GET", "POST"])
def grid_edit() -> ResponseReturnValue:
    if request.method != "POST":
        edition, found = named_edition(), grids.editions(db.session())
        grid = edition.grid if edition else found.on(today())
        return _edit_page(_begun(grid.courses, edition.effective_on if edition else tomorrow()))
    go, form = request.form.get("go", CHECK), _posted()
    if moved := _moved(form):
        return _edit_page(form, moved=moved)
    if go in {MORE, BACK}:
        return _edit_page(form)
    sound = form.validate()
    courses = _judged(form)
    if not sound or form.errors:
        return _edit_page(form)
    plan = _plan(form, courses)
    return _save(form, plan) if go == SAVE else _preview(plan)


def _moved(form: GridForm) -> tuple[int, str] | None:
    """The row that a course was moved to, and which way; None where no such button was pressed."""
    way, _, number = request.form.get(MOVE, "").partition("-")
    if way not in WAYS or not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    row, by = int(number), WAYS[way]
    if not form.can_move(row, by):
        return None
    form.move(row, by)
    form.name_rows()
    return row + by, way


def _begun(courses: Sequence[Course], day: date) -> GridForm:
    seen = grids.editions(db.session()).newest
    data = {**filled_in(courses), "seen": seen or "", "effective_on": day}
    form = grid_form(len(courses) + 1)(formdata=None, data=data)
    form.name_rows()
    return form


def _posted() -> GridForm:
    numbers = [name.removeprefix("label_") for name in request.form if name.startswith("label_")]
    found = [int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 10]
    rows = max(found, default=0) + 1
    more = 1 if request.form.get("go") == MORE else 0
    form = grid_form(min(rows + more, MOST_ROWS))()
    form.name_rows()
    return form


def _judged(form: GridForm) -> list[Course]:
    """The courses with their names; whatever is wrong stands at the input."""
    known, taken = grids.editions(db.session()).labels, list[str]()
    rows, found = [row for row, _course in form.kept()], list[Course]()
    for _row, course in form.kept():
        name = course.name if course.name in known else name_of(course.label, known, taken)
        taken.append(name)
        found.append(replace(course, name=name))
    form.mark(faults(found), rows)
    day = form.effective_on.data
    if day and day < today():
        clash(form.effective_on, "Choose today or a day to come: what was is not changed.")
    elif day and not form.errors and not changes(_on(day), Grid(tuple(found))):
        clash(form.reason, f"Nothing would be different from {in_words(day)} on.")
    return found


def tomorrow() -> date:
    """A grid judges what was sent on its day, so what was sent today keeps today’s."""
    return today() + timedelta(days=1)


def _on(day: date) -> Grid:
    return grids.in_force(db.session(), day)


def _plan(form: GridForm, courses: Sequence[Course]) -> grids.Plan:
    day, seen = form.effective_on.data, form.seen.data
    assert day is not None, "the form asks for it"
    reason = (form.reason.data or "").strip()
    return grids.Plan(day, tuple(courses), reason, int(seen) if seen else None)


def _edit_page(form: GridForm, **more: Any) -> str:
    context: dict[str, Any] = {"other": None, "read": None, "moved": None, **more}
    return render_template("manage/grid_edit.html", form=form, most=form.rows >= MOST_ROWS,
                           **context)  # fmt: skip


def _preview(plan: grids.Plan) -> str:
    day, session = plan.effective_on, db.session()
    before, after = _on(day), Grid(plan.courses)
    later = [each for each in grids.editions(session).editions if each.effective_on > day]
    sent = [(name, value) for name, value in request.form.items(multi=True)
            if name not in NOT_SENT_ON]  # fmt: skip
    return render_template(
        "manage/grid_preview.html",
        day=pieces.day(day),
        at_once=day == today(),
        reason=plan.reason,
        changes=changes(before, after),
        more=needing_more(session, before, after),
        later=pieces.day(later[0].effective_on) if later else None,
        sent=sent,
    )


def _save(form: GridForm, plan: grids.Plan) -> ResponseReturnValue:
    try:
        grids.save(plan, actor())
    except Stale:
        release()
        return _overtaken(form), 409
    day = plan.effective_on
    words = "It holds now." if day == today() else f"It holds from {in_words(day)} on."
    flash(f"The training grid is saved. {words}", "success")
    return redirect(url_for("manage.grid"))


def _overtaken(form: GridForm) -> str:
    """What somebody else has saved meanwhile; with it known, this one can be saved."""
    found = grids.editions(db.session())
    newest = next(each for each in found.editions if each.id == found.newest)
    shown = editions_shown(found, today())
    here = url_for("manage.grid_edition", edition_id=newest.id)
    form.seen.data = str(newest.id)
    return _edit_page(form, other=next(each for each in shown if each["url"] == here))


@pages.route("/grid/import", methods=["GET", "POST"])
def grid_import() -> str:
    """A file fills in the table, if nothing is wrong with it; nothing is saved by it."""
    form, wrong = GridFile(), list[Fault]()
    if form.validate_on_submit():
        file = Uploaded(form.file.data.filename or "The file", form.file.data.stream)
        try:
            courses, wrong = from_csv(file, grids.editions(db.session()).labels)
        except CannotRead as why:
            clash(form.file, str(why))
        else:
            if not wrong:
                return _edit_page(_begun(courses, tomorrow()), read=file.name)
    return render_template("manage/grid_import.html", form=form, wrong=wrong)
