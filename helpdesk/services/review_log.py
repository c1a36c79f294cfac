"""What staff have said of the documents of a ticket and how they read them, one after the other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from helpdesk.models.document_mark import DocumentMark, Said
from helpdesk.models.reading import ReadingCorrection

NOTHING = literal("")


@dataclass(frozen=True)
class Entry:
    """A mark, or a reading put right: `said` None, `about` a blank, and its text `before` and now,
    which is the `note`."""

    at: datetime
    who: str
    document_id: int
    about: str
    said: Said | None
    note: str
    before: str


def entries(session: Session, document_ids: Collection[int]) -> list[Entry]:
    """Oldest first."""
    if not document_ids:
        return []
    mark, read = DocumentMark, ReadingCorrection
    query = union_all(
        select(mark.at, mark.actor_name, mark.document_id, mark.about,
               type_coerce(mark.said, String()), mark.note, NOTHING)
        .where(mark.document_id.in_(document_ids)),
        select(read.at, read.actor_name, read.document_id, read.blank, NOTHING, read.after,
               read.before)
        .where(read.document_id.in_(document_ids)),
    )  # fmt: skip
    found = (Entry(at, who, document_id, about, Said(said) if said else None, note, before)
             for at, who, document_id, about, said, note, before in session.execute(query))
    return sorted(found, key=lambda entry: entry.at)
