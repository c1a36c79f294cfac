"""Saying which column of a file holds what, beside the first rows of it."""

from itertools import islice
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.imports import Columns, columns_form
from helpdesk.forms.manage import clash
from helpdesk.models.import_run import ImportRun, Phase
from helpdesk.services.imports import history, mapping, runs
from helpdesk.services.imports.columns import Beginning, Layout, beginning
from helpdesk.services.imports.days import Order
from helpdesk.services.imports.kinds import KINDS
from helpdesk.services.imports.sources import CannotRead
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.import_run import OVER, the_run
from helpdesk.views.manage.show_import import run_shown

SAMPLES = 3


@pages.route("/imports/<int:run_id>/columns", methods=["GET", "POST"])
def import_columns(run_id: int) -> ResponseReturnValue:
    run = the_run(run_id)
    fields = KINDS[run.kind].fields
    if not fields or run.phase is not Phase.PLANNED:
        raise NotForYou
    try:
        found = beginning(runs.source_of(run))
    except CannotRead as why:
        return render_template("manage/import_gone.html", run=_shown(run), why=str(why))
    suggested = mapping.suggest(db.session(), run.kind, found)
    layout = Layout.from_json(run.layout) if run.layout else suggested.layout
    form = columns_form([(f.name, f.label) for f in fields], found.header)(data=_filled(layout))
    if form.validate_on_submit() and _said(run, found, form):
        return redirect(url_for("manage.import_run", run_id=run_id))
    return render_template(
        "manage/import_columns.html",
        run=_shown(run),
        form=form,
        names=[field.name for field in fields],
        remembered=suggested.remembered,
        samples=_samples(found),
    )


def _filled(layout: Layout) -> dict[str, str]:
    places = {name: str(place) for name, place in layout.columns.items()}
    return places | {"order": layout.order.value}


def _said(run: ImportRun, found: Beginning, form: Columns) -> bool:
    layout = Layout(form.places(), Order[form.order.data.upper()])
    wrong = mapping.faults(run.kind, layout)
    for name, why in wrong.items():
        clash(form[name], why)
    if wrong:
        return False
    try:
        runs.lay_out(run, found, layout)
    except runs.Over:
        flash(OVER, "info")
    return True


def _shown(run: ImportRun) -> dict[str, Any]:
    return run_shown(history.line(db.session(), run))


def _samples(found: Beginning) -> list[tuple[str, list[str]]]:
    """Each column with the first few things that stand in it."""
    return [
        (name or f"Column {place + 1}", list(islice(filter(None, found.values(place)), SAMPLES)))
        for place, name in enumerate(found.header)
    ]
