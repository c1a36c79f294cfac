"""Signatures that are asked for by mailed links: begun with the worksheet that lacks them, ended
when it is replaced."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.extensions import now
from helpdesk.models.document import Document, held_for_change
from helpdesk.models.person import Person
from helpdesk.models.reading import How, Reading, Value
from helpdesk.models.role import admins_of
from helpdesk.models.signature_request import SignatureRequest, signature_requests
from helpdesk.models.ticket import Ticket
from helpdesk.services.concerned import concerned
from workflows import signing, typed_signer
from workflows.asked import Asked
from workflows.engine import Reason, Refused
from workflows.papers import OTHER
from workflows.registry import ticket_type
from workflows.requirements import DOCUMENT
from workflows.signing import (
    ADMIN,
    BY_TYPED_LINK,
    DIRECTOR,
    ON_PAGE,
    SIGNERS,
    USER,
    addressed_by,
    asked_at,
    asked_name,
    where,
)
from workflows.signing_steps import UNSIGNED

NO_ADMIN = ", who is no admin any more: another admin has to sign the worksheet"
"""What is said of who was asked as the admin, and is mailed no link by now."""


def outstanding(session: Session, ticket_id: int) -> list[SignatureRequest]:
    return [row for row in signature_requests(session, ticket_id) if row.outstanding]


def begun(
    session: Session, ticket: Ticket, attached: Iterable[Document]
) -> list[SignatureRequest]:
    """Others have perhaps still to sign a worksheet that was filled in on a page, and with which a
    request begins, or goes on as one of another type: they are asked."""
    on_pages = [each for each in attached if each.reading and each.reading.how is How.WEB]
    if not on_pages:
        return []
    take_in(session, ticket, on_pages)
    rows = outstanding(session, ticket.id)
    if ticket.converted_from_id is None:
        _judge_typed(session, ticket, rows)
    return rows


CAN_NOT = "{name} can’t be asked to sign this worksheet. {why} Fill it in anew."


def _judge_typed(session: Session, ticket: Ticket, rows: Iterable[SignatureRequest]) -> None:
    """The one who files it is perhaps chosen after it was filled in, or files it again."""
    for row in rows:
        if row.who == DIRECTOR:
            paper = session.get_one(Document, row.document_id).kind
            found = typed_signer.faults(row.name, row.address, concerned(session, ticket, row))
            if reasons := [Reason(CAN_NOT.format(name=row.name, why=why), f"{DOCUMENT}{paper}")
                           for _what, why in found]:  # fmt: skip
                raise Refused(reasons)


def beginning(
    session: Session, ticket: Ticket, signers: Sequence[SignatureRequest]
) -> tuple[str, dict[str, Any]]:
    """The step by which a request is filed that these have still to sign, and what it tells."""
    told_of = told(signers, left_office(session, signers, ticket.agency_id))
    return (UNSIGNED, told_of) if told_of else ("submit", {})


def take_in(
    session: Session, ticket: Ticket, came: Iterable[Document], on_page: Collection[str] = ()
) -> bool:
    """A worksheet that came ends what was asked for an earlier one, even where nobody can read it
    yet, and asks for what it lacks itself. `on_page`: who has signed a page that came instead, as
    whoever sends it says. Whether that was the last signature."""
    papers = ticket_type(ticket.type).papers
    sheets = {each.kind: each for each in sorted(came, key=_age) if each.kind in papers}
    paged = on_page if any(each.kind == OTHER for each in came) else ()
    if ticket.version and (sheets or paged):
        _end(session, ticket, sheets.keys(), paged)
    for sheet in sheets.values():
        session.add_all(_begun(session, ticket, sheet))
    session.flush()
    return bool(paged) and not outstanding(session, ticket.id)


def _age(document: Document) -> int:
    return document.id


def _end(
    session: Session, ticket: Ticket, kinds: Collection[str], on_page: Collection[str]
) -> None:
    for row in outstanding(session, ticket.id):
        document = held_for_change(session, row.document_id)
        if document.kind in kinds:
            row.ended_at = now()
        elif row.who in on_page and document.reading is not None:
            row.ended_at = now()
            document.reading = _on_page(document.reading, row.who)


def _on_page(reading: Reading, who: str) -> Reading:
    return replace(reading, values={**reading.values, where(who): Value(ON_PAGE)})


def _begun(session: Session, ticket: Ticket, document: Document) -> Iterator[SignatureRequest]:
    texts = document.reading.texts if document.reading else {}
    for who in signing.unsigned(texts):
        person = texts.get(signing.asked_person(who))
        row = SignatureRequest(
            ticket_id=ticket.id,
            document_id=document.id,
            who=who,
            name=texts.get(asked_name(who), ""),
            address=texts.get(asked_at(who), ""),
            typed=texts[where(who)] == BY_TYPED_LINK,
            person_id=ticket.person_id if who == USER else int(person) if person else None,
        )
        take_from_file(session, row)
        yield row


def take_from_file(session: Session, row: SignatureRequest) -> bool:
    """Name and address of somebody who is on file, as they are by now. Whether they can be mailed:
    an address that was typed always can."""
    if row.person_id is None:
        return True
    person = session.get_one(Person, row.person_id)
    if person.email is None:
        return False
    if (row.name, row.address) != (person.name, person.email):
        row.name, row.address = person.name, person.email
        tell(session, row)
    return True


def tell(session: Session, row: SignatureRequest, typed_by: int | None = None) -> None:
    """The worksheet says by now who is asked, and where; and who typed that since it was filed."""
    document = held_for_change(session, row.document_id)
    if document.reading is not None:
        told = {asked_name(row.who): row.name, asked_at(row.who): row.address}
        if typed_by is not None:
            told[addressed_by(row.who)] = str(typed_by)
        values = document.reading.values | {name: Value(text) for name, text in told.items()}
        document.reading = replace(document.reading, values=values)


def left_office(
    session: Session, rows: Iterable[SignatureRequest], agency_id: int | None
) -> set[int]:
    """Of those who are asked as the agency's admin, the ids of who is none any more."""
    asked_as_admin = {row.person_id for row in rows if row.who == ADMIN and row.person_id}
    if not asked_as_admin:
        return set()
    return asked_as_admin - {each.id for each in admins_of(session, agency_id)}


def asked(rows: Iterable[SignatureRequest]) -> tuple[Asked, ...]:
    """As the rules know them."""
    return tuple(Asked(r.who, r.name, r.address, r.typed, r.sent, r.declined) for r in rows)


def told(
    rows: Sequence[SignatureRequest], left: Collection[int] = frozenset()
) -> dict[str, Any]:
    """What the history tells of those who have still to sign; nothing where nobody has. `left`: who
    can't any more, as `left_office` has it."""
    lines = [f"{row.name}, as {SIGNERS[row.who]} ({row.address})"
             + (NO_ADMIN if row.person_id in left and row.who == ADMIN else "")
             for row in rows]  # fmt: skip
    if not lines:
        return {}
    return {"message": "\n".join(["Still to sign by email:", *lines]), "unsigned": lines}


def filled_in_by(session: Session, ticket: Ticket, document: Document) -> str:
    """What somebody at HAND filled in on behalf of others, HAND did."""
    if document.owner_id == ticket.entered_by_id:
        return "HAND"
    return session.get_one(Person, document.owner_id).name
