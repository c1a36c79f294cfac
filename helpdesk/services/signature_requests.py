"""Signatures that are asked for by mailed links: begun with the worksheet that lacks them, ended
when it is replaced. Each mail that carries a link makes it, and the last alone works.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.links import Purpose, key_hash
from helpdesk.models.document import Document, held_for_change
from helpdesk.models.event import Event
from helpdesk.models.person import Person, email_key, named
from helpdesk.models.reading import How, Reading, Value
from helpdesk.models.signature_request import SignatureRequest, signature_requests
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import Debt
from helpdesk.services.letters import COMMON_FOLDER, Parties, addressed, personal_letter
from workflows import signing
from workflows.asked import Asked
from workflows.effects import Effect, Mail, Recipient
from workflows.engine import Reason, Refused
from workflows.papers import OTHER
from workflows.registry import ticket_type
from workflows.requirements import is_personal
from workflows.signing import (
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
from workflows.signing_steps import ASK_AGAIN, UNSIGNED


def outstanding(session: Session, ticket_id: int) -> list[SignatureRequest]:
    return [row for row in signature_requests(session, ticket_id) if row.outstanding]


def begun(
    session: Session, ticket: Ticket, attached: Iterable[Document]
) -> list[SignatureRequest]:
    """Others have perhaps still to sign a worksheet that was filled in on a page, and with which a
    request begins: they are asked."""
    on_pages = [each for each in attached if each.reading and each.reading.how is How.WEB]
    if not on_pages:
        return []
    take_in(session, ticket, on_pages, answers=False)
    return outstanding(session, ticket.id)


def beginning(signers: Sequence[SignatureRequest]) -> tuple[str, dict[str, Any]]:
    """The step by which a request is filed that these have still to sign, and what it tells."""
    told_of = told(signers)
    return (UNSIGNED, told_of) if told_of else ("submit", {})


def take_in(session: Session, ticket: Ticket, came: Iterable[Document], *, answers: bool) -> None:
    """A worksheet that came ends what was asked for an earlier one, and asks for what it lacks
    itself. A page that came with an answer has the signatures that were asked for."""
    papers = ticket_type(ticket.type).papers
    sheets = {each.kind: each for each in sorted(came, key=_age) if each.kind in papers}
    asked = [each for each in sheets.values() if each.reading]
    pages = answers and any(each.kind == OTHER for each in came)
    if ticket.version and (asked or pages):
        _end(session, ticket, asked, pages=pages)
    for sheet in asked:
        session.add_all(_begun(ticket, sheet))
    session.flush()


def _age(document: Document) -> int:
    return document.id


def _end(session: Session, ticket: Ticket, new: list[Document], *, pages: bool) -> None:
    kinds = {each.kind for each in new}
    for row in outstanding(session, ticket.id):
        document = held_for_change(session, row.document_id)
        if document.kind in kinds:
            row.ended_at = now()
        elif pages and document.reading is not None:
            row.ended_at = now()
            document.reading = _on_page(document.reading, row.who)


def _on_page(reading: Reading, who: str) -> Reading:
    return replace(reading, values={**reading.values, where(who): Value(ON_PAGE)})


def _begun(ticket: Ticket, document: Document) -> Iterator[SignatureRequest]:
    texts = document.reading.texts if document.reading else {}
    for who in signing.unsigned(texts):
        person = texts.get(signing.asked_person(who))
        yield SignatureRequest(
            ticket_id=ticket.id,
            document_id=document.id,
            who=who,
            name=texts.get(asked_name(who), ""),
            address=texts.get(asked_at(who), ""),
            typed=texts[where(who)] == BY_TYPED_LINK,
            person_id=ticket.person_id if who == USER else int(person) if person else None,
        )


def asked(rows: Iterable[SignatureRequest]) -> tuple[Asked, ...]:
    """As the rules know them."""
    return tuple(Asked(r.who, r.name, r.address, r.typed, r.sent, r.declined) for r in rows)


def told(rows: Sequence[SignatureRequest]) -> dict[str, Any]:
    """What the history tells of those who have still to sign; nothing where nobody has."""
    lines = [f"{row.name}, as {SIGNERS[row.who]} ({row.address})" for row in rows]
    if not lines:
        return {}
    return {"message": "\n".join(["Still to sign by email:", *lines]), "unsigned": lines}


def letters(
    session: Session, event: Event, ticket: Ticket, people: Parties, effects: tuple[Effect, ...]
) -> Iterator[Debt]:
    """The mails with links that a step owes, each with a new one. Who said that they can’t sign is
    asked again by a person only."""
    for mail in effects:
        if isinstance(mail, Mail) and mail.to is Recipient.SIGNERS:
            for row in outstanding(session, ticket.id):
                if _is_meant(row, event):
                    yield _letter(session, mail, event, row, ticket, people)


def _is_meant(row: SignatureRequest, event: Event) -> bool:
    if event.trigger == ASK_AGAIN:
        return row.who == event.data.get("who")
    return not row.declined and (row.sent == 0 or event.trigger == "remind")


def _letter(
    session: Session,
    mail: Mail,
    event: Event,
    row: SignatureRequest,
    ticket: Ticket,
    people: Parties,
) -> Debt:
    key = f"ticket:{row.ticket_id}:{event.version}:{mail.name}:{row.who}"
    row.token_hash, row.sent_at, row.sent = key_hash(Purpose.SIGN, key), now(), row.sent + 1
    row.declined, row.declined_at = "", None
    says = {
        "recipient": Recipient.SIGNERS,
        "person_name": people.licensee.name,
        "own": row.person_id == people.licensee.id,
        "filer_name": people.filer.name,
        "agency_name": people.agency.name if people.agency else None,
        "signs_as": SIGNERS[row.who],
        "ticket_number": ticket.number,
        "type_label": ticket_type(ticket.type).label,
    }
    to = session.get_one(Person, row.person_id) if row.person_id else people.licensee
    letter = personal_letter(
        key, f"{COMMON_FOLDER}/{mail.name}", to, link=mail.link, says=says, event_id=event.id
    )
    whose = replace(letter, ticket_id=row.ticket_id, lane=f"mail:{row.ticket_id}:{row.who}")
    return addressed(whose, row.name, row.address)


def readdress(
    session: Session, ticket: Ticket, brought: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    """Before somebody is asked again: with the address on file as it is by now, or with name and
    address as they are typed anew. Gives what the history tells. Raises `Refused`."""
    row = next((r for r in outstanding(session, ticket.id) if r.who == brought.get("who")), None)
    if row is None:
        return {}
    before = row.address
    if row.person_id is not None:
        address = session.get_one(Person, row.person_id).email
        if address is None:
            raise Refused([Reason(f"No email of {row.name} is on file.", field="who")])
        row.address = address
    elif brought.get("address"):
        _judge_address(session, ticket, str(brought["address"]))
        row.name, row.address = str(brought.get("name") or row.name), str(brought["address"])
    document = held_for_change(session, row.document_id)
    if document.reading is not None:
        told = {asked_name(row.who): row.name, asked_at(row.who): row.address}
        if row.person_id is None and email_key(before) != email_key(row.address):
            told[addressed_by(row.who)] = str(actor.person_id)
        values = document.reading.values | {name: Value(text) for name, text in told.items()}
        document.reading = replace(document.reading, values=values)
    return {"name": row.name, "address": row.address, "message": f"{row.name} ({row.address})"}


def _judge_address(session: Session, ticket: Ticket, address: str) -> None:
    """Raises `Refused` for one that is no work address, or comes to somebody else concerned."""
    if is_personal(address):
        words = f"{address} is a personal address. Type the work email."
        raise Refused([Reason(words, field="address")])
    others = {row.address for row in signature_requests(session, ticket.id) if row.who != DIRECTOR}
    concerned = {ticket.person_id, ticket.filer_id, ticket.entered_by_id or ticket.filer_id}
    people = named(session, concerned).values()
    keys = {email_key(each) for each in (*others, *(person.email for person in people))}
    if email_key(address) in keys:
        words = f"{address} is the address of somebody else who is concerned."
        raise Refused([Reason(words, field="address")])


def addressers(documents: Iterable[Document]) -> frozenset[int]:
    """Who has typed anew where somebody of theirs was asked to sign."""
    readings = [each.reading.texts for each in documents if each.reading]
    found = (texts.get(addressed_by(who)) for texts in readings for who in SIGNERS)
    return frozenset(int(number) for number in found if number)
