"""A ticket whose type or state this version does not know: shown, never skipped."""

from flask import render_template

from helpdesk.actor import Actor
from helpdesk.models.ticket import Ticket


def unknown_page(ticket: Ticket, me: Actor) -> tuple[str, int]:
    what = f"Request {ticket.number} is kept safe, but this version of the desk can’t show it."
    detail = f" Its type is “{ticket.type}”, its state “{ticket.state}”." if me.staff else ""
    next_words = "HAND’s administrator has to upgrade the program or look at the row."
    page = render_template("error.html", code=500, what=what + detail, next=next_words)
    return page, 500
