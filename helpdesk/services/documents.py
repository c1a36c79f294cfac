"""Documents: kept as drafts of a form while it is filled in, then the ticket's.

Whoever makes a row has put or touched its file just before (see `helpdesk.documents.store`).
"""

import logging
import os
import re
from collections.abc import Collection
from typing import IO

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from helpdesk.documents import names, types
from helpdesk.documents.errors import CannotStore, NotAllowed, NotThere, TooLarge
from helpdesk.documents.names import shortened
from helpdesk.documents.store import Store, Stored
from helpdesk.extensions import db, now, settings
from helpdesk.models.document import Document, documents_of, drafts_of
from helpdesk.models.import_run import ImportRun, Phase
from helpdesk.models.person import Person
from helpdesk.services.words import size_in_words
from helpdesk.transaction import release, transaction
from workflows.engine import Reason, Refused
from workflows.papers import KINDS

log = logging.getLogger(__name__)

FORM_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
"""How the key of a form looks, which ties its drafts together."""

ROOM = select(
    func.count().filter(Document.form_key == bindparam("form_key")),
    func.sum(Document.size).filter(Document.created_at > bindparam("since")),
).where(Document.owner_id == bindparam("owner_id"), Document.ticket_id.is_(None))
"""How many files a form has, and how many bytes its owner has sent lately for all forms."""

COPIED = ("owner_id", "kind", "name", "content_type", "size", "sha256", "created_at")


def store() -> Store:
    return Store(settings().DOCUMENTS)


def drafts(session: Session, owner_id: int, form_key: str) -> list[Document]:
    """What has arrived on a form that is not sent yet; nothing for a key that is none."""
    return drafts_of(session, owner_id, form_key) if FORM_KEY.fullmatch(form_key) else []


def add_draft(
    owner_id: int, form_key: str, kind: str, filename: str, stream: IO[bytes], held: int = 0
) -> Document:
    """Keeps a file with a form. The same file of the same kind is kept once.

    `held`: how many the request has already. Raises `NotAllowed`, with nothing kept; its sentence
    names the file and says what to do.
    """
    name = names.harmless(filename)
    size = stream.seek(0, os.SEEK_END)
    if kind not in KINDS or not FORM_KEY.fullmatch(form_key):
        raise NotAllowed(f"“{shortened(name)}” came alone. Please load the page again, and add it.")
    if size > settings().DOCUMENT_MAX_BYTES:
        raise NotAllowed(_too_large(name))
    found = types.recognize(stream, name)
    _check_room(db.session(), owner_id, form_key, size, held)
    release()
    stored = _put(stream, name)
    row = Document(
        owner_id=owner_id, form_key=form_key, kind=kind, name=name,
        content_type=found.content_type, size=stored.size, sha256=stored.sha256,
    )  # fmt: skip
    with transaction() as session:
        return _keep(session, row, form_key, held)


def _put(stream: IO[bytes], name: str) -> Stored:
    stream.seek(0)
    try:
        return store().put(stream, settings().DOCUMENT_MAX_BYTES)
    except TooLarge:
        raise NotAllowed(_too_large(name)) from None
    except CannotStore as error:
        log.error("a document could not be stored", exc_info=error)
        raise NotAllowed(
            f"“{shortened(name)}” could not be kept: we have no room just now. Please try again"
            " later, or tell HAND."
        ) from error


def _keep(session: Session, row: Document, form_key: str, held: int) -> Document:
    """One upload of a person after the other, or two would take the same last place."""
    locked = select(Person.id).where(Person.id == row.owner_id)
    session.execute(locked.with_for_update(key_share=True))
    for twin in drafts_of(session, row.owner_id, form_key):
        if (twin.sha256, twin.kind) == (row.sha256, row.kind):
            return twin
    _check_room(session, row.owner_id, form_key, row.size, held)
    session.add(row)
    session.flush()
    return row


def _check_room(session: Session, owner_id: int, form_key: str, size: int, held: int) -> None:
    """Raises `NotAllowed` when a form has all it can take, or a person has sent very much."""
    quota = settings().DRAFTS_MAX_BYTES
    since = now() - settings().DRAFTS_KEPT
    asked = {"owner_id": owner_id, "form_key": form_key, "since": since}
    drafts, used = session.execute(ROOM, asked).one()
    if too_many := _too_many(held, drafts + 1):
        raise NotAllowed(too_many)
    if (used or 0) + size > quota:
        raise NotAllowed(
            f"You have added {size_in_words(quota)} within a day to requests that are not sent"
            " yet, and that is all we keep. Please send them, or try again tomorrow."
        )


def _too_many(held: int, new: int) -> str | None:
    """Why a request that has `held` documents cannot take `new` ones more; None if it can."""
    most = settings().DOCUMENTS_PER_TICKET
    if held + new <= most:
        return None
    if held == 0:
        return f"A request takes {most} files. Please remove one before adding another."
    if held >= most:
        return f"This request has {held} files, and takes no more. Ask HAND how to send the rest."
    room = most - held
    return f"A request takes {most} files, and this one has {held}. Please add {room} at most."


def _too_large(name: str) -> str:
    most = size_in_words(settings().DOCUMENT_MAX_BYTES)
    return (
        f"“{shortened(name)}” is larger than {most}. Please save it smaller, for example as a PDF"
        " of fewer or smaller pictures, or in two parts."
    )


def remove_draft(draft: Document) -> None:
    """Takes a draft off its form. It counts in its owner's quota until a day has passed: else
    sending and removing in turns would fill the disk."""
    mine = update(Document).where(Document.id == draft.id, Document.ticket_id.is_(None))
    with transaction() as session:
        session.execute(mine.values(form_key=None))


def attach(session: Session, ticket_id: int, owner_id: int, form_key: str) -> list[Document]:
    """The form was sent: its drafts become the ticket's, in the caller's transaction."""
    attached = session.scalars(
        update(Document)
        .where(
            Document.owner_id == owner_id,
            Document.form_key == form_key,
            Document.ticket_id.is_(None),
        )
        .values(ticket_id=ticket_id)
        .returning(Document)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(attached, key=lambda document: document.id)


def keep_to_limit(session: Session, ticket_id: int, new: int) -> None:
    """Raises `Refused` when the ticket has more documents than it takes, by `new` ones."""
    if not new:
        return
    count = select(func.count()).where(Document.ticket_id == ticket_id)
    held = (session.scalar(count) or 0) - new
    if too_many := _too_many(held, new):
        raise Refused([Reason(too_many)])


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
    old = Document.created_at < now() - settings().DRAFTS_KEPT
    long_ago = ImportRun.created_at < now() - settings().DRAFTS_KEPT
    with transaction() as session:
        session.execute(delete(Document).where(Document.ticket_id.is_(None), old))
        session.execute(delete(ImportRun).where(ImportRun.phase == Phase.PLANNED, long_ago))
        session.execute(update(ImportRun).where(ImportRun.file_kept, long_ago)
                        .values(file_kept=False))  # fmt: skip
    return store().sweep(_named)


def _named(checksums: Collection[str]) -> set[str]:
    attached = select(Document.sha256).where(Document.sha256.in_(checksums))
    imported = select(ImportRun.sha256).where(ImportRun.sha256.in_(checksums), ImportRun.file_kept)
    found = {*db.session.scalars(attached), *db.session.scalars(imported)}
    release()
    return found


def _copies(
    session: Session, found: list[Document], **changed: object
) -> list[Document]:
    """A document whose file is lost is left behind: no row without its file."""
    copies = []
    for document in found:
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
