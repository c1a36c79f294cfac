"""What a form's script is told of a worksheet that has just come, while the form is filled in."""

from typing import Any

from flask import request

from helpdesk.access import get_ticket_for
from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm
from helpdesk.forms.course_dates import fitted
from helpdesk.forms.registry import request_form
from helpdesk.models.document import Document
from helpdesk.services.worksheets import is_worksheet
from helpdesk.views.brought import courses_on, judge_for, judge_on
from helpdesk.views.numbers import row_id
from helpdesk.views.request_named import named_about, named_kind
from helpdesk.views.show.worksheets import worksheets_shown
from workflows.checking import Judged


def news_of(me: Actor, draft: Document) -> dict[str, Any]:
    """`worksheet`: its checks; `courses`: the days it tells of, by the
    names of their inputs. Nothing for another document."""
    if not is_worksheet(draft.kind):
        return {}
    ticket_id = request.args.get("ticket", type=row_id)
    if ticket_id is not None:
        ticket = get_ticket_for(me, ticket_id)
        return _told(judge_for(ticket, me)([draft]), draft)
    if "type" not in request.args:
        return {}
    kind = named_kind(request.args["type"])
    about = named_about(me, kind)
    form = _form(kind.name, about)
    days = courses_on(kind, about, form, [draft])
    told = _told(judge_on(kind, about, form)([draft]), draft)
    return told | {"courses": {f"course_{name}": day.isoformat() for name, day in days.items()}}


def _form(type_name: str, about: About) -> RequestForm:
    """As far as it is filled in."""
    form = fitted(request_form(type_name), about.grid)()
    form.prepare(about)
    return form


def _told(judged: tuple[Judged, ...], draft: Document) -> dict[str, Any]:
    shown = worksheets_shown(judged).get(draft.id)
    return {"worksheet": shown.as_json()} if shown else {}
