"""Documents of tickets: attached with a form, copied to another ticket; what nobody has goes.

Whoever makes a row has put or touched its file just before (see `helpdesk.documents.store`).
"""

import logging
from collections.abc import Collection, Sized
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from helpdesk.documents.drawings import Drawings
from helpdesk.documents.errors import NotThere
from helpdesk.documents.private import look
from helpdesk.documents.store import Store
from helpdesk.extensions import db, now, settings
from helpdesk.models.document import Document, documents_of
from helpdesk.models.import_run import ImportRun, Phase
from helpdesk.models.reading import Reading
from helpdesk.models.sheet_draft import SheetDraft
from helpdesk.services import worksheets
from helpdesk.services.room import too_many
from helpdesk.transaction import release, transaction
from workflows.engine import Reason, Refused

log = logging.getLogger(__name__)

COPIED = ("owner_id", "kind", "name", "content_type", "size", "sha256", "created_at",
          "reading", "scan", "looks_private")


def store() -> Store:
    return Store(settings().DOCUMENTS)


@dataclass(frozen=True)
class Inside:
    """What programs say of a document; `looks_private`: as of a client of an agency. `pages`: how
    many there are, of a PDF. None where nobody knows."""

    reading: Reading | None
    looks_private: bool | None
    pages: int | None


def look_into(kind: str, content_type: str, data: bytes) -> Inside:
    """In one process of its own. Slow: never within a transaction."""
    if worksheets.can_be_read(kind, content_type):
        found = worksheets.read_by_program(data)
        return Inside(worksheets.reading_of(found), found.private, found.pages)
    seen = look(data, content_type, settings().DOCUMENT_MAX_PAGES)
    reading = worksheets.unread() if worksheets.is_worksheet(kind) else None
    return Inside(reading, seen.private, seen.pages)


class Withheld(Exception):
    """The document is being checked, or its file is deleted: nobody is given it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        super().__init__(document.name)


def judge_servable(document: Document) -> None:
    """Before anybody is given a document, its pages, or what is in it. Raises `Withheld`."""
    if document.held or document.gone:
        raise Withheld(document)


def attach(session: Session, ticket_id: int, owner_id: int, form_key: str) -> list[Document]:
    """The form was sent: its drafts become the ticket's, in the caller's transaction."""
    sent = {"ticket": ticket_id, "owner": owner_id, "key": form_key}
    return sorted(session.scalars(ATTACH, sent), key=lambda document: document.id)


ATTACH = (
    update(Document)
    .where(
        Document.owner_id == bindparam("owner"),
        Document.form_key == bindparam("key"),
        Document.ticket_id.is_(None),
    )
    .values(ticket_id=bindparam("ticket"))
    .returning(Document)
    .execution_options(synchronize_session=False, populate_existing=True)
)
"""Made once, for every form that is sent."""


def keep_to_limit(attached: Sized, new: Sized) -> None:
    """Raises `Refused` when a ticket has more documents attached than it takes, by the `new`."""
    sentence = too_many(len(attached) - len(new), len(new)) if new else None
    if sentence is not None:
        raise Refused([Reason(sentence)])


def copy_to_ticket(session: Session, from_ticket_id: int, to_ticket_id: int) -> list[Document]:
    """What is attached to one ticket is attached to another, too; the files are shared."""
    return _copies(session, documents_of(session, from_ticket_id), ticket_id=to_ticket_id)


def copy(session: Session, document_ids: Collection[int], ticket_id: int) -> list[Document]:
    """These documents of other tickets are attached to this one, too; the files are shared."""
    if not document_ids:
        return []
    query = select(Document).where(Document.id.in_(document_ids), Document.ticket_id.is_not(None))
    found = list(session.scalars(query.order_by(Document.id)))
    return _copies(session, found, ticket_id=ticket_id, created_at=now())


def tidy() -> int:
    """Drafts and dry runs older than a day go, then the files that no row names; says how many
    files."""
    since = now() - settings().DRAFTS_KEPT
    old, long_ago = Document.created_at < since, ImportRun.created_at < since
    with transaction() as session:
        session.execute(delete(Document).where(Document.ticket_id.is_(None), old))
        session.execute(delete(SheetDraft).where(SheetDraft.created_at < since))
        session.execute(delete(ImportRun).where(ImportRun.phase == Phase.PLANNED, long_ago))
        session.execute(update(ImportRun).where(ImportRun.file_kept, long_ago)
                        .values(file_kept=False))  # fmt: skip
    removed = store().sweep(_named)
    Drawings(settings().PAGES).sweep(store().holds)
    return removed


def _named(checksums: Collection[str]) -> set[str]:
    attached = select(Document.sha256).where(
        Document.sha256.in_(checksums), Document.deleted_at.is_(None)
    )
    imported = select(ImportRun.sha256).where(ImportRun.sha256.in_(checksums), ImportRun.file_kept)
    found = {*db.session.scalars(attached), *db.session.scalars(imported)}
    release()
    return found


def _copies(
    session: Session, found: list[Document], **changed: object
) -> list[Document]:
    """A document whose file is deleted or lost is left behind: no row without its file."""
    copies = []
    for document in (each for each in found if not each.gone):
        try:
            store().touch(document.sha256)
        except NotThere:
            log.error("the file of document %s is not there", document.id)
            continue
        kept = {name: getattr(document, name) for name in COPIED}
        copies.append(Document(**kept | changed))
    session.add_all(copies)
    session.flush()
    return copies
