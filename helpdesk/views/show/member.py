"""One person of an agency as their admin and HAND see them."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from helpdesk.access import visible_tickets
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.completion_change import CompletionChange, completion_changes_of
from helpdesk.models.correction import corrections_of
from helpdesk.models.event import license_history
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, overview, roster
from helpdesk.services.absences import PLANS, STEPS, Absence
from helpdesk.views.home import row as ticket_row
from helpdesk.views.show import pieces
from helpdesk.views.show.corrections import corrected, newest_first
from helpdesk.views.show.event_lines import EventShown
from helpdesk.views.show.lives import life_event
from helpdesk.views.show.member_courses import member_courses, told_courses
from helpdesk.views.show.roster import MemberShown, member_shown
from workflows.dates import in_words
from workflows.engine import UnknownState
from workflows.license import MOVE
from workflows.training import ACCESS_LEVELS

TICKETS = 10
TRANSFER, ASSIGN = "Transfer to another agency", "Assign an agency"


def member_page(person: Person, row: License, me: Actor) -> dict[str, Any]:
    session = db.session()
    changes = completion_changes_of(session, person.id)
    return {
        "person": head(person, row),
        "member": _member(person, row, me),
        "facts": _on_file(person, row),
        "correct_url": url_for("people.correct", person_id=person.id),
        "dates": _dates(row),
        "plans": _plans(person, row, me),
        "actions": _actions(person, row, me),
        "tickets": _tickets(person, me),
        "courses": member_courses(session, row, me, changes),
        "events": _events(session, row, changes) if me.staff else [],
    }


def _events(
    session: Session, row: License, changes: list[CompletionChange]
) -> list[EventShown]:
    """Newest first: what happened to the license, and what was put right of its holder."""
    lived = [(each.at, life_event(each)) for each in license_history(session, row.id)]
    put_right = corrected(corrections_of(session, row.person_id))
    return newest_first([*lived, *put_right, *told_courses(session, changes)])


def head(person: Person, row: License | None) -> dict[str, Any]:
    """`row` None: somebody without a license, such as HAND's own people."""
    agency = db.session.get(Agency, row.agency_id or 0) if row else None
    return {
        "name": person.name,
        "url": url_for("people.show", person_id=person.id),
        "agency": agency.name if agency else None,
        "agency_url": url_for("agencies.show", agency_id=agency.id) if agency else None,
        "license": pieces.license_named(row.state) if row else None,
    }


def _member(person: Person, row: License, me: Actor) -> MemberShown | None:
    whose = roster.Whose({row.agency_id or 0}, visible_tickets(me))
    found = roster.member(db.session(), whose, person.id)
    return member_shown(found, me) if found else None


def _on_file(person: Person, row: License) -> list[tuple[str, str | None]]:
    return [
        ("Username", person.username),
        ("Work email", person.email),
        ("Phone", person.phone),
        ("Access level", ACCESS_LEVELS.get(row.access_level or "")),
    ]


def _dates(row: License) -> list[tuple[str, pieces.When | None]]:
    """None: nobody knows."""
    known = [
        ("Expired" if row.expired_at else "Expires", _day(row.expires_on)),
        ("Last log-in", pieces.when(row.last_login_at) if row.last_login_at else None),
    ]
    days = {"Left the agency": row.departed_on, "On leave since": row.on_leave_since,
            "Back from leave": row.leave_until if row.on_leave_since else None,
            "May be deleted from": row.deletable_on}  # fmt: skip
    moments = {"Locked since": row.locked_at, "Suspended since": row.suspended_at}
    return [
        *known,
        *((label, pieces.day(day)) for label, day in days.items() if day),
        *((label, pieces.when(moment)) for label, moment in moments.items() if moment),
    ]


def _day(value: Any) -> pieces.When | None:
    return pieces.day(value) if value else None


