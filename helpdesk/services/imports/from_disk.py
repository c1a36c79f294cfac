"""The command line's way to import a file: a dry run, or all of it in one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from helpdesk.actor import Actor, Channel
from helpdesk.documents import names
from helpdesk.extensions import db, now
from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.services.gateway import Stale
from helpdesk.services.imports import mapping
from helpdesk.services.imports.columns import Beginning, Layout, beginning
from helpdesk.services.imports.kinds import KINDS
from helpdesk.services.imports.proposal import Proposal
from helpdesk.services.imports.runs import NAME, OVERTAKEN, Overtaken, carry_out
from helpdesk.services.imports.sources import OnDisk
from helpdesk.services.words import local
from helpdesk.transaction import transaction
from workflows.engine import Refused

COMMAND = Actor(None, NAME, Channel.COMMAND)


@dataclass(frozen=True)
class Asked:
    """`columns`: headers by field, where they are not to be guessed. `order`: how days are
    written. `as_of`: the day of which the file tells, today unless it is said."""

    kind: ImportKind
    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    order: str | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Answer:
    """`columns`: which column was taken for what, in words."""

    proposal: Proposal
    columns: str | None


def from_disk(asked: Asked, *, apply: bool = False) -> Answer:
    """What it would do, and with `apply` does, in one commit.

    Raises `CannotRead`, `BadMapping` and `Overtaken`; nothing is written then.
    """
    run = _run(asked)
    begins = _lay_out(run, asked) if KINDS[asked.kind].fields else None
    file = KINDS[asked.kind].read(OnDisk(asked.path), run)
    proposal = _applied(run, file, begins) if apply else KINDS[run.kind].plan(db.session(), file)
    layout = Layout.from_json(run.layout) if run.layout else None
    words = mapping.in_words(run.kind, begins, layout) if begins and layout else None
    return Answer(proposal, words)


def _run(asked: Asked) -> ImportRun:
    return ImportRun(
        kind=asked.kind, file_name=names.harmless(asked.path.name),
        sha256=OnDisk(asked.path).checksum(), size=asked.path.stat().st_size, file_kept=False,
        as_of=asked.as_of or local(now()).date(),
    )  # fmt: skip


def _lay_out(run: ImportRun, asked: Asked) -> Beginning:
    begins = beginning(OnDisk(asked.path))
    suggested = mapping.suggest(db.session(), run.kind, begins).layout
    run.layout = mapping.said(run.kind, begins, suggested, asked.columns, asked.order).as_json()
    return begins


def _applied(run: ImportRun, file: Any, begins: Beginning | None) -> Proposal:
    try:
        with transaction() as session:
            proposal = KINDS[run.kind].plan(session, file)
            session.add(run)
            session.flush()
            carry_out(session, run, proposal, COMMAND)
            if begins and run.layout:
                mapping.remember(session, run.kind, begins, Layout.from_json(run.layout))
    except (IntegrityError, Stale, Refused):
        raise Overtaken(OVERTAKEN) from None
    return proposal
