"""The queue: what needs me first, then by due time. The address says it all."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from flask import (
    Blueprint,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.forms.queue import FindTicket
from helpdesk.forms.registry import request_form
from helpdesk.models.agency import Agency
from helpdesk.models.role import approvers_names
from helpdesk.models.ticket import Ticket, id_named
from helpdesk.services import queue
from helpdesk.services.queue import Filters, Line, Place, View
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show import pieces
from workflows.common import IN_REVIEW, STATES, SUBMITTED
from workflows.registry import ticket_types

pages = Blueprint("queue", __name__)

TITLES = {
    View.OPEN: "All open",
    View.MINE: "Needs me",
    View.UNASSIGNED: "Nobody on it",
    View.WAITING: "Waiting",
    View.CLOSED: "Closed",
}
AGENCIES = select(Agency.id, Agency.name).order_by(Agency.name)
FILTERS = ("type", "state", "agency", "assignee")


@pages.get("/queue")
def index() -> str:
    me, session = actor(), db.session()
    view = _view()
    numbers = queue.counts(session, me.person_id)
    page = queue.read_page(session, view, _filters(), me.person_id, _after())
    selects = _selects()
    paths = url_for("tickets.show", ticket_id=0).removesuffix("0")  # made once, not for each row
    return render_template(
        "queue.html",
        title=TITLES[view],
        total=_total(numbers, view, page),
        views=_views(numbers, view),
        chips=_chips(selects),
        filters=selects,
        keep=[("view", view.value)],
        rows=[_row(line, me.person_id, paths) for line in page.lines],
        newer_url=_address(after=None) if "after" in request.args else None,
        older_url=_address(after=str(page.following)) if page.following else None,
        empty="Nothing here. Take a breath, or look at another view.",
    )  # fmt: skip


def _total(numbers: Mapping[View, str], view: View, page: queue.Page) -> str:
    """Of what is filtered nothing is counted but a first page that is the only one."""
    if _filters() == Filters():
        return numbers.get(view, "")
    whole = page.following is None and "after" not in request.args
    return str(len(page.lines)) if whole else ""


@pages.post("/queue/find")
def find() -> ResponseReturnValue:
    """Sent by POST, so that nobody's name comes to stand in an address."""
    me, session, form = actor(), db.session(), FindTicket()
    words = (form.q.data or "") if form.validate_on_submit() else ""
    if not words:
        return redirect(url_for("queue.index"))
    number = id_named(words)
    if number is not None and session.get(Ticket, number) is not None:
        return redirect(url_for("tickets.show", ticket_id=number))
    numbers, lines = queue.counts(session, me.person_id), queue.find(session, words)
    paths = url_for("tickets.show", ticket_id=0).removesuffix("0")
    return render_template(
        "queue.html",
        title="Found",
        total=f"the newest {len(lines)}" if len(lines) == queue.PAGE else len(lines),
        views=_views(numbers, None),
        words=words,
        rows=[_row(line, me.person_id, paths) for line in lines],
        empty=f"No request has the number “{words}”, and nobody it could be about that name.",
    )


def _views(numbers: Mapping[View, str], current: View | None) -> list[dict[str, Any]]:
    return [
        {"label": title, "url": url_for("queue.index", view=name.value),
         "count": numbers.get(name, ""), "current": name is current}
        for name, title in TITLES.items()
    ]  # fmt: skip


def _view() -> View:
    name = request.args.get("view", "")
    return View(name) if name in set(View) else View.OPEN


def _filters() -> Filters:
    args = request.args
    return Filters(
        type=_known("type", ticket_types()),
        state=_known("state", {state.name for state in STATES}),
        agency=args.get("agency", type=row_id),
        assignee=args.get("assignee", type=row_id),
    )


def _known(name: str, values: Collection[str]) -> str | None:
    chosen = request.args.get(name)
    return chosen if chosen in values else None


def _after() -> Place | None:
    """The place an address names; anything else is the first page."""
    band, _, rest = request.args.get("after", "").partition("_")
    key, _, number = rest.partition("_")
    try:
        moment = datetime.fromtimestamp(float(key), UTC) if key else None
        return Place(int(band), moment, row_id(number))
    except (ValueError, OverflowError, OSError):
        return None


def _address(**changed: str | None) -> str:
    kept = {name: request.args[name] for name in ("view", *FILTERS) if request.args.get(name)}
    return url_for("queue.index", **{**kept, **changed})  # type: ignore[arg-type]


class Row(NamedTuple):
    """A line of the queue, as the template says."""

    number: str
    url: str
    type: str
    person: str
    agency: str
    ask: str
    who: str | None
    mine: bool
    state: pieces.StateShown
    time: pieces.TimeLeft | None
    version: int
    take_url: str | None


TO_TAKE = {SUBMITTED, IN_REVIEW}
"""Where a request that nobody has waits for HAND."""


def _row(line: Line, me: int | None, paths: str) -> Row:
    kind = pieces.kind_of(line)
    free = line.state in TO_TAKE and line.assignee_id is None and kind is not None
    return Row(
        number=line.number,
        url=f"{paths}{line.id}",
        type=pieces.type_label(line),
        person=line.person,
        agency=line.agency or "",
        ask=request_form(line.type).in_short(line.fields) if kind else "",
        who=line.assignee,
        mine=line.assignee_id == me,
        state=pieces.state_of(line),
        time=pieces.time_left(line),
        version=line.version,
        take_url=f"{paths}{line.id}/take" if free else None,
    )


def _selects() -> list[dict[str, Any]]:
    """The filters as choices, the chosen ones marked."""
    session = db.session()
    agencies = session.connection().execute(AGENCIES).all()
    people = approvers_names(session)
    choices = {
        "type": [(kind.name, kind.label) for kind in ticket_types().values()],
        "state": [(state.name, state.label) for state in STATES[1:]],
        "agency": [(str(number), name) for number, name in agencies],
        "assignee": [("0", "Nobody"), *((str(number), name) for number, name in people)],
    }
    return [_select(name, choices[name]) for name in FILTERS]


def _select(name: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    chosen = request.args.get(name, "")
    label = {"assignee": "On it"}.get(name, name.capitalize())
    return {
        "name": name,
        "label": label,
        "options": _options((("", "Any"), *choices), chosen),
        "chosen": dict(choices).get(chosen),
    }


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """Hundreds of agencies are the same from one page to the next."""
    return cast(Markup, get_template_attribute("macros/options.html", "options")(choices, chosen))


def _chips(selects: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {"label": f"{each['label']}: {each['chosen']}",
         "clear_url": _address(**{each["name"]: None})}
        for each in selects
        if each["chosen"]
    ]  # fmt: skip
