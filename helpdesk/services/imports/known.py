"""The people of the register as an import sees them: read in batches, as plain values."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.models.license import License
from helpdesk.models.person import Person, full_name
from workflows.license import ABSENT

BATCH = 500


class Known(NamedTuple):
    """`license_state` is `absent` for somebody who has no license at all."""

    person_id: int
    hmis_id: str | None
    first_name: str
    last_name: str
    email: str | None
    email_key: str | None
    phone: str | None
    license_id: int | None
    license_state: str

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)


def known(session: Session, *conditions: ColumnElement[bool]) -> list[Known]:
    query = (
        select(Person.id, Person.hmis_id, Person.first_name, Person.last_name, Person.email,
               Person.email_key, Person.phone, License.id, License.state)
        .outerjoin(License, License.person_id == Person.id)
        .where(*conditions)
        .order_by(Person.id)
    )  # fmt: skip
    return [Known(*row[:-1], row[-1] or ABSENT) for row in session.execute(query)]


class Gone(NamedTuple):
    hmis_id: str
    name: str
    person_id: int


def gone(session: Session, ids: set[str]) -> Iterator[Gone]:
    """Everybody with an ID of the HMIS that is not among `ids`."""
    query = (
        select(Person.hmis_id, Person.first_name, Person.last_name, Person.id)
        .where(Person.hmis_id.is_not(None))
        .order_by(Person.id)
    )
    rows = session.execute(query.execution_options(yield_per=BATCH))
    for hmis_id, first, last, person_id in rows:
        if hmis_id is not None and hmis_id not in ids:
            yield Gone(hmis_id, full_name(first, last), person_id)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents and what separates the words."""
    return _bare(one) == _bare(other) != ""


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if c.isalnum())


def same_phone(one: str | None, other: str | None) -> bool:
    """Whether two numbers are the same but for how they are written."""
    return re.sub(r"\D", "", one or "") == re.sub(r"\D", "", other or "")
