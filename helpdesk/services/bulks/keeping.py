"""What is filled into a bulk, kept until it is sent: people, days, worksheets."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db, now, settings
from helpdesk.models.bulk import Bulk, BulkPerson, documents_in
from helpdesk.models.document import Document
from helpdesk.models.reading import Reading
from helpdesk.services import drafts
from helpdesk.services.bulks.matching import whose
from helpdesk.services.bulks.people import Held
from helpdesk.transaction import hold, transaction
from workflows.papers import RECERTIFICATION_WORKSHEET

Days = Mapping[int, Mapping[str, str]]
"""What is typed, by the person's id: ISO dates by the course's name."""


class TooMany(Exception):
    """A bulk takes no more people."""

    @property
    def sentence(self) -> str:
        return (
            f"{settings().BULK_PEOPLE} people fit into one submission. Send these first, then"
            " begin another for the rest."
        )


@dataclass(frozen=True)
class Asked:
    """Who fills it in, for whom (the same where nobody is filed for), at which agency."""

    owner_id: int
    filer_id: int
    agency_id: int | None = None


def set_up(asked: Asked, days: Days, notes: Collection[str] = ()) -> int:
    """A new bulk with these people; the id of it. Raises `TooMany`."""
    with transaction() as session:
        bulk = Bulk(key=secrets.token_urlsafe(24), owner_id=asked.owner_id,
                    filer_id=asked.filer_id, agency_id=asked.agency_id,
                    notes=list(notes))  # fmt: skip
        session.add(bulk)
        session.flush()
        _add(session, bulk.id, days)
        return bulk.id


def add(bulk_id: int, days: Days) -> None:
    """Takes in people who are not in it, and what is typed of those who are. Raises `TooMany`."""
    with transaction() as session:
        hold(session, Bulk.id, bulk_id)
        _add(session, bulk_id, days)


def _add(session: Session, bulk_id: int, days: Days) -> None:
    there = {row.person_id: row for row in session.scalars(
        select(BulkPerson).where(BulkPerson.bulk_id == bulk_id))}  # fmt: skip
    if len({*there, *days}) > settings().BULK_PEOPLE:
        raise TooMany
    for person_id, told in days.items():
        if person_id in there:
            there[person_id].days = {**there[person_id].days, **told}
        else:
            session.add(BulkPerson(bulk_id=bulk_id, person_id=person_id, days=dict(told)))
    session.flush()


def save(bulk_id: int, days: Days) -> None:
    """What was typed of those who are in it, over what was; whoever is not any more is left out."""
    with transaction() as session:
        hold(session, Bulk.id, bulk_id)
        for row in session.scalars(select(BulkPerson).where(BulkPerson.bulk_id == bulk_id)):
            if told := days.get(row.person_id):
                row.days = {**row.days, **told}
        session.flush()


def leave_out(bulk_id: int, person_id: int) -> None:
    """Takes somebody out again, with their worksheets."""
    with transaction() as session:
        bulk = session.get_one(Bulk, bulk_id)
        _off(session, bulk, Document.form_key == bulk.key_of(person_id))
        mine = delete(BulkPerson).where(BulkPerson.bulk_id == bulk_id)
        session.execute(mine.where(BulkPerson.person_id == person_id))


def take(
    bulk: Bulk, people: list[Held], filename: str, stream: IO[bytes], person_id: int | None = None
) -> int | None:
    """Reads a worksheet and gives it to whom it is for: the person named, else the one it fits. The
    id of that person; None where nobody fits. Raises `NotAllowed`, with nothing kept, and
    `TooMany`, with the worksheet kept as one that nobody has.

    Slow: a worksheet is read in a process of its own.
    """
    bulk_id, owner_id = bulk.id, bulk.owner_id
    if len(documents_in(db.session(), bulk)) >= 2 * settings().BULK_PEOPLE:
        raise NotAllowed(TooMany().sentence)
    key = bulk.loose_key(secrets.token_hex(4))
    document = drafts.add(owner_id, key, RECERTIFICATION_WORKSHEET, filename, stream)
    found = person_id or whose(document, people)
    if found is not None:
        give(bulk_id, document.id, found)
    return found


def give(bulk_id: int, document_id: int, person_id: int) -> None:
    """A worksheet becomes somebody's, who comes into the bulk with it. One that a program could
    read takes the place of others that it could. Raises `TooMany`."""
    with transaction() as session:
        hold(session, Bulk.id, bulk_id)
        bulk = session.get_one(Bulk, bulk_id)
        _add(session, bulk_id, {person_id: {}})
        documents = documents_in(session, bulk)
        given = next((each for each in documents if each.id == document_id), None)
        if given is None:
            return
        if _is_read(given.reading):
            old = [each.id for each in documents if each.form_key == bulk.key_of(person_id)
                   and each.id != document_id and _is_read(each.reading)]  # fmt: skip
            _off(session, bulk, Document.id.in_(old))
        given.form_key = bulk.key_of(person_id)
        session.flush()


def _is_read(reading: Reading | None) -> bool:
    return reading is not None and reading.fault is None


def _off(session: Session, bulk: Bulk, which: ColumnElement[bool]) -> None:
    """Counted in the quota until a day has passed, as in `drafts.remove`."""
    mine = update(Document).where(Document.owner_id == bulk.owner_id, Document.ticket_id.is_(None))
    session.execute(mine.where(which).values(form_key=None))


def tidy() -> None:
    """Those of which nothing was sent go when their worksheets do."""
    old = Bulk.created_at < now() - settings().DRAFTS_KEPT
    with transaction() as session:
        session.execute(delete(Bulk).where(old, Bulk.sent_at.is_(None)))
