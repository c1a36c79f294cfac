"""Requests that others have still to sign by mailed links, and the links. Wants an app context."""

import io
from urllib.parse import urlsplit

from sqlalchemy import select

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.links import Purpose
from helpdesk.models.document import Document, documents_of
from helpdesk.models.effect import Effect
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts, tickets, web_worksheets
from helpdesk.services.drafts import Upload
from helpdesk.services.filing import Request
from helpdesk.services.worksheets import web_reading
from tests import factories, filings
from tests.factories import Cast
from workflows import license as life
from workflows.guards import RECERTIFY
from workflows.papers import RECERTIFICATION_WORKSHEET
from workflows.signing import BY_LINK, asked_at, asked_name, asked_person, where
from workflows.training import STANDARD
from workflows.worksheets import RECERTIFICATION


def renewal(cast: Cast, about: Person | None = None, *, by: Actor | None = None) -> Ticket:
    """A Recertification that HAND filed for the licensee: they and their admin have to sign."""
    about = about or factories.licensee(life.EXPIRED, of=cast.agency)
    by, number = by or cast.sam, about.id
    key = f"the-worksheet-of-person-{number:06d}"
    put_to_form(cast, about, by, key)
    fields = filings.answers(RECERTIFY)
    return tickets.open_ticket(Request(RECERTIFY, about.id, about.id, key, fields), by)


def put_to_form(cast: Cast, about: Person, by: Actor, key: str) -> None:
    """The worksheet as it is filled in on its page, without a signature."""
    texts = answered(cast, about)
    code = web_worksheets.code_for(RECERTIFICATION, about.username, None)
    reading = web_reading(RECERTIFICATION, texts, code)
    data = io.BytesIO(web_worksheets.drawn(RECERTIFICATION, texts, code))
    upload = Upload(RECERTIFICATION_WORKSHEET, f"Worksheet {about.name}.pdf", data, reading)
    (kept,) = drafts.add_all(by.person_id or 0, key, [upload])
    assert isinstance(kept, Document), kept


def answered(cast: Cast, about: Person) -> dict[str, str]:
    day, courses = filings.answers(RECERTIFY)["courses"], STANDARD.required(None, PURPOSE)
    lines = {f"course{n}.name": course.label for n, course in enumerate(courses, 1)}
    lines |= {f"course{n}.day": day[course.name] for n, course in enumerate(courses, 1)}
    admin = db.session.get_one(Person, cast.admin.person_id)
    return {
        "name": about.name, "username": about.username or "", "email": about.email or "",
        "agency": cast.agency.name, "admin.name": admin.name, "level": "Agency Staff",
        **lines, **asked("user", about), **asked("admin", admin),
    }  # fmt: skip


PURPOSE = RECERTIFICATION.purpose


def asked(who: str, person: Person) -> dict[str, str]:
    return {where(who): BY_LINK, asked_name(who): person.name, asked_at(who): person.email or "",
            asked_person(who): str(person.id)}  # fmt: skip


def tokens(ticket_id: int) -> dict[str, str]:
    """The newest link of each who was asked, by as whom they sign."""
    mails = (effect for effect in mails_with_links() if effect.ticket_id == ticket_id)
    return {effect.key.rpartition(":")[2]: token_of(effect.key) for effect in mails}


def mails_with_links() -> list[Effect]:
    """Those to whoever has to sign, oldest first."""
    effects = db.session.scalars(select(Effect).order_by(Effect.id))
    return [effect for effect in effects if effect.payload.get("link") == Purpose.SIGN]


def token_of(key: str) -> str:
    return urlsplit(links.url(Purpose.SIGN, key)).path.rpartition("/")[2]


def worksheet_of(ticket_id: int) -> Document:
    (sheet,) = (each for each in documents_of(db.session(), ticket_id)
                if each.kind == RECERTIFICATION_WORKSHEET)  # fmt: skip
    return sheet


