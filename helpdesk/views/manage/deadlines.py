"""Deadlines: whether the daily sweep goes on by itself, and what it would do if it were let."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db, settings
from helpdesk.forms.desk_form import DeskForm
from helpdesk.models.person import Person
from helpdesk.models.sweep_hold import SweepHold, waiting_hold
from helpdesk.services.sweep import brake
from helpdesk.services.sweep.outlook import Ahead, outlook
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.show import pieces
from workflows.dates import in_words

RUNS_NOW = "It runs now. Within ten minutes all that is due is done, and those concerned are told."


@pages.get("/deadlines")
def deadlines() -> str:
    hold = waiting_hold(db.session())
    waits = hold is not None and hold.released_at is None
    return render_template(
        "manage/deadlines.html",
        hold=_hold_shown(hold) if hold else None,
        waits=waits,
        outlook=_outlook_shown() if waits else None,
        percent=settings().SWEEP_BRAKE_PERCENT,
        form=DeskForm(),
    )


@pages.post("/deadlines/<int:hold_id>/run")
def deadlines_run(hold_id: int) -> ResponseReturnValue:
    if brake.release(hold_id, actor()):
        flash(RUNS_NOW, "success")
    else:
        flash("It waits no more: somebody was faster, or it went on by itself.", "info")
    return redirect(url_for("manage.deadlines"))


def _hold_shown(hold: SweepHold) -> dict[str, Any]:
    released_by = db.session.get(Person, hold.released_by_id) if hold.released_by_id else None
    return {
        "id": hold.id,
        "changes": hold.changes,
        "held": hold.held,
        "since": pieces.when(hold.made_at),
        "released": pieces.when(hold.released_at) if hold.released_at else None,
        "released_by": released_by.name if released_by else "HAND",
    }


def _outlook_shown() -> dict[str, Any]:
    found = outlook(db.session())
    return {
        "counts": found.counts,
        "rows": [_row(each) for each in found.ahead],
        "more": found.more,
    }


def _row(ahead: Ahead) -> dict[str, Any]:
    row = ahead.license
    return {
        "name": ahead.person.name,
        "url": url_for("manage.person", person_id=ahead.person.id),
        "agency": ahead.agency,
        "license": pieces.license_named(row.state),
        "expires": in_words(row.expires_on) if row.expires_on else "unknown",
        "seen": pieces.when(row.last_login_at) if row.last_login_at else None,
        "steps": ahead.steps,
    }
