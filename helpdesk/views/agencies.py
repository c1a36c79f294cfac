"""Agencies to read about: all of them for HAND's staff, their own for an agency's admins."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_agency_for, visible_agencies
from helpdesk.extensions import db
from helpdesk.services import agencies, seats
from helpdesk.views.guard import actor

pages = Blueprint("agencies", __name__, url_prefix="/agencies")


@pages.get("")
def index() -> ResponseReturnValue:
    """Whoever has one agency has it at once."""
    me = actor()
    found = agencies.lines(db.session(), visible_agencies(me))
    if len(found) == 1 and not me.staff:
        return redirect(url_for("agencies.show", agency_id=found[0].agency.id))
    used = seats.used(db.session())
    return render_template("agencies/index.html", lines=found, used=used)


@pages.get("/<int:agency_id>")
def show(agency_id: int) -> str:
    me, session = actor(), db.session()
    line = agencies.line(session, get_agency_for(me, agency_id).id)
    if line is None:
        raise NotForYou
    return render_template(
        "agencies/show.html",
        line=line,
        seats=seats.usage(session, line.agency),
        admins=agencies.admins(session, agency_id),
        back=me.staff or len(me.agencies) > 1,
    )
