"""The files that the desk takes: how each is read, compared with the register, carried out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.models.import_run import ImportKind
from helpdesk.services.imports import users
from helpdesk.services.imports.ledger import Ledger
from helpdesk.services.imports.proposal import Proposal
from helpdesk.services.imports.sources import Source


@dataclass(frozen=True)
class Ways:
    """What `read` makes of a file is between it and `plan`; the same holds for a proposal."""

    read: Callable[[Source], Any]
    plan: Callable[[Session, Any], Proposal]
    carry_out: Callable[[Ledger, Any], None]


KINDS: dict[ImportKind, Ways] = {
    ImportKind.USERS: Ways(users.read, users.plan, users.carry_out),
}
