"""One import: the dry run with all it would do, apply, what came of it, undo."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import Plain
from helpdesk.models.import_run import ImportRun, Phase
from helpdesk.services.imports import history, runs
from helpdesk.services.imports.faulty import as_csv
from helpdesk.services.imports.kinds import KINDS
from helpdesk.services.imports.sources import CannotRead
from helpdesk.services.imports.undo import NotTheLast, undo
from helpdesk.views.documents import POLICY
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show_import import parts_shown, run_shown, touched_shown
from helpdesk.views.numbers import row_id

CHANGED = (
    "The register has changed since this page was shown, so nothing was written. This is what"
    " the import would do now: look at it again, then apply it."
)
OVERTAKEN = (
    "Somebody changed the same people at this moment, so nothing was written. Try it once more."
)
OVER = "This import is applied already. Nothing was done twice."
NOT_THE_LAST = "Only the last import can be undone, and once. Nothing was changed."


@pages.get("/imports/<int:run_id>")
def import_run(run_id: int) -> ResponseReturnValue:
    run = the_run(run_id)
    if wants_columns(run):
        return redirect(url_for("manage.import_columns", run_id=run.id))
    if run.phase is Phase.PLANNED:
        return _dry_run(run)
    after = request.args.get("after", default=0, type=row_id)
    found = history.changes(db.session(), run, after)
    more = url_for("manage.import_run", run_id=run.id, after=found.following)
    return render_template(
        "manage/import_done.html",
        run=run_shown(history.line(db.session(), run)),
        touched=[touched_shown(each) for each in found.touched],
        first_url=url_for("manage.import_run", run_id=run.id) if after else None,
        more_url=more if found.following else None,
    )


def wants_columns(run: ImportRun) -> bool:
    """Nobody has said yet what the columns of this file hold."""
    return run.phase is Phase.PLANNED and bool(KINDS[run.kind].fields) and run.layout is None


def the_run(run_id: int) -> ImportRun:
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise NotForYou
    return run


def _dry_run(run: ImportRun, refused: str | None = None) -> str:
    part = request.args.get("part", "")
    start = request.args.get("from", default=0, type=row_id)
    try:
        proposal = runs.propose(run)
    except CannotRead as why:
        return render_template("manage/import_gone.html", run=_shown(run), why=str(why))
    return render_template(
        "manage/import_dry.html",
        run=_shown(run),
        proposal=proposal,
        parts=parts_shown(run, proposal, part, start),
        digest=proposal.digest(),
        refused=refused,
    )


def _shown(run: ImportRun) -> object:
    return run_shown(history.line(db.session(), run))


@pages.post("/imports/<int:run_id>/apply")
def import_apply(run_id: int) -> ResponseReturnValue:
    run = the_run(run_id)
    if wants_columns(run):
        return redirect(url_for("manage.import_columns", run_id=run.id))
    try:
        runs.apply(run, request.form.get("digest", ""), actor())
    except runs.Differs:
        return _dry_run(the_run(run_id), CHANGED), 409
    except (runs.Overtaken, CannotRead):
        return _dry_run(the_run(run_id), OVERTAKEN), 409
    except runs.Over:
        flash(OVER, "info")
    else:
        flash("The import is applied.", "success")
    return redirect(url_for("manage.import_run", run_id=run_id))


@pages.post("/imports/<int:run_id>/drop")
def import_drop(run_id: int) -> ResponseReturnValue:
    run = the_run(run_id)
    try:
        runs.drop(run)
    except runs.Over:
        flash(OVER, "info")
        return redirect(url_for("manage.import_run", run_id=run_id))
    flash("The dry run is gone. Nothing was written.", "success")
    return redirect(url_for("manage.imports"))


@pages.route("/imports/<int:run_id>/undo", methods=["GET", "POST"])
def import_undo(run_id: int) -> ResponseReturnValue:
    run, form = the_run(run_id), Plain()
    line = history.line(db.session(), run)
    here = url_for("manage.import_run", run_id=run_id)
    if not line.can_undo:
        flash(NOT_THE_LAST, "info")
        return redirect(here)
    if not form.validate_on_submit():
        return render_template("manage/import_undo.html", run=run_shown(line), form=form)
    try:
        outcome = undo(run_id, actor())
    except NotTheLast:
        flash(NOT_THE_LAST, "info")
    else:
        left = f" Not brought back: {len(outcome.left)}, see below." if outcome.left else ""
        flash(f"Undone: {outcome.undone} as before.{left}", "success")
    return redirect(here)


@pages.get("/imports/<int:run_id>/faulty.csv")
def import_faulty(run_id: int) -> ResponseReturnValue:
    """A byte order mark tells spreadsheets that it is UTF-8."""
    run = the_run(run_id)
    if not run.file_kept or wants_columns(run):
        raise NotForYou
    try:
        text = as_csv(runs.source_of(run), runs.propose(run).faulty, runs.shape_of_file(run))
    except CannotRead:
        raise NotForYou from None
    headers = {
        "Content-Disposition": f'attachment; filename="import-{run.id}-faulty.csv"',
        "Content-Security-Policy": POLICY,
    }
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)
