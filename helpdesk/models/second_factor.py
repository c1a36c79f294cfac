"""A second step at sign-in: authenticator apps, passkeys, and codes for when they are lost."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class FactorKind(StrEnum):
    APP = "app"
    PASSKEY = "passkey"


class SecondFactor(Base):
    """`key`: the sealed secret of an app, the public key of a passkey.

    `counter` only grows: the last time step whose code an app gave, or a passkey's own count of its
    signatures. `credential_id` is the name that a passkey bears for browsers.
    """

    __tablename__ = "second_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[FactorKind]
    name: Mapped[str]
    key: Mapped[str]
    counter: Mapped[int] = mapped_column(BigInteger)
    credential_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """Good once. A new set replaces the old one, used codes and all."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
