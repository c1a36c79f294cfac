"""Who has another part in a request than somebody whose name and address are typed."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.person import named
from helpdesk.models.role import approvers
from helpdesk.models.signature_request import SignatureRequest, signature_requests
from helpdesk.models.ticket import Ticket
from workflows.signing import SIGNERS
from workflows.typed_signer import FILED, JUDGES, LICENSEE, SIGNS, YOURSELF, Concerned


def concerned(
    session: Session, ticket: Ticket, row: SignatureRequest, actor: Actor | None = None
) -> Iterator[Concerned]:
    """Each with what is said then. `actor`: who types it."""
    parts = {ticket.person_id: LICENSEE, ticket.filer_id: FILED, ticket.entered_by_id: FILED}
    if actor is not None:
        parts[actor.person_id] = YOURSELF
    people = named(session, {number for number in parts if number is not None})
    for number, person in people.items():
        yield Concerned(person.name, person.email, parts[number])
    for other in signature_requests(session, ticket.id):
        if other.who != row.who:
            words = SIGNS.format(name=other.name, who=SIGNERS[other.who])
            yield Concerned(other.name, other.address, words)
    for person in approvers(session):
        yield Concerned(person.name, person.email, JUDGES)
