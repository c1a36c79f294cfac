"""Documents that are held until the virus scanner answers: the worker asks it again."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.documents.errors import NotThere
from helpdesk.extensions import db, now
from helpdesk.models.document import Document, Scan, is_held
from helpdesk.models.document_mark import DocumentMark
from helpdesk.models.person import Person
from helpdesk.models.reading import ReadingCorrection
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import owe_once
from helpdesk.services import documents, learned, scans, tickets
from helpdesk.services.letters import personal_letter
from helpdesk.services.page_images import drawings
from helpdesk.transaction import hold, release, transaction
from workflows.common import DELETED

log = logging.getLogger(__name__)

AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class _File:
    """`papers`: kind and content type of each document that has these bytes."""

    sha256: str
    papers: tuple[tuple[str, str], ...]


def examine_held() -> int:
    """Says of how many files it is known by now. While nobody answers, all others wait as well;
    for one that the scanner does not take, or that is odd otherwise, they don't."""
    known = 0
    for file in _held():
        if _surely_settle(file):
            known += 1
        elif _is_silent(scans.scanner()):
            break
    return known


def _is_silent(scanner: scans.Scanner | None) -> bool:
    return scanner is not None and not scanner.answers


def _surely_settle(file: _File) -> bool:
    try:
        return _settle(file)
    except OperationalError:
        raise  # the database is away: the next look finds what is held
    except NotThere:
        _say_lost(file.sha256)
    except Exception:
        log.exception("a held document could not be examined: %s", file.sha256)
    return False


_said_lost: dict[str, datetime] = {}


def _say_lost(sha256: str) -> None:
    """Once a day: it is looked for every minute."""
    said = _said_lost.get(sha256)
    if said is None or now() - said >= AGAIN:
        _said_lost[sha256] = now()
        log.error("the file of a held document is not there: %s", sha256)


def lost(session: Session) -> list[Document]:
    """Those that are held, and have no file that a scanner could judge."""
    there = documents.store().holds
    held = session.scalars(select(Document).where(is_held()).order_by(Document.id))
    return [document for document in held if not there(document.sha256)]


def _held() -> list[_File]:
    query = select(Document.sha256, Document.kind, Document.content_type)
    papers: dict[str, set[tuple[str, str]]] = {}
    for sha256, kind, content_type in db.session.execute(query.where(is_held())):
        papers.setdefault(sha256, set()).add((kind, content_type))
    release()
    return [_File(sha256, tuple(sorted(found))) for sha256, found in papers.items()]


def _settle(file: _File) -> bool:
    """Whether it is known now. What was held is taken where no scanner is asked any more."""
    with documents.store().open(file.sha256) as stream:
        try:
            scan = scans.examine(stream)
        except scans.Infected as infected:
            _infected(file.sha256, infected.virus)
            return True
        if scan is Scan.HELD:
            return False
        stream.seek(0)
        _clean(file, scan, stream.read())
    return True


def _clean(file: _File, scan: Scan | None, data: bytes) -> None:
    """They are looked into now: nobody has before, and of a worksheet that was filled in on a page
    everything is known. What they tell of courses is kept where the request has been completed
    meanwhile."""
    insides = {kind: documents.look_into(kind, content_type, data)
               for kind, content_type in file.papers}  # fmt: skip
    with transaction() as session:
        for kind, inside in insides.items():
            these = update(Document).where(
                Document.sha256 == file.sha256, Document.kind == kind, is_held()
            )
            if inside.reading:
                session.execute(these.where(Document.reading.is_(None))
                                .values(reading=inside.reading))  # fmt: skip
            session.execute(these.values(scan=scan, looks_private=inside.looks_private))
        learned.keep_late(session, file.sha256)


def _infected(sha256: str, virus: str) -> None:
    """Every document with these bytes is gone, wherever it is attached; whoever sent it is told."""
    query = select(Document).where(Document.sha256 == sha256, Document.deleted_at.is_(None))
    with transaction() as session:
        _hold_tickets(session, sha256)
        rows = list(session.scalars(query.order_by(Document.id).with_for_update()))
        for row in rows:
            row.scan, row.virus = Scan.INFECTED, virus
            empty(session, row)
            _tell(session, row)
    documents.store().remove(sha256)
    drawings().forget(sha256)


def _hold_tickets(session: Session, sha256: str) -> None:
    """Before their documents, as whoever answers one does."""
    query = select(Document.ticket_id).where(Document.sha256 == sha256).distinct()
    for ticket_id in sorted(i for i in session.scalars(query) if i is not None):
        hold(session, Ticket.id, ticket_id)


def empty(session: Session, row: Document, kept_days: int | None = None) -> None:
    """Nothing stays of what is in a document, whose file goes next; that there was one, does.
    Nobody is asked to sign it any more."""
    row.deleted_at, row.kept_days = now(), kept_days
    row.reading = row.looks_private = None
    for told in (ReadingCorrection, DocumentMark):
        session.execute(delete(told).where(told.document_id == row.id))
    asked = SignatureRequest.document_id == row.id, SignatureRequest.signed_at.is_(None)
    session.execute(update(SignatureRequest).where(*asked, SignatureRequest.ended_at.is_(None))
                    .values(ended_at=now()))  # fmt: skip
    session.flush()


def _tell(session: Session, row: Document) -> None:
    ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
    if ticket is not None:
        said = f"There was a virus in “{row.name}” ({row.virus}). Nobody has opened it here."
        tickets.act(ticket.id, DELETED, THE_DESK, {"message": said})
    owner = session.get_one(Person, row.owner_id)
    if owner.email is None:
        return
    says = {
        "document_name": row.name,
        "virus": row.virus,
        "infected_request": ticket.number if ticket else None,
        "ticket_path": f"/tickets/{ticket.id}" if ticket else None,
    }
    owe_once(session, [personal_letter(f"infected:{row.id}", "desk/infected", owner, says=says)])
