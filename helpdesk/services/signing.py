"""Somebody opens the link that was mailed to them, reads the worksheet, signs it or says why not.

The worksheet is drawn anew before the transaction, and kept within it only if nobody else has
signed meanwhile: then it is drawn once more, with both names.
"""

import io
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor, Channel
from helpdesk.documents.store import Stored
from helpdesk.extensions import db, now, settings
from helpdesk.links import token_hash
from helpdesk.models.agency import Agency
from helpdesk.models.document import Document, held_for_change
from helpdesk.models.person import Person, email_key
from helpdesk.models.reading import Reading
from helpdesk.models.role import admins_of
from helpdesk.models.signature_request import SignatureRequest, with_link
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.documents import store
from helpdesk.services.facts import today
from helpdesk.services.signature_requests import filled_in_by, outstanding
from helpdesk.services.web_worksheets import drawn
from helpdesk.services.words import clock_in_words, day_in_words
from helpdesk.services.worksheets import web_reading
from helpdesk.transaction import release, transaction
from workflows.common import CONVERTED
from workflows.signing import ADMIN, SIGNATURE, SIGNED_ON, SIGNERS, says
from workflows.signing_steps import DECLINE, SIGN
from workflows.worksheets import Sheet

TRIES = 5
"""As often somebody else may sign in the very moment; there are three of them at most."""


class Why(StrEnum):
    """Why there is nothing to sign behind a link."""

    UNKNOWN = "unknown"
    SIGNED = "signed"
    DECLINED = "declined"
    REPLACED = "replaced"
    ENDED = "ended"
    CONVERTED = "converted"
    OLD = "old"
    BUSY = "busy"
    NO_LONGER = "no_longer"


@dataclass(frozen=True)
class Paper:
    """What is behind a link. `agency` None: the request is of none. `filled_in_by`: a name."""

    asked: SignatureRequest
    ticket: Ticket
    document: Document
    person: Person
    filer: Person
    agency: str | None
    filled_in_by: str

    @property
    def told(self) -> str:
        """The name of who hears it from somebody who can’t sign."""
        own = self.filer.id == self.asked.person_id
        return self.filled_in_by if own else self.filer.name

    @property
    def reading(self) -> Reading:
        assert self.document.reading is not None, "who is asked to sign has something to read"
        return self.document.reading

    @property
    def sheet(self) -> Sheet:
        sheet = self.reading.sheet
        assert sheet is not None, "the desk asks for signatures on its own worksheets alone"
        return sheet


class CannotSign(Exception):
    """`paper` None: nobody knows this link."""

    def __init__(self, why: Why, paper: Paper | None = None) -> None:
        self.why = why
        self.paper = paper
        super().__init__(why)


def opened(token: str) -> Paper:
    """The worksheet behind a link. Raises `CannotSign`."""
    return _opened(db.session(), token)


def _opened(session: Session, token: str) -> Paper:
    asked = with_link(session, token_hash(token))
    if asked is None:
        raise CannotSign(Why.UNKNOWN)
    ticket = session.get_one(Ticket, asked.ticket_id)
    agency = session.get(Agency, ticket.agency_id or 0)
    document = session.get_one(Document, asked.document_id)
    paper = Paper(
        asked=asked,
        ticket=ticket,
        document=document,
        person=session.get_one(Person, ticket.person_id),
        filer=session.get_one(Person, ticket.filer_id),
        agency=agency.name if agency else None,
        filled_in_by=filled_in_by(session, ticket, document),
    )
    if (why := _why_not(session, paper)) is not None:
        raise CannotSign(why, paper)
    return paper


