"""The mails by which people are asked to sign. Each makes the link that it carries, and the last
alone works."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.links import Purpose, key_hash
from helpdesk.models.document import Document
from helpdesk.models.event import Event, last_of
from helpdesk.models.person import Person
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import Debt
from helpdesk.services import waiting
from helpdesk.services.letters import COMMON_FOLDER, Parties, addressed, personal_letter
from helpdesk.services.signature_requests import (
    filled_in_by,
    left_office,
    outstanding,
    take_from_file,
)
from helpdesk.services.words import moment_in_words
from workflows.common import ASKS, WAITING
from workflows.effects import Effect, Mail, Recipient
from workflows.registry import ticket_type
from workflows.signing import ADMIN, SIGNERS
from workflows.signing_steps import ASK_AGAIN


def letters(
    session: Session, event: Event, ticket: Ticket, people: Parties, effects: tuple[Effect, ...]
) -> Iterator[Debt]:
    """The mails with links that a step owes, each with a new one, to where people are reached by
    now. Who said that they can’t sign is asked again by a person only, and who is no admin any more
    by nobody."""
    mails = [e for e in effects if isinstance(e, Mail) and e.to is Recipient.SIGNERS]
    rows = outstanding(session, ticket.id) if mails else []
    left = left_office(session, rows, ticket.agency_id)
    for mail in mails:
        for row in rows:
            gone = row.who == ADMIN and row.person_id in left
            if _is_meant(row, event) and not gone and take_from_file(session, row):
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
    document = session.get_one(Document, row.document_id)
    says = {
        "recipient": Recipient.SIGNERS,
        "person_name": people.licensee.name,
        "own": row.person_id == people.licensee.id,
        "filled_in_by": filled_in_by(session, ticket, document),
        "their_own": document.owner_id == people.licensee.id,
        "agency_name": people.agency.name if people.agency else None,
        "signs_as": SIGNERS[row.who],
        "ticket_number": ticket.number,
        "type_label": ticket_type(ticket.type).label,
        "works_until": _works_until(session, ticket, event),
    }
    to = session.get_one(Person, row.person_id) if row.person_id else people.licensee
    letter = personal_letter(
        key, f"{COMMON_FOLDER}/{mail.name}", to, link=mail.link, says=says, event_id=event.id
    )
    whose = replace(letter, ticket_id=row.ticket_id, lane=f"mail:{row.ticket_id}:{row.who}")
    return addressed(whose, row.name, row.address)


def _works_until(session: Session, ticket: Ticket, event: Event) -> str | None:
    """None where nothing ends before the link does: the request is closed while HAND waits."""
    if event.to_state != WAITING:
        return None
    asked = event if event.from_state != WAITING else last_of(session, ticket.id, ASKS)
    ends = waiting.ends(asked.at) if asked else None
    return moment_in_words(ends) if ends and ends < now() + settings().SIGN_LINK else None
