"""When a request is done and something is wrong all the same: what helps now, since nothing can be
added to it."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for

from helpdesk.extensions import settings
from helpdesk.services import tickets
from helpdesk.views.show.pieces import license_shown
from helpdesk.views.show.ticket_base import Seen
from helpdesk.views.show.way_back import ADMINS_REQUEST, OWN_REQUEST, Button
from workflows import license as licenses
from workflows.common import COMPLETED
from workflows.guards import NEW_PASSWORD
from workflows.registry import ticket_types

HELPS = {licenses.ACTIVE: NEW_PASSWORD, **OWN_REQUEST, **ADMINS_REQUEST}
"""What is filed for a license in each state; for another one only HAND can do something."""


@dataclass(frozen=True)
class StillWrong:
    """`request`: a new one of the type that the license needs now; `others`: the way to any other;
    `reach`: HAND itself, by the ways that there are."""

    request: Button | None
    others: str | None
    reach: list[Button]


def still_wrong(seen: Seen) -> StillWrong | None:
    """None while the request is open, or where it can be filed again."""
    if seen.ticket.state != COMPLETED:
        return None
    me, person_id = seen.me, seen.ticket.person_id
    mine = person_id == me.person_id and not me.agencies
    others = url_for("requests.start", person=None if mine else person_id)
    return StillWrong(_request(seen), others, _reach(seen.ticket.number))


def _request(seen: Seen) -> Button | None:
    """Only what the reader may file."""
    person = seen.people.licensee
    kind = ticket_types().get(HELPS.get(license_shown(seen.people.license).state, ""))
    if kind is None or tickets.why_not_file(seen.session, kind, person, seen.me):
        return None
    url = url_for("requests.file", type_name=kind.name, person=person.id)
    return Button(f"File {kind.label}", url)


def _reach(number: str) -> list[Button]:
    config, found = settings(), list[Button]()
    if config.DESK_PHONE:
        digits = "".join(c for c in config.DESK_PHONE if c.isdigit() or c == "+")
        found.append(Button(f"call {config.DESK_PHONE}", f"tel:{digits}", outside=True))
    if config.DESK_EMAIL:
        to = f"mailto:{quote(config.DESK_EMAIL, safe='@')}?subject={quote(number)}"
        found.append(Button(f"write to {config.DESK_EMAIL}", to, outside=True))
    return found