def _why_not(session: Session, paper: Paper) -> Why | None:
    asked, reading = paper.asked, paper.document.reading
    if asked.signed_at is not None:
        return Why.SIGNED
    if not paper.ticket.open:
        return Why.CONVERTED if paper.ticket.state == CONVERTED else Why.ENDED
    if asked.ended_at is not None or reading is None:
        return Why.REPLACED
    if asked.declined_at is not None:
        return Why.DECLINED
    if not _is_still_theirs(session, paper):
        return Why.NO_LONGER
    fresh = asked.sent_at is not None and now() < asked.sent_at + settings().SIGN_LINK
    return None if fresh else Why.OLD


def _is_still_theirs(session: Session, paper: Paper) -> bool:
    """An address that was corrected is somebody else’s, perhaps; a role may have ended."""
    asked = paper.asked
    if asked.person_id is None:
        return True
    person = session.get_one(Person, asked.person_id)
    if person.email_key != email_key(asked.address):
        return False
    admins = admins_of(session, paper.ticket.agency_id) if asked.who == ADMIN else [person]
    return person.id in {each.id for each in admins}


def sign(token: str, name: str) -> Paper:
    """`name`: as it was typed. Raises `CannotSign`, with nothing changed; a signature that is given
    twice at once is given once."""
    for _ in range(TRIES):
        paper = opened(token)
        seen, sheet = (paper.document.sha256, paper.reading), paper.sheet
        reading = _signed(paper, name)
        release()
        file = _put(sheet, reading)
        with transaction() as session:
            held = _held(session, token)
            if (held.document.sha256, held.reading) == seen:
                _keep(session, held, reading, file)
                return held
    raise CannotSign(Why.BUSY, opened(token))


def decline(token: str, reason: str) -> Paper:
    """Raises `CannotSign`, and `Refused` without a reason."""
    with transaction() as session:
        paper = _held(session, token)
        paper.asked.declined_at, paper.asked.declined = now(), reason.strip()
        data = {"message": reason.strip(), "who": paper.asked.who}
        tickets.act(paper.ticket.id, DECLINE, _signer(paper), data)
        return paper


def _held(session: Session, token: str) -> Paper:
    """The same, as it is once nobody else can change it."""
    paper = _opened(session, token)
    query = select(Ticket).where(Ticket.id == paper.ticket.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).one()
    session.refresh(paper.asked)
    held_for_change(session, paper.document.id)
    return _opened(session, token)


def _signature(paper: Paper, name: str) -> dict[str, str]:
    who = paper.asked.who
    return {f"{who}{SIGNATURE}": name, f"{who}{SIGNED_ON}": today().isoformat(),
            says(who): _how(paper.asked)}  # fmt: skip


def _signed(paper: Paper, name: str) -> Reading:
    """What is filled in, with the signature at its place."""
    reading = paper.reading
    placed = web_reading(paper.sheet, _signature(paper, name), reading.code)
    return replace(reading, values={**reading.values, **placed.values}, read_at=placed.read_at)


def _how(asked: SignatureRequest) -> str:
    moment = now()
    when = f"{day_in_words(moment)}, {clock_in_words(moment)}"
    return f"Signed electronically, {when}, by a link mailed to {asked.address}."


def _put(sheet: Sheet, reading: Reading) -> Stored:
    data = io.BytesIO(drawn(sheet, reading.texts, reading.code))
    return store().put(data, settings().DOCUMENT_MAX_BYTES)


def _keep(session: Session, paper: Paper, reading: Reading, file: Stored) -> None:
    """The one who signed last hands the request to HAND, or tells HAND that it can go on."""
    paper.document.reading = reading
    paper.document.sha256, paper.document.size = file.sha256, file.size
    asked = paper.asked
    asked.signed_at = now()
    how = f"As {SIGNERS[asked.who]}, by a link mailed to {asked.address}."
    data = {"message": how, "who": asked.who}
    ticket = tickets.act(paper.ticket.id, SIGN, _signer(paper), data)
    if not outstanding(session, ticket.id):
        tickets.all_have_signed(ticket)


def _signer(paper: Paper) -> Actor:
    asked = paper.asked
    return Actor(asked.person_id, asked.name, Channel.LINK, signer=True)
