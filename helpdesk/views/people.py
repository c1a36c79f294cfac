"""My people, page by page, for an agency's admins."""

from flask import Blueprint, render_template, request, url_for

from helpdesk.access import visible_tickets
from helpdesk.extensions import db
from helpdesk.services import roster
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show.roster import members_shown

pages = Blueprint("people", __name__)


@pages.get("/people")
def index() -> str:
    me = actor()
    page = roster.read_page(db.session(), me.agencies, visible_tickets(me), _after())
    more = url_for("people.index", after=str(page.following)) if page.following else None
    return render_template(
        "people.html",
        members=members_shown(page, me),
        more_url=more,
        back_url=url_for("people.index") if "after" in request.args else None,
    )


def _after() -> roster.Place | None:
    """The place an address names; anything else is the first page."""
    rank, _, rest = request.args.get("after", "").partition("_")
    number, _, name = rest.partition("_")
    try:
        return roster.Place(int(rank[:2]), name[:200].replace("\0", ""), row_id(number))
    except ValueError:
        return None
