"""Home: for staff what needs them, for an agency its requests, for a licensee the license."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from helpdesk.access import visible_tickets
from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import overview, queue, roster
from helpdesk.services.queue import View
from helpdesk.services.words import local
from helpdesk.views.guard import actor
from helpdesk.views.show import pieces, way_back
from helpdesk.views.show.notices import notices
from helpdesk.views.show.roster import members_shown
from helpdesk.views.show.signatures import unsigned_in_words
from workflows.common import WAITING

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    me, session = actor(), db.session()
    return render_template(
        "home.html",
        greeting=f"{_part_of_day()}, {me.name.split()[0]}",
        can_file=me.staff or me.agency_admin,
        notices=notices(session, me),
        staff=_staff(session, me) if me.staff else None,
        agency=_agency(session, me) if me.agencies else None,
        own=_own(session, me) if me.licensee else None,
    )


def _part_of_day() -> str:
    hour = local(now()).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


@dataclass(frozen=True)
class Row:
    """A line of a short list."""

    url: str
    number: str
    type: str
    person: str
    state: pieces.StateShown
    words: str
    time: pieces.TimeLeft | None = None


def row(ticket: Ticket | queue.Line, person: str) -> Row:
    """As submitters see it: that a failure needs HAND's attention is HAND's own concern."""
    kind = pieces.kind_of(ticket)
    state = kind.workflow.states.get(ticket.state) if kind else None
    return Row(
        url=url_for("tickets.show", ticket_id=ticket.id),
        number=ticket.number,
        type=pieces.type_label(ticket),
        person=person,
        state=pieces.state_named(ticket.type, ticket.state) if kind else pieces.state_of(ticket),
        words=pieces.says(state, ticket.due_at),
    )


def _staff(session: Session, me: Actor) -> dict[str, Any]:
    numbers = queue.counts(session, me.person_id)
    labels = {View.MINE: "Needs me", View.UNASSIGNED: "Nobody on it", View.WAITING: "Waiting"}
    page = queue.read_page(session, View.MINE, queue.Filters(), me.person_id)
    return {
        "counts": [
            {"label": label, "count": numbers[view], "url": _queue(view),
             "tone": "main" if view is View.MINE else ""}
            for view, label in labels.items()
        ],
        "mine": [_with_time(line) for line in page.lines[: overview.SHORT]],
        "queue_url": _queue(View.OPEN),
    }  # fmt: skip


def _with_time(line: queue.Line) -> Row:
    bare = row(line, line.person)
    of_staff = {"state": pieces.state_of(line), "words": ""}
    return Row(**(vars(bare) | of_staff | {"time": pieces.time_left(line)}))


def _queue(view: View) -> str:
    return url_for("queue.index", view=view.value)


def _agency(session: Session, me: Actor) -> dict[str, Any]:
    of_mine = Ticket.agency_id.in_(me.agencies)
    people = roster.read_page(session, roster.Whose(me.agencies, visible_tickets(me)))
    open_ones = overview.recent(session, of_mine, open_ones=True)
    done = overview.recent(session, of_mine, open_ones=False, limit=overview.SHORT)
    return {
        "members": members_shown(people, me),
        "more_people": people.following is not None,
        "name": " and ".join(sorted(me.agencies.values())),
        "rows": _rows(session, me, sorted(open_ones, key=lambda one: one[0].state != WAITING)),
        "done": _rows(session, me, done),
    }


def _own(session: Session, me: Actor) -> dict[str, Any]:
    assert me.person_id is not None, "the desk itself asks for no pages"
    about_me = visible_tickets(me) & (Ticket.person_id == me.person_id)
    found = [
        *overview.recent(session, about_me, open_ones=True, limit=overview.SHORT),
        *overview.recent(session, about_me, open_ones=False, limit=overview.SHORT),
    ]
    open_types = {ticket.type for ticket, _person in found if ticket.open}
    way = way_back.of(session, me.person_id, open_types)
    return {"way": way, "rows": _rows(session, me, found)}


def _rows(session: Session, me: Actor, found: list[tuple[Ticket, Person]]) -> list[Row]:
    """Of a request that waits for signatures, whose those are."""
    waiting = [ticket.id for ticket, _person in found if ticket.state == WAITING]
    unsigned = overview.unsigned_in(session, waiting)
    rows = [(ticket.id, row(ticket, person.name)) for ticket, person in found]
    return [replace(each, words=unsigned_in_words(unsigned[number], me.person_id))
            if number in unsigned else each for number, each in rows]  # fmt: skip
