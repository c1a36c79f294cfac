"""An import from the upload to the apply: a dry run that may be looked at as often as one likes,
then one commit that does exactly what was shown, or nothing."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor, Channel
from helpdesk.documents import names
from helpdesk.documents.errors import CannotStore, TooLarge
from helpdesk.extensions import db, now, settings
from helpdesk.models.import_run import ImportKind, ImportRun, Phase
from helpdesk.services import documents
from helpdesk.services.gateway import Stale
from helpdesk.services.imports.kinds import KINDS
from helpdesk.services.imports.ledger import Ledger
from helpdesk.services.imports.proposal import Proposal
from helpdesk.services.imports.sources import CannotRead, Kept, OnDisk, Source
from helpdesk.services.words import local, size_in_words
from helpdesk.transaction import release, transaction
from workflows.engine import Refused

NAME = "The import from the HMIS"
COMMAND = Actor(None, NAME, Channel.COMMAND)
OVERTAKEN = "Somebody changed the same people meanwhile. Run it again."


class Overtaken(Exception):
    """Somebody changed the same people meanwhile. Nothing was written."""


class Over(Exception):
    """This import is applied already, and cannot be again."""


class Differs(Exception):
    """The register has changed since the dry run was shown. Nothing was written."""


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
    upload.stream.seek(0)
    try:
        stored = documents.store().put(upload.stream, settings().IMPORT_MAX_BYTES)
    except (CannotStore, TooLarge):
        raise CannotRead(f"“{name}” could not be kept. Please try again later.") from None
    run = ImportRun(
        kind=upload.kind, file_name=name, sha256=stored.sha256, size=stored.size,
        file_kept=True, as_of=upload.as_of, created_by_id=actor.person_id,
    )  # fmt: skip
    KINDS[run.kind].read(source_of(run))
    with transaction() as session:
        session.add(run)
    return run


def source_of(run: ImportRun) -> Source:
    return Kept(run.file_name, run.sha256, settings().IMPORT_MAX_LINES)


def propose(run: ImportRun) -> Proposal:
    """Compared with the register as it is now; nothing is written. Raises `CannotRead`."""
    kind = KINDS[run.kind]
    return kind.plan(db.session(), kind.read(source_of(run)))


def apply(run: ImportRun, seen: str, actor: Actor) -> None:
    """Carries out what was shown; `seen` is its digest.

    Raises `Differs`, `Over`, `Overtaken` and `CannotRead`; nothing is written then.
    """
    kind = KINDS[run.kind]
    file = kind.read(source_of(run))
    try:
        with transaction() as session:
            locked = _locked(session, run.id)
            proposal = kind.plan(session, file)
            if proposal.digest() != seen:
                raise Differs
            _carry_out(session, locked, proposal, actor)
    except (IntegrityError, Stale, Refused):
        raise Overtaken(OVERTAKEN) from None


def from_disk(kind: ImportKind, path: Path, *, apply: bool = False) -> Proposal:
    """The command line's way: what it would do, and with `apply` does, in one commit.

    Raises `CannotRead` and `Overtaken`.
    """
    ways, source = KINDS[kind], OnDisk(path)
    file = ways.read(source)
    if not apply:
        return ways.plan(db.session(), file)
    run = ImportRun(
        kind=kind, file_name=names.harmless(path.name), sha256=source.checksum(),
        size=path.stat().st_size, file_kept=False, as_of=local(now()).date(),
    )  # fmt: skip
    try:
        with transaction() as session:
            proposal = ways.plan(session, file)
            session.add(run)
            session.flush()
            _carry_out(session, run, proposal, COMMAND)
    except (IntegrityError, Stale, Refused):
        raise Overtaken(OVERTAKEN) from None
    return proposal


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


def _carry_out(session: Session, run: ImportRun, proposal: Proposal, actor: Actor) -> None:
    the_import = Actor(None, NAME, actor.channel)
    KINDS[run.kind].carry_out(Ledger(session, run, the_import), proposal)
    run.counts = proposal.counts()
    run.phase, run.applied_at, run.applied_by_id = Phase.APPLIED, now(), actor.person_id
    session.flush()