def _plans(person: Person, row: License, me: Actor) -> list[dict[str, str | None]]:
    """What was reported for a day to come. Where somebody goes is for HAND to know, and only HAND
    takes it back."""
    plans: list[dict[str, str | None]] = []
    if row.departs_on:
        words = f"Leaves the agency. Last day: {in_words(row.departs_on)}."
        plans.append(_plan(person, Absence.DEPARTURE, words))
    if row.leave_from:
        back = f", back on {in_words(row.leave_until)}" if row.leave_until else ""
        words = f"On leave from {in_words(row.leave_from)} on{back}."
        plans.append(_plan(person, Absence.LEAVE, words))
    if row.moves_on:
        to = db.session.get(Agency, row.moves_to_id or 0) if me.staff else None
        words = f"Moves to {to.name if to else 'another agency'} on {in_words(row.moves_on)}."
        undo = url_for("people.transfer_take_back", person_id=person.id) if me.staff else None
        plans.append({"words": words, "undo_url": undo})
    return plans


def _plan(person: Person, kind: Absence, words: str) -> dict[str, str | None]:
    url = url_for("people.take_back", person_id=person.id, what=kind.value)
    return {"words": words, "undo_url": url}


def _actions(person: Person, row: License, me: Actor) -> list[dict[str, str]]:
    can = _can(row, me)
    shown = {
        "depart": ("Report a departure", "people.departure", "box-arrow-right"),
        "take_leave": ("Report a leave of absence", "people.leave", "pause-circle"),
        MOVE: (TRANSFER if row.agency_id else ASSIGN, "people.transfer", "arrow-left-right"),
        "suspend": ("Suspend the license", "people.suspend", "shield-exclamation"),
        "lift": ("Lift the suspension", "people.lift", "unlock"),
    }
    return [
        {"label": label, "url": url_for(endpoint, person_id=person.id), "icon": icon}
        for trigger, (label, endpoint, icon) in shown.items()
        if trigger in can
    ]


def _can(row: License, me: Actor) -> set[str]:
    try:
        return licenses.allowed(row, me)
    except UnknownState:
        return set()


def barred(row: License, kind: Absence, me: Actor) -> list[str]:
    """Why it can't be reported at all."""
    if {STEPS[kind], PLANS[kind]} & _can(row, me):
        return []
    if row.departed_on:
        return ["That they have left is on file already."]
    return [f"The license is {pieces.license_named(row.state).label.lower()}."]


def why_not(row: License, trigger: str, me: Actor) -> list[str]:
    """What speaks against a step of the license, whatever a form brings; empty if nothing does."""
    if trigger in _can(row, me):
        return []
    if row.person_id == me.person_id:
        return ["It is your own license. A colleague at HAND has to decide."]
    return [f"The license is {pieces.license_named(row.state).label.lower()}."]


def warnings(person: Person, row: License, me: Actor) -> list[str]:
    """What would be missing once they have left."""
    agency = db.session.get(Agency, row.agency_id or 0)
    able = admins_of(db.session(), row.agency_id)
    if agency is None or person.id not in {admin.id for admin in able}:
        return []
    if len(able) > 1:
        return [f"{person.name} is an admin of {agency.name}. That role ends, too."]
    last = f"{person.name} is the last admin of {agency.name} who can sign in."
    way = "Name another one first." if me.staff else "Ask HAND to name another one first."
    return [f"{last} Then only HAND can file for its people. {way}"]


def open_requests(person: Person, me: Actor) -> list[Any]:
    """They stay open: whether somebody else needs them is for people to say."""
    about = visible_tickets(me) & (Ticket.person_id == person.id)
    found = overview.recent(db.session(), about, open_ones=True, limit=TICKETS)
    return [ticket_row(ticket, who.name) for ticket, who in found]


def _tickets(person: Person, me: Actor) -> list[Any]:
    about = visible_tickets(me) & (Ticket.person_id == person.id)
    ended = overview.recent(db.session(), about, open_ones=False, limit=TICKETS)
    return [*open_requests(person, me), *(ticket_row(t, who.name) for t, who in ended)]
