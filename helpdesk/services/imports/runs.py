"""An import from the upload to the apply: a dry run that may be looked at as often as one likes,
then one commit that does exactly what was shown, or nothing."""

import os
from dataclasses import dataclass
from datetime import date
from typing import IO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.documents import names
from helpdesk.documents.errors import CannotStore, TooLarge
from helpdesk.extensions import db, now, settings
from helpdesk.models.import_run import ImportKind, ImportRun, Phase
from helpdesk.services import documents
from helpdesk.services.gateway import Stale
from helpdesk.services.imports import mapping
from helpdesk.services.imports.columns import Beginning, Layout, beginning
from helpdesk.services.imports.kinds import KINDS
from helpdesk.services.imports.ledger import Ledger
from helpdesk.services.imports.lines import PLAIN, Shape
from helpdesk.services.imports.proposal import Proposal
from helpdesk.services.imports.shapes import shape_of
from helpdesk.services.imports.sources import CannotRead, Kept, Source
from helpdesk.services.words import size_in_words
from helpdesk.transaction import release, transaction
from workflows.engine import Refused

NAME = "The import from the HMIS"
OVERTAKEN = "Somebody changed the same people meanwhile. Run it again."


class Overtaken(Exception):
    """Somebody changed the same people meanwhile. Nothing was written."""


class Over(Exception):
    """This import is applied already, and cannot be again."""


class Differs(Exception):
    """Register or columns have changed since the dry run was shown. Nothing was written."""


@dataclass(frozen=True)
class Upload:
    """What somebody sends in. `as_of`: the day of which the file tells."""

    kind: ImportKind
    filename: str
    stream: IO[bytes]
    as_of: date


def take_in(upload: Upload, actor: Actor) -> ImportRun:
    """Keeps the file for a dry run. Raises `CannotRead`, with nothing kept."""
    name = names.harmless(upload.filename)
    size = upload.stream.seek(0, os.SEEK_END)
    if size > settings().IMPORT_MAX_BYTES:
        raise CannotRead(f"“{name}” is larger than {size_in_words(settings().IMPORT_MAX_BYTES)}.")
    release()
    run = ImportRun(
        kind=upload.kind, file_name=name, sha256=_put(name, upload.stream), size=size,
        file_kept=True, as_of=upload.as_of, created_by_id=actor.person_id,
    )  # fmt: skip
    _check(run)
    with transaction() as session:
        session.add(run)
    return run


def _put(name: str, stream: IO[bytes]) -> str:
    stream.seek(0)
    try:
        return documents.store().put(stream, settings().IMPORT_MAX_BYTES).sha256
    except (CannotStore, TooLarge):
        raise CannotRead(f"“{name}” could not be kept. Please try again later.") from None


def _check(run: ImportRun) -> None:
    """Whether anything can be made of the file. Raises `CannotRead`."""
    if KINDS[run.kind].fields:
        beginning(source_of(run))
    else:
        KINDS[run.kind].read(source_of(run), run)


def source_of(run: ImportRun) -> Source:
    return Kept(run.file_name, run.sha256, settings().IMPORT_MAX_LINES)


def shape_of_file(run: ImportRun) -> Shape:
    """Raises `CannotRead`."""
    return shape_of(source_of(run)) if KINDS[run.kind].fields else PLAIN


def lay_out(run: ImportRun, found: Beginning, layout: Layout) -> None:
    """Says what the columns hold, for this file and those like it. Raises `Over`."""
    with transaction() as session:
        _locked(session, run.id).layout = layout.as_json()
        mapping.remember(session, run.kind, found, layout)


def propose(run: ImportRun) -> Proposal:
    """Compared with the register as it is now; nothing is written. Raises `CannotRead`."""
    kind = KINDS[run.kind]
    return kind.plan(db.session(), kind.read(source_of(run), run))


def apply(run: ImportRun, seen: str, actor: Actor) -> None:
    """Carries out what was shown; `seen` is its digest.

    Raises `Differs`, `Over`, `Overtaken` and `CannotRead`; nothing is written then.
    """
    kind, layout = KINDS[run.kind], run.layout
    file = kind.read(source_of(run), run)
    try:
        with transaction() as session:
            locked = _locked(session, run.id)
            proposal = kind.plan(session, file)
            if proposal.digest() != seen or locked.layout != layout:
                raise Differs  # somebody may have said meanwhile what the columns hold
            carry_out(session, locked, proposal, actor)
    except (IntegrityError, Stale, Refused):
        raise Overtaken(OVERTAKEN) from None


def drop(run: ImportRun) -> None:
    """A dry run that nobody wants any more goes; the file goes with the next tidying."""
    with transaction() as session:
        session.delete(_locked(session, run.id))


def _locked(session: Session, run_id: int) -> ImportRun:
    mine = select(ImportRun).where(ImportRun.id == run_id, ImportRun.phase == Phase.PLANNED)
    locked = mine.with_for_update().execution_options(populate_existing=True)
    run = session.scalars(locked).one_or_none()
    if run is None:
        raise Over
    return run


def carry_out(session: Session, run: ImportRun, proposal: Proposal, actor: Actor) -> None:
    """In the caller's transaction."""
    the_import = Actor(None, NAME, actor.channel)
    KINDS[run.kind].carry_out(Ledger(session, run, the_import), proposal)
    run.counts = proposal.counts()
    run.phase, run.applied_at, run.applied_by_id = Phase.APPLIED, now(), actor.person_id
    session.flush()
