"""My people: a row each, with a light in words and the one action that makes sense now."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from helpdesk.actor import Actor
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import today
from helpdesk.services.roster import Member, Page, Sort, idle_days
from helpdesk.services.urgency import LIGHTS, Light, Urgency, window
from helpdesk.views.show import pieces
from workflows import license as licenses
from workflows.guards import LABELS, NEW_PASSWORD, REACTIVATE, RECERTIFY
from workflows.training import ACCESS_LEVELS

HELPS = {
    licenses.EXPIRED: RECERTIFY,
    licenses.LOCKED: NEW_PASSWORD,
    licenses.INACTIVE: REACTIVATE,
}
"""The request that brings a license back from a state."""

URGENCY_WORDS = {
    Urgency.ANSWER: "HAND asks you",
    Urgency.EXPIRED: "Can’t log in",
    Urgency.LOCKED: "Can’t log in",
    Urgency.INACTIVE: "Can’t log in",
    Urgency.SUSPENDED: "Can’t log in: call HAND",
    Urgency.ENDS_SOON: "Renew soon",
    Urgency.QUIET: "Log in soon",
    Urgency.WITH_HAND: "HAND is on it",
    Urgency.FINE: "All well",
    Urgency.ON_LEAVE: "On leave",
    Urgency.LEFT: "Has left",
}
LIGHT_WORDS = {
    Light.NOW: "Needs me now",
    Light.SOON: "Soon",
    Light.HAND: "With HAND",
    Light.WELL: "All well",
}
SORT_WORDS = {
    Sort.URGENCY: "Urgency",
    Sort.NAME: "Name",
    Sort.EXPIRES: "Expires first",
    Sort.LOGIN: "Longest without a log-in",
}


@dataclass(frozen=True)
class Action:
    """`done`: it is on its way already, and this leads to it. `worksheet`: where the worksheet that
    it needs can be had."""

    label: str
    url: str
    done: bool = False
    worksheet: str | None = None


@dataclass(frozen=True)
class MemberShown:
    """`reports`: what else can be done or told of them, each with its address."""

    name: str
    url: str
    about: list[str]
    license: pieces.LicenseShown
    light: str
    words: str
    expires: str
    idle: str
    action: Action | None
    reports: list[tuple[str, str]]


REPORTS = {"departure": "Report a departure", "leave": "Report a leave of absence"}


def members_shown(page: Page, me: Actor) -> list[MemberShown]:
    day = today()
    return [_shown(member, me, day) for member in page.members]


def member_shown(member: Member, me: Actor) -> MemberShown:
    return _shown(member, me, today())


def _shown(member: Member, me: Actor, day: date) -> MemberShown:
    row, idle, action = member.license, idle_days(member.license, day), _action(member, me)
    role = ACCESS_LEVELS.get(row.access_level or "")
    return MemberShown(
        name=member.person.name,
        url=url_for("people.show", person_id=member.person.id),
        about=list(filter(None, (member.person.username, role))),
        license=pieces.license_named(row.state),
        light=LIGHTS[member.urgency],
        words=_words(member),
        expires="" if row.state == licenses.REQUESTED else _expires(row.expires_on, day),
        idle="" if row.state == licenses.REQUESTED else _idle(idle),
        action=action,
        reports=[*_worksheet(action), *_reports(member)],
    )


def _words(member: Member) -> str:
    """What the light means, with the day that it hangs on."""
    row, words = member.license, URGENCY_WORDS[member.urgency]
    if member.urgency is Urgency.ON_LEAVE and row.leave_until:
        return f"On leave, back {_short(row.leave_until)}"
    if member.urgency is Urgency.FINE and row.departs_on:
        return f"Leaves after {_short(row.departs_on)}"
    if member.urgency is Urgency.FINE and row.leave_from:
        return f"On leave from {_short(row.leave_from)}"
    return words


def _short(day: date) -> str:
    """Nov 25: for a day that is less than a year away."""
    return f"{day:%b} {day.day}"


def _worksheet(action: Action | None) -> list[tuple[str, str]]:
    return [("Download worksheet", action.worksheet)] if action and action.worksheet else []


def _reports(member: Member) -> list[tuple[str, str]]:
    row = member.license
    if row.state not in licenses.HELD or row.departed_on is not None:
        return []
    return [
        (label, url_for(f"people.{name}", person_id=row.person_id))
        for name, label in REPORTS.items()
    ]


def ends_soon(ends: date | None) -> bool:
    """Whether a license that is good until then can be recertified; not if nobody knows."""
    return ends is not None and ends <= today() + window()


def _expires(ends: date | None, day: date) -> str:
    if ends is None:
        return "unknown"
    left = (ends - day).days
    if left == 0:
        return "today"
    return f"in {_days(left)}" if left > 0 else f"{_days(-left)} ago"


def _idle(days: int | None) -> str:
    if days is None:
        return "unknown"
    return _days(days) if days else "today"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _action(member: Member, me: Actor) -> Action | None:
    person, state = member.person, member.license.state
    if member.ticket is not None:
        return _follow(member.ticket, asks=member.urgency is Urgency.ANSWER)
    type_name = HELPS.get(state) if member.urgency is not Urgency.LEFT else None
    if state == licenses.ACTIVE and ends_soon(member.license.expires_on):
        type_name = RECERTIFY
    if type_name is None or (type_name == REACTIVATE and person.id == me.person_id):
        return None
    url = url_for("requests.file", type_name=type_name, person=person.id)
    worksheet = None
    if type_name == RECERTIFY:
        worksheet = url_for("worksheets.download", type_name=type_name, person=person.id)
    return Action(LABELS[type_name], url, worksheet=worksheet)


def _follow(ticket: Ticket, *, asks: bool) -> Action:
    url = url_for("tickets.show", ticket_id=ticket.id)
    if asks:
        return Action(f"Answer {ticket.number}", url)
    state = pieces.state_named(ticket.type, ticket.state)
    return Action(f"{ticket.number}: {state.label}", url, done=True)
