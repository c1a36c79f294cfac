"""Imports: what there were, and a new one."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db, now
from helpdesk.forms.imports import UploadFile
from helpdesk.forms.manage import clash
from helpdesk.models.import_run import ImportKind
from helpdesk.services.imports import history, runs
from helpdesk.services.imports.sources import CannotRead
from helpdesk.services.words import local
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show_import import run_shown
from helpdesk.views.uploads import import_limits

AGAIN = "Choose the file again: browsers don’t keep it."


@pages.get("/imports")
def imports() -> str:
    lines = [run_shown(line) for line in history.runs(db.session())]
    return render_template("manage/imports.html", lines=lines)


@pages.route("/imports/new", methods=["GET", "POST"])
def import_add() -> ResponseReturnValue:
    today = local(now()).date()
    form = UploadFile(kind=ImportKind.USERS, as_of=today)
    form.latest = today
    if form.validate_on_submit():
        try:
            run = runs.take_in(_upload(form), actor())
        except CannotRead as why:
            clash(form.file, str(why))
        else:
            return redirect(url_for("manage.import_run", run_id=run.id))
    elif form.is_submitted() and not form.file.errors:
        clash(form.file, AGAIN)
    return render_template("manage/import_add.html", form=form, limits=import_limits())


def _upload(form: UploadFile) -> runs.Upload:
    file, kind = form.file.data, ImportKind[form.kind.data.upper()]
    assert form.as_of.data is not None, "the form asks for it"
    return runs.Upload(kind, file.filename, file.stream, form.as_of.data)
