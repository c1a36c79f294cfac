"""A ticket: one request about one person, and where it stands.

`state` and `version` are written by `services.tickets.act` alone; the database itself refuses a
state that no event explains.
"""

import re
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import JSON, ForeignKey, Index, desc, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from helpdesk.extensions import Base, UtcDateTime, now
from helpdesk.models.license import StateIsTheGateways
from workflows.common import NEW
from workflows.engine import Needs

FIRST_NUMBER = 1000
OPEN = text("open")
OPEN_ON_SQLITE = text("open = 1")  # as a query says it there; else the index is not used


def number_of(ticket_id: int) -> str:
    """The number by which people name a ticket."""
    return f"HD-{FIRST_NUMBER + ticket_id}"


def id_named(words: str) -> int | None:
    """The ticket that somebody means by a number, with or without the letters before it."""
    found = re.fullmatch(r"(?:HD\W?)?(\d{4,9})", words.strip(), re.ASCII | re.IGNORECASE)
    number = int(found[1]) - FIRST_NUMBER if found else 0
    return number if number > 0 else None


class Ticket(Base):
    __tablename__ = "ticket"
    __table_args__ = (
        Index("uq_ticket_open_request", "person_id", "type", unique=True,
              sqlite_where=OPEN_ON_SQLITE, postgresql_where=OPEN),
        Index("ix_ticket_turn", "waits_on", "due_at", "id",
              sqlite_where=OPEN_ON_SQLITE, postgresql_where=OPEN),
        Index("ix_ticket_mine", "assignee_id", "waits_on", "due_at", "id",
              sqlite_where=OPEN_ON_SQLITE, postgresql_where=OPEN),
        Index("ix_ticket_agency_turn", "agency_id", "waits_on", "due_at", "id",
              sqlite_where=OPEN_ON_SQLITE, postgresql_where=OPEN),
        Index("ix_ticket_counts", "state", "type", "agency_id",
              sqlite_where=OPEN_ON_SQLITE, postgresql_where=OPEN),
        Index("uq_ticket_converted_from_id", "converted_from_id", unique=True),
        Index("ix_ticket_recent", desc("updated_at"), desc("id")),
        Index("ix_ticket_agency_recent", "agency_id", desc("updated_at"), desc("id")),
        Index("ix_ticket_state_recent", "state", desc("updated_at"), desc("id")),
        Index("ix_ticket_person_recent", "person_id", desc("updated_at"), desc("id")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    workflow_version: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=NEW)
    version: Mapped[int] = mapped_column(server_default="0")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    filer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    converted_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    channel: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    form_key: Mapped[str] = mapped_column(unique=True)
    open: Mapped[bool] = mapped_column(default=True)
    waits_on: Mapped[Needs] = mapped_column(default=Needs.AGENCY)
    needs_attention: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def number(self) -> str:
        return number_of(self.id)

    @validates("state", "version")
    def _refuse(self, attribute: str, _value: object) -> NoReturn:
        raise StateIsTheGateways(f"{attribute} of a ticket is written by services.tickets.act")
