"""Straight through: the rules by which the desk approves, and what became of each request."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now


class StraightRule(Base):
    """One version of the rule of a request type; the latest holds, the others are its history.

    `share`: percent of what it would approve that goes to a person anyway. `fault_limit`: percent
    of the `latest` samples that people judged in which they may have found a fault; before they
    have judged `least`, it approves nothing. `changed_by_id` None: it has stopped by itself.
    """

    __tablename__ = "straight_rule"
    __table_args__ = (UniqueConstraint("type", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    version: Mapped[int]
    active: Mapped[bool]
    share: Mapped[int]
    fault_limit: Mapped[int]
    latest: Mapped[int]
    least: Mapped[int]
    reason: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Outcome(StrEnum):
    """Approved by the rule; a sample, left to a person to judge; or never the rule's to approve."""

    APPROVED = "approved"
    SAMPLED = "sampled"
    PERSON = "person"


class StraightCase(Base):
    """What the rule, in its version of then, made of one request, and each reason for it."""

    __tablename__ = "straight_case"
    __table_args__ = (Index("ix_straight_case_type", "type", "outcome", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    type: Mapped[str]
    outcome: Mapped[Outcome]
    rule_version: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def rule_history(session: Session, type_name: str, limit: int | None = None) -> list[StraightRule]:
    """The versions of a type's rule, the one that holds first."""
    query = select(StraightRule).where(StraightRule.type == type_name)
    return list(session.scalars(query.order_by(StraightRule.version.desc()).limit(limit)))
