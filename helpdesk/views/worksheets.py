"""Worksheets to download, for whoever may file the request that needs one."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.documents.names import harmless
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.models.agency import Agency
from helpdesk.services.blank_worksheets import Wanted, blank
from helpdesk.views.documents import POLICY
from helpdesk.views.guard import actor
from helpdesk.views.request_named import named_about, named_kind
from workflows.ticket_type import TicketType
from workflows.training import ACCESS_LEVELS
from workflows.worksheets import NEW_USER, Sheet, newest

pages = Blueprint("worksheets", __name__, url_prefix="/worksheets")

PDF = "application/pdf"


@pages.get("/<type_name>")
def download(type_name: str) -> ResponseReturnValue:
    """Of a newcomer, it is asked first for which access level."""
    me, kind = actor(), named_kind(type_name)
    sheet = sheet_of(kind)
    if sheet is None:
        raise NotForYou
    about = named_about(me, kind)
    level = _level(about, sheet)
    if sheet is NEW_USER and level is None:
        return render_template("requests/worksheet.html", title=sheet.title, levels=ACCESS_LEVELS,
                               person=about.person)  # fmt: skip
    wanted = Wanted(sheet, about.grid, level, _agency(about), about.person, about.license)
    answer = send_file(BytesIO(blank(wanted)), PDF, as_attachment=True,
                       download_name=harmless(wanted.name), etag=False, max_age=0)  # fmt: skip
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def sheet_of(kind: TicketType) -> Sheet | None:
    """The worksheet that a request of this type needs, if it needs one."""
    found = (newest(paper) for paper in kind.papers)
    return next((sheet for sheet in found if sheet is not None), None)


def _level(about: About, sheet: Sheet) -> str | None:
    if sheet is not NEW_USER:
        return about.license.access_level if about.license else None
    asked = request.args.get("level", "")
    return asked if asked in ACCESS_LEVELS else None


def _agency(about: About) -> str | None:
    """Where the person works; a newcomer comes to the only agency of the one who asks."""
    if about.license is not None and about.license.agency_id is not None:
        agency = db.session.get(Agency, about.license.agency_id)
        return agency.name if agency else None
    return next(iter(about.agencies.values())) if len(about.agencies) == 1 else None
