"""What was read of a worksheet, kept with its document, and what staff have put right of it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, Index, TypeDecorator, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now
from workflows.worksheet_places import is_judged_by
from workflows.worksheets import SHEETS, Sheet


class How(StrEnum):
    """How it was read. `NAMES`: by the names of the fields in a form of another maker."""

    FIELDS = "fields"
    PRINTED = "printed"
    NAMES = "names"
    WEB = "web"
    NOT = "not"


@dataclass(frozen=True)
class Value:
    """`page` counts from 0; `box`: left, bottom, width and height in points, from the lower left
    corner. `printed`: read from the page, not from a form's field. `read_by`: who at HAND has put
    it right, while that stands."""

    text: str
    page: int = 0
    box: tuple[float, ...] = ()
    printed: bool = False
    read_by: int | None = None


@dataclass(frozen=True)
class Reading:
    """`values` by the names of the blanks, as staff have put them right. `form` and `version` are
    empty for a form of another maker. `fault`: a word for why nothing could be read, see
    `helpdesk.worksheets.read`. `read_at` is an ISO moment."""

    how: How
    form: str = ""
    version: int = 0
    code: str = ""
    fault: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    read_at: str = ""

    @property
    def sheet(self) -> Sheet | None:
        """None: a form of another maker."""
        return SHEETS.get((self.form, self.version))

    @property
    def texts(self) -> dict[str, str]:
        return {name: value.text for name, value in self.values.items()}

    @property
    def readers(self) -> frozenset[int]:
        """Who at HAND reads a date or a score of it otherwise than the program did."""
        return frozenset(value.read_by for blank, value in self.values.items()
                         if value.read_by is not None and is_judged_by(blank))  # fmt: skip


class ReadingColumn(TypeDecorator[Reading]):
    """A reading as JSON."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Reading | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Reading | None:  # noqa: ARG002
        if value is None:
            return None
        values = {name: Value(**told | {"box": tuple(told["box"])})
                  for name, told in value["values"].items()}  # fmt: skip
        return Reading(**value | {"how": How(value["how"]), "values": values})


class ReadingCorrection(Base):
    """Staff read a blank otherwise than the program did. `before` and `after` are its text. Never
    changed again; it goes only when its document does."""

    __tablename__ = "reading_correction"
    __table_args__ = (Index("ix_reading_correction_document_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    blank: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def corrections_of_reading(session: Session, document_id: int) -> list[ReadingCorrection]:
    """Oldest first."""
    query = select(ReadingCorrection).where(ReadingCorrection.document_id == document_id)
    return list(session.scalars(query.order_by(ReadingCorrection.id)))
