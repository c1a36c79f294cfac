"""Somebody is asked again to sign, where they are reached by now: at the address on file, or at one
that is typed anew. Whoever types it may not approve."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.document import Document
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from helpdesk.services.concerned import concerned
from helpdesk.services.signature_requests import left_office, outstanding, take_from_file, tell
from workflows import typed_signer
from workflows.engine import Reason, Refused
from workflows.signing import SIGNERS, addressed_by
from workflows.written import mailbox


def readdress(
    session: Session, ticket: Ticket, brought: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    """Gives what the history tells. Raises `Refused`."""
    row = next((r for r in outstanding(session, ticket.id) if r.who == brought.get("who")), None)
    if row is None:
        return {}
    if row.person_id is not None:
        _judge_on_file(session, ticket, row)
    elif "name" in brought or "address" in brought:
        _type_anew(session, ticket, row, brought, actor)
    return {"name": row.name, "address": row.address, "message": f"{row.name} ({row.address})"}


def _judge_on_file(session: Session, ticket: Ticket, row: SignatureRequest) -> None:
    if left_office(session, [row], ticket.agency_id):
        words = f"{row.name} is no admin of the agency any more: another has to sign."
        raise Refused([Reason(words, field="who")])
    if not take_from_file(session, row):
        raise Refused([Reason(f"No email of {row.name} is on file.", field="who")])


def _type_anew(
    session: Session,
    ticket: Ticket,
    row: SignatureRequest,
    brought: Mapping[str, Any],
    actor: Actor,
) -> None:
    """As it stands already, it was judged when the worksheet was filled in."""
    name = " ".join(str(brought.get("name", row.name) or "").split())
    address = str(brought.get("address", row.address) or "").strip()
    if (name, address) == (row.name, row.address):
        return
    found = typed_signer.faults(name, address, concerned(session, ticket, row, actor))
    if reasons := [Reason(sentence, field=what) for what, sentence in found]:
        raise Refused(reasons)
    moved = mailbox(address) != mailbox(row.address)
    row.name, row.address = name, address
    tell(session, row, typed_by=actor.person_id if moved else None)


def addressers(documents: Iterable[Document]) -> frozenset[int]:
    """Who has typed anew where somebody of theirs was asked to sign."""
    readings = [each.reading.texts for each in documents if each.reading]
    found = (texts.get(addressed_by(who)) for texts in readings for who in SIGNERS)
    return frozenset(int(number) for number in found if number)
