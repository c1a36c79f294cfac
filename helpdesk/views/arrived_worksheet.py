"""What a form's script is told of a worksheet that has just come or gone, while the form is filled
in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from helpdesk.access import get_ticket_for
from helpdesk.actor import Actor
from helpdesk.forms.inputs import COURSE
from helpdesk.models.document import Document
from helpdesk.services.worksheets import is_worksheet
from helpdesk.views.begun import answer_begun, request_begun
from helpdesk.views.brought import Judge, fill_in_answer, fill_in_courses, judge_for, judge_on
from helpdesk.views.numbers import row_id
from helpdesk.views.request_named import named_about, named_again, named_kind
from helpdesk.views.show.worksheets import worksheets_shown


def news_of(me: Actor, draft: Document) -> dict[str, Any]:
    """`worksheet`: its checks; `courses` as in `days_told`. Nothing for another document."""
    if not is_worksheet(draft.kind):
        return {}
    days, judge = _seen(me)
    if judge is None:
        return {}
    shown = worksheets_shown(judge([draft])).get(draft.id)
    return {"worksheet": shown.as_json() if shown else None, "courses": _by_input(days)}


def days_told(me: Actor) -> dict[str, Any]:
    """`courses`: the days that the worksheets tell which are still there, by the names of their
    inputs. Nothing where the address names no form."""
    days, judge = _seen(me)
    return {"courses": _by_input(days)} if judge else {}


def _seen(me: Actor) -> tuple[dict[str, date], Judge | None]:
    """What the worksheets on the form tell, and who judges them; the address says which form."""
    ticket_id = request.args.get("ticket", type=row_id)
    if ticket_id is not None:
        ticket = get_ticket_for(me, ticket_id)
        answer = answer_begun(ticket, me)
        return fill_in_answer(answer, ticket, me), judge_for(ticket, me, answer)
    if "type" not in request.args:
        return {}, None
    kind = named_kind(request.args["type"])
    about = named_about(me, kind)
    form = request_begun(kind, about, named_again(me, kind, about))
    return fill_in_courses(kind, about, form), judge_on(kind, about, form)


def _by_input(days: Mapping[str, date]) -> dict[str, str]:
    return {f"{COURSE}{name}": day.isoformat() for name, day in days.items()}
