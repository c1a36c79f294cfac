"""What somebody can do about their own license: in a sentence, with the one button that helps.

For its holder alone, who has proved who they are: by a password or by a link mailed to them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import grids
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.facts import today
from helpdesk.views.show import pieces
from helpdesk.views.show.roster import ends_soon
from workflows import license as licenses
from workflows.guards import LABELS, NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.training import Purpose

OWN_REQUEST = {licenses.LOCKED: NEW_PASSWORD, licenses.EXPIRED: RECERTIFY}
"""What the holder files."""

ADMINS_REQUEST = {
    licenses.INACTIVE: REACTIVATE,
    licenses.DELETED: NEW_USER,
    licenses.ABSENT: NEW_USER,
    licenses.NOT_ISSUED: NEW_USER,
}
"""What an admin of the agency files for them."""

NEXT = {
    licenses.LOCKED: "File Request New Password. HAND unlocks the license and mails you how to go "
    "on.",
    licenses.EXPIRED: "Complete your yearly courses in the Learning Center ({courses}), then file "
    "Recertification with your worksheet.",
    licenses.INACTIVE: "{who} can file Reactivate License for you. Please don’t wait: a license "
    "that stays inactive is deleted in the end.",
    licenses.DELETED: "{who} can file New User License for you, as for somebody new.",
    licenses.ABSENT: "{who} files New User License for you, with your worksheet, the signed User "
    "Agreement and Code of Ethics, and your courses.",
    licenses.SUSPENDED: "Only HAND can lift that. Please get in touch{how}.",
    licenses.REQUESTED: "You get an email when it is ready. There is nothing to do until then.",
}
NEXT[licenses.NOT_ISSUED] = NEXT[licenses.ABSENT]


@dataclass(frozen=True)
class Button:
    """`outside`: it opens a mail program or a phone, not a page of ours."""

    label: str
    url: str
    outside: bool = False


@dataclass(frozen=True)
class WayBack:
    license: pieces.LicenseShown
    words: str
    button: Button | None


def of(session: Session, person_id: int, open_types: Collection[str] | None = None) -> WayBack:
    """`open_types`: requests about the person that are open; None: looked up."""
    person = session.get_one(Person, person_id)
    row = license_of(session, person_id)
    shown = pieces.license_shown(row)
    open_types = _open(session, person_id) if open_types is None else open_types
    request = {**OWN_REQUEST, **ADMINS_REQUEST}.get(shown.state)
    if request is not None and request in open_types:
        return WayBack(shown, f"{LABELS[request]} has been filed for it. HAND writes to you.", None)
    if row is not None and shown.state == licenses.ACTIVE:
        return WayBack(shown, *_while_active(row, open_types))
    admins = [one for one in admins_of(session, row.agency_id if row else None) if one != person]
    who = " or ".join(one.name for one in admins) or "An admin of your agency"
    grid = grids.in_force(session, today())
    courses = grid.required(row.access_level if row else None, Purpose.YEARLY)
    words = NEXT.get(shown.state, "").format(
        who=who, how=_how_to_reach_hand(), courses=", ".join(course.label for course in courses)
    )
    return WayBack(shown, words, _button(shown.state, person, admins))


def _open(session: Session, person_id: int) -> set[str]:
    query = select(Ticket.type).where(Ticket.person_id == person_id, Ticket.open)
    return set(session.scalars(query))


def _while_active(row: License, open_types: Collection[str]) -> tuple[str, Button | None]:
    """It can run out soon, and its password can still be lost."""
    if ends_soon(row.expires_on) and RECERTIFY not in open_types:
        return "It expires soon: renew it now.", _file(RECERTIFY, row.person_id)
    if accounts_are_ours():
        label = "Forgot Password"
        return "Forgot your password? We mail you a link.", Button(label, url_for("links.forgot"))
    wanted = NEW_PASSWORD not in open_types
    return "", _file(NEW_PASSWORD, row.person_id) if wanted else None


def _button(state: str, person: Person, admins: Iterable[Person]) -> Button | None:
    if state in OWN_REQUEST:
        return _file(OWN_REQUEST[state], person.id)
    if state in ADMINS_REQUEST:
        return _write(ADMINS_REQUEST[state], person, admins)
    return call_hand() if state == licenses.SUSPENDED else None


def _file(request: str, person_id: int) -> Button:
    url = url_for("requests.file", type_name=request, person=person_id)
    return Button(f"File {LABELS[request]}", url)


def _write(request: str, person: Person, admins: Iterable[Person]) -> Button:
    """A mail in their own mail program, to the admins on file, with the form that is filled in."""
    form = url_for("requests.file", type_name=request, person=person.id)
    if request == NEW_USER and person.username is None:
        form = url_for("requests.file", type_name=request)
    to = ",".join(quote(one.email, safe="@") for one in admins if one.email)
    return write_to_admin(request, form, to=to, name=person.name)


def write_to_admin(request: str, form: str, *, to: str = "", name: str = "") -> Button:
    """`form` is the path of the request's form."""
    label, base = LABELS[request], settings().BASE_URL.rstrip("/")
    body = f"Hello,\n\nplease file {label} for me:\n{base}{form}\n\nThank you,\n{name}"
    url = f"mailto:{to}?subject={quote(f'Please file {label} for me')}&body={quote(body)}"
    return Button("Write to my agency admin", url, outside=True)


def call_hand() -> Button | None:
    config = settings()
    if config.DESK_PHONE:
        number = "".join(c for c in config.DESK_PHONE if c.isdigit() or c == "+")
        return Button(f"Call HAND: {config.DESK_PHONE}", f"tel:{number}", outside=True)
    if config.DESK_EMAIL:
        return Button("Write to HAND", f"mailto:{quote(config.DESK_EMAIL, safe='@')}", outside=True)
    return None


def _how_to_reach_hand() -> str:
    config = settings()
    ways = [way for way in (config.DESK_PHONE, config.DESK_EMAIL) if way]
    return f": {' or '.join(ways)}" if ways else ""
