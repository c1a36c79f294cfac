"""Drafts: files that came with a form, kept while it is filled in, until it is sent.

Whoever makes a row has put its file just before (see `helpdesk.documents.store`).
"""

import logging
import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from helpdesk.documents import names, types
from helpdesk.documents.errors import CannotStore, NotAllowed, TooLarge
from helpdesk.documents.names import shortened
from helpdesk.documents.store import Stored
from helpdesk.extensions import db, settings
from helpdesk.models.document import Document, Scan, drafts_of
from helpdesk.models.person import Person
from helpdesk.models.reading import Reading
from helpdesk.services import documents, scans
from helpdesk.services.documents import Inside, store
from helpdesk.services.room import Room, room_on
from helpdesk.services.words import size_in_words
from helpdesk.transaction import hold, release, transaction
from workflows.papers import KINDS

log = logging.getLogger(__name__)

FORM_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
"""How the key of a form looks, which ties its drafts together."""


def on_form(session: Session, owner_id: int, form_key: str) -> list[Document]:
    """What has arrived on a form that is not sent yet; nothing for a key that is none."""
    return drafts_of(session, owner_id, form_key) if FORM_KEY.fullmatch(form_key) else []


@dataclass(frozen=True)
class Upload:
    """A file that came with a form, for one kind of paper. `reading`: what is filled into it, where
    that is known already."""

    kind: str
    filename: str
    stream: IO[bytes]
    reading: Reading | None = None


def add(
    owner_id: int, form_key: str, kind: str, filename: str, stream: IO[bytes], held: int = 0
) -> Document:
    """Keeps a file with a form. Raises `NotAllowed`, with nothing kept."""
    (kept,) = add_all(owner_id, form_key, [Upload(kind, filename, stream)], held)
    if isinstance(kept, NotAllowed):
        raise kept
    return kept


def add_all(
    owner_id: int, form_key: str, uploads: Sequence[Upload], held: int = 0
) -> list[Document | NotAllowed]:
    """Keeps files with a form, all at once. The same file of the same kind is kept once.

    `held`: how many the request has already. In place of a file that is not kept stands why: the
    sentence names the file and says what to do.
    """
    if not FORM_KEY.fullmatch(form_key):
        return [_alone(upload) for upload in uploads]
    room = room_on(db.session(), owner_id, form_key, held)
    release()
    found = [_stored(upload, room) for upload in uploads]
    if not any(isinstance(file, _File) for file in found):
        return [file for file in found if isinstance(file, NotAllowed)]
    with transaction() as session:
        return _keep(session, _Form(owner_id, form_key, held), found)


_Twins = tuple[str, str]


@dataclass(frozen=True)
class _Form:
    """Whose files are to be kept with what; `held` as in `add_all`."""

    owner_id: int
    form_key: str
    held: int


@dataclass(frozen=True)
class _File:
    """A file that is stored by now, as its row will tell."""

    kind: str
    name: str
    content_type: str
    size: int
    sha256: str
    reading: Reading | None = None
    scan: Scan | None = None
    looks_private: bool | None = None

    @property
    def twins(self) -> _Twins:
        """What is alike in the same file of the same kind."""
        return self.kind, self.sha256


def _stored(upload: Upload, room: Room) -> _File | NotAllowed:
    try:
        return _store(upload, room)
    except NotAllowed as refused:
        return refused


def _store(upload: Upload, room: Room) -> _File:
    """Raises `NotAllowed`, with nothing stored."""
    name, stream = names.harmless(upload.filename), upload.stream
    size = stream.seek(0, os.SEEK_END)
    if upload.kind not in KINDS:
        raise _alone(upload)
    if size > settings().DOCUMENT_MAX_BYTES:
        raise NotAllowed(_too_large(name))
    found = types.recognize(stream, name, settings().DOCUMENT_PIXELS_TAKEN)
    room.take(size)
    scan = _examined(stream, name)
    inside = _inside(upload, found.content_type, scan)
    _judge_pages(name, inside)
    stored = _put(stream, name)
    return _File(upload.kind, name, found.content_type, stored.size, stored.sha256, inside.reading,
                 scan, inside.looks_private)  # fmt: skip


def _inside(upload: Upload, content_type: str, scan: Scan | None) -> Inside:
    """What the sandbox says of it. What is held is looked into later; of what is made here, nothing
    has to be found out."""
    if scan is Scan.HELD or upload.reading is not None:
        return Inside(upload.reading, None, None)
    upload.stream.seek(0)
    return documents.look_into(upload.kind, content_type, upload.stream.read())


def _judge_pages(name: str, inside: Inside) -> None:
    """Raises `NotAllowed`."""
    most = settings().DOCUMENT_PAGES_TAKEN
    if inside.pages is not None and inside.pages > most:
        raise NotAllowed(
            f"“{shortened(name)}” has {inside.pages:,} pages; we take up to {most:,}. Please choose"
            " a file with only the pages that are asked for, or send it in parts."
        )


def _examined(stream: IO[bytes], name: str) -> Scan | None:
    """Before anything of it is kept or read."""
    try:
        return scans.examine(stream)
    except scans.Infected as infected:
        raise NotAllowed(
            f"“{shortened(name)}” has a virus in it ({infected.virus}), so it was not kept. Please"
            " have your computer checked, then add a clean copy."
        ) from None


def _alone(upload: Upload) -> NotAllowed:
    name = shortened(names.harmless(upload.filename))
    return NotAllowed(f"“{name}” came alone. Please load the page again, and add it.")


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


def _keep(
    session: Session, form: _Form, found: Sequence[_File | NotAllowed]
) -> list[Document | NotAllowed]:
    """One form of a person after the other, or two would take the same last place."""
    hold(session, Person.id, form.owner_id)
    room = room_on(session, form.owner_id, form.form_key, form.held)
    there = drafts_of(session, form.owner_id, form.form_key) if room.drafts else []
    ends: dict[_Twins, Document | NotAllowed] = {(row.kind, row.sha256): row for row in there}
    new: dict[_Twins, _File] = {}
    for file in found:
        if isinstance(file, _File) and file.twins not in {*ends, *new}:
            try:
                room.take(file.size)
                new[file.twins] = file
            except NotAllowed as refused:
                ends[file.twins] = refused
    ends |= {(row.kind, row.sha256): row for row in _insert(session, form, new.values())}
    return [ends[file.twins] if isinstance(file, _File) else file for file in found]


def _insert(session: Session, form: _Form, files: Collection[_File]) -> Iterable[Document]:
    whose = {"owner_id": form.owner_id, "form_key": form.form_key}
    rows = [vars(file) | whose for file in files]
    return session.scalars(INSERT, rows) if rows else ()


INSERT = insert(Document).returning(Document).execution_options(render_nulls=True)
"""Without nulls, those with a reading would go in another statement than those without."""


def _too_large(name: str) -> str:
    most = size_in_words(settings().DOCUMENT_MAX_BYTES)
    return (
        f"“{shortened(name)}” is larger than {most}. Please save it smaller, for example as a PDF"
        " of fewer or smaller pictures, or in two parts."
    )


def remove(draft: Document) -> None:
    """Takes a draft off its form. It counts in its owner's quota until a day has passed: else
    sending and removing in turns would fill the disk."""
    mine = update(Document).where(Document.id == draft.id, Document.ticket_id.is_(None))
    with transaction() as session:
        session.execute(mine.values(form_key=None))
