"""Worksheets that came when the sandbox had no room: the worker reads them once there is."""

from typing import Any

from sqlalchemy import JSON, Select, func, select, type_coerce

from helpdesk.documents.errors import NotThere
from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.services import documents, learned
from helpdesk.services.documents import Inside
from helpdesk.transaction import hold, release, transaction
from helpdesk.worksheets.read import BUSY

LATEST = 2000
"""So many documents are looked through, the newest. What came before has been looked at by hand."""


def read_again() -> int:
    """Says how many could be read. While there is no room for one, the others wait as well."""
    done = 0
    for document in _unread():
        try:
            with documents.store().open(document.sha256) as stream:
                data = stream.read()
        except NotThere:
            continue
        inside = documents.look_into(document.kind, document.content_type, data)
        if inside.reading is not None and inside.reading.fault == BUSY:
            break
        done += _keep(document.id, inside)
    return done


def _unread() -> list[Document]:
    found = list(db.session.scalars(_busy()))
    release()
    return found


def _busy() -> Select[Any]:
    newest = select(func.coalesce(func.max(Document.id), 0) - LATEST).scalar_subquery()
    fault = type_coerce(Document.reading, JSON())["fault"].as_string()
    return select(Document).where(
        Document.id > newest, Document.deleted_at.is_(None), fault == BUSY
    )


def _keep(document_id: int, inside: Inside) -> bool:
    """False where it is gone meanwhile, or somebody was faster."""
    with transaction() as session:
        hold(session, Document.id, document_id)
        document = session.get(Document, document_id, populate_existing=True)
        reading = document.reading if document else None
        if document is None or reading is None or reading.fault != BUSY:
            return False
        document.reading, document.looks_private = inside.reading, inside.looks_private
        session.flush()
        learned.keep_late(session, document.sha256)
        return True
