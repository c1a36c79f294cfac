"""The training grid as it is in force, what is planned, and what there was."""

from flask import Response, render_template, request, url_for

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.services.facts import today
from helpdesk.services.grid_csv import as_csv
from helpdesk.services.grids import Edition, editions
from helpdesk.views.documents import POLICY
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show_grid import courses_shown, editions_shown
from helpdesk.views.numbers import row_id
from helpdesk.views.show import pieces


@pages.get("/grid")
def grid() -> str:
    found, day = editions(db.session()), today()
    edition = found.edition_on(day)
    return render_template(
        "manage/grid.html",
        courses=courses_shown(found.on(day)),
        since=pieces.day(edition.effective_on) if edition else None,
        editions=editions_shown(found, day),
        export_url=url_for("manage.grid_export"),
    )


@pages.get("/grid/<int:edition_id>")
def grid_edition(edition_id: int) -> str:
    edition = the_edition(edition_id)
    shown = editions_shown(editions(db.session()), today())
    here = url_for("manage.grid_edition", edition_id=edition_id)
    return render_template(
        "manage/grid_edition.html",
        courses=courses_shown(edition.grid),
        edition=next(each for each in shown if each["url"] == here),
        export_url=url_for("manage.grid_export", edition=edition_id),
    )


def the_edition(edition_id: int) -> Edition:
    found = editions(db.session()).editions
    edition = next((each for each in found if each.id == edition_id), None)
    if edition is None:
        raise NotForYou
    return edition


def named_edition() -> Edition | None:
    """The one that the address names."""
    if "edition" not in request.args:
        return None
    return the_edition(request.args.get("edition", default=0, type=row_id))


@pages.get("/grid/training-grid.csv")
def grid_export() -> Response:
    """A byte order mark tells spreadsheets that it is UTF-8."""
    edition, day = named_edition(), today()
    grid = edition.grid if edition else editions(db.session()).on(day)
    name = f"training-grid-{edition.effective_on if edition else day}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": POLICY,
    }
    return Response("\ufeff" + as_csv(grid), mimetype="text/csv", headers=headers)
