"""The files that the desk takes: how each is read, compared with the register, carried out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.services.imports import completion_rows, completions, roster, roster_rows, users
from helpdesk.services.imports.columns import Field
from helpdesk.services.imports.ledger import Ledger
from helpdesk.services.imports.proposal import Proposal
from helpdesk.services.imports.sources import Source


@dataclass(frozen=True)
class Ways:
    """What `read` makes of a file is between it and `plan`; the same holds for a proposal.
    `fields`: what its columns may hold, and of which groups of them one is needed; empty where
    the header is laid down."""

    read: Callable[[Source, ImportRun], Any]
    plan: Callable[[Session, Any], Proposal]
    carry_out: Callable[[Ledger, Any], None]
    fields: tuple[Field, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()


KINDS: dict[ImportKind, Ways] = {
    ImportKind.USERS: Ways(users.read, users.plan, users.carry_out),
    ImportKind.ROSTER: Ways(roster.read, roster.plan, roster.carry_out, roster_rows.FIELDS,
                            roster_rows.NEEDS),
    ImportKind.COMPLETIONS: Ways(completions.read, completions.plan, completions.carry_out,
                                 completion_rows.FIELDS, completion_rows.NEEDS),
}  # fmt: skip
