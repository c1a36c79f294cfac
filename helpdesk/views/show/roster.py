"""My people: a row each, with a light in words and the one action that makes sense now."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from helpdesk.actor import Actor
from helpdesk.extensions import settings
from helpdesk.models.license import License
from helpdesk.services.facts import today
from helpdesk.services.roster import QUIET_AFTER, Member, Page, idle_days
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


@dataclass(frozen=True)
class Action:
    """`done`: it is on its way already, and this leads to it."""

    label: str
    url: str
    done: bool = False


@dataclass(frozen=True)
class MemberShown:
    name: str
    username: str | None
    role: str
    license: pieces.LicenseShown
    light: str
    words: str
    expires: str
    idle: str
    action: Action | None


def members_shown(page: Page, me: Actor) -> list[MemberShown]:
    day = today()
    return [_shown(member, me, day) for member in page.members]


def _shown(member: Member, me: Actor, day: date) -> MemberShown:
    row, idle = member.license, idle_days(member.license, day)
    light, words = _light(row, idle)
    return MemberShown(
        name=member.person.name,
        username=member.person.username,
        role=ACCESS_LEVELS.get(row.access_level or "", ""),
        license=pieces.license_named(row.state),
        light=light,
        words=words,
        expires="" if row.state == licenses.REQUESTED else _expires(row.expires_on, day),
        idle="" if row.state == licenses.REQUESTED else _idle(idle),
        action=_action(member, me),
    )


def _light(row: License, idle: int | None) -> tuple[str, str]:
    """A tone, and what it means in words."""
    if row.state == licenses.REQUESTED:
        return "wait", "Being made"
    if row.state != licenses.ACTIVE:
        return "bad", "Can’t log in"
    if ends_soon(row.expires_on):
        return "wait", "Renew soon"
    if idle is not None and idle >= QUIET_AFTER.days:
        return "wait", "Log in soon"
    return "good", "Fine"


def ends_soon(ends: date | None) -> bool:
    """Whether a license that is good until then can be recertified; not if nobody knows."""
    window = timedelta(days=settings().RECERTIFICATION_WINDOW_DAYS)
    return ends is not None and ends <= today() + window


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
        url = url_for("tickets.show", ticket_id=member.ticket.id)
        state_shown = pieces.state_named(member.ticket.type, member.ticket.state)
        label = f"{member.ticket.number}: {state_shown.label}"
        return Action(label, url, done=True)
    type_name = HELPS.get(state)
    if state == licenses.ACTIVE and ends_soon(member.license.expires_on):
        type_name = RECERTIFY
    if type_name is None or (type_name == REACTIVATE and person.id == me.person_id):
        return None
    url = url_for("requests.file", type_name=type_name, person=person.id)
    return Action(LABELS[type_name], url)
