"""Turns the mails a step owes into debts: whom each goes to, and what it will say.

Everything a mail says is fixed here, in the step's own transaction, so that a mail sent late or
twice says the same. Only the address and a one-time link are added when it is sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk.extensions import settings
from helpdesk.models.agency import Agency
from helpdesk.models.correction import Correction
from helpdesk.models.document import Document
from helpdesk.models.effect import Kind
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.owe import Debt, account_lane
from helpdesk.services import waiting
from helpdesk.services.directories import accounts_are_ours, password_way
from helpdesk.services.words import moment_in_words
from workflows.common import REJECTION_CODES, WAITING
from workflows.dates import in_words
from workflows.effects import AccountAction, Effect, LicenseStep, Link, Mail, Recipient
from workflows.papers import KINDS
from workflows.registry import ticket_type

COMMON_FOLDER = "ticket"


@dataclass(frozen=True)
class Parties:
    """The people of one ticket, with the license it is about and what is attached.

    `assignee` None: nobody has it. `corrections`: of what is on file of the licensee, of who filed
    and of who was asked to sign, oldest first; none before a ticket is filed, when nobody asks.
    `signers`: everybody who was asked to sign by a mailed link, and how that ended.
    """

    licensee: Person
    filer: Person
    assignee: Person | None
    agency: Agency | None
    license: License | None = None
    documents: Sequence[Document] = ()
    corrections: Sequence[Correction] = ()
    signers: Sequence[SignatureRequest] = ()

    def of(self, recipient: Recipient) -> Person | None:
        """Signers need not be on file: `services.signature_letters` writes to them."""
        return {
            Recipient.LICENSEE: self.licensee,
            Recipient.FILER: self.filer,
            Recipient.ASSIGNEE: self.assignee,
            Recipient.SIGNERS: None,
        }[recipient]


def ticket_debts(
    event: Event,
    ticket: Ticket,
    people: Parties,
    effects: tuple[Effect, ...],
    terms: dict[str, Any],
) -> Iterator[Debt]:
    """One debt for each effect, less the mails that nobody would get or somebody gets already.

    `terms` are what an account action sets besides: plain values, fixed now.
    """
    reached: set[tuple[str, int]] = set()
    for place, effect in enumerate(effects):
        key = f"ticket:{ticket.id}:{event.version}:{place}"
        if isinstance(effect, LicenseStep):
            continue  # taken already, in this very commit
        if isinstance(effect, AccountAction):
            yield _action(key, event, ticket, effect, terms)
            continue
        person = people.of(effect.to)
        if person is None or person.email is None or (effect.name, person.id) in reached:
            continue
        reached.add((effect.name, person.id))
        said = ticket_words(event, ticket, people) | _reader(person, effect, people)
        folders = [f"{ticket.type}/{effect.name}", f"{COMMON_FOLDER}/{effect.name}"]
        yield Debt(
            key=key,
            kind=Kind.MAIL,
            lane=f"mail:{ticket.id}:{person.id}",
            person_id=person.id,
            payload={"folders": folders, "link": effect.link, "says": said,
                     "thread": f"ticket-{ticket.id}"},
            ticket_id=ticket.id,
            event_id=event.id,
        )  # fmt: skip


def _action(
    key: str, event: Event, ticket: Ticket, effect: AccountAction, terms: dict[str, Any]
) -> Debt:
    return Debt(
        key=key,
        kind=Kind.ACCOUNT,
        lane=account_lane(ticket.person_id),
        person_id=ticket.person_id,
        payload={"action": effect.action, "terms": terms},
        ticket_id=ticket.id,
        event_id=event.id,
    )


def _reader(person: Person, mail: Mail, people: Parties) -> dict[str, Any]:
    return {
        "recipient": mail.to,
        "recipient_name": person.name,
        "own": people.filer.id == people.licensee.id,
        "licensee_has_email": people.licensee.email is not None,
        **({} if _gets_in(person, mail) else {"ticket_path": None}),
    }


def _gets_in(person: Person, mail: Mail) -> bool:
    """A newcomer can't sign in yet, and has no name by which a link could be asked for."""
    return mail.to is not Recipient.LICENSEE or person.username is not None


def ticket_words(event: Event, ticket: Ticket, people: Parties) -> dict[str, Any]:
    """What any mail about a ticket may say, as plain values."""
    ends = people.license.expires_on if people.license else None
    return {
        "ticket_number": ticket.number,
        "ticket_path": f"/tickets/{ticket.id}",
        "type_label": ticket_type(ticket.type).label,
        "person_name": people.licensee.name,
        "agency_name": people.agency.name if people.agency else None,
        "due_words": _due_words(event, ticket),
        "waits_on_agency": event.to_state == WAITING,
        "message": event.data.get("message"),
        "asked": event.data.get("asked"),
        "unsigned": event.data.get("unsigned", ()),
        "reason_label": REJECTION_CODES.get(event.data.get("code", "")),
        "reason_text": event.data.get("message"),
        "actor_name": event.actor_name,
        "papers": [KINDS[paper].label if paper in KINDS else paper
                   for paper in event.data.get("papers", [])],
        "from_number": event.data.get("from"),
        "username": people.licensee.username,
        "until_words": in_words(ends) if ends else None,
        "password_way": password_way(ticket.type),
        "log_ins_seen": accounts_are_ours(),
        "log_in_hours": round(settings().LOG_IN_WATCH.total_seconds() / 3600),
    }


def _due_words(event: Event, ticket: Ticket) -> str | None:
    """By when HAND will answer; while it waits for an answer itself, by when that must come."""
    asked = event.data.get("asked_at")
    if asked is not None:
        return moment_in_words(waiting.ends(datetime.fromisoformat(asked)))
    if event.to_state == WAITING and event.from_state != WAITING:
        return moment_in_words(waiting.ends(event.at))
    return moment_in_words(ticket.due_at) if ticket.due_at else None


def personal_letter(
    key: str,
    folder: str,
    person: Person,
    *,
    link: Link | None = None,
    says: dict[str, Any] | None = None,
    event_id: int | None = None,
) -> Debt:
    """A mail to one person that belongs to no ticket."""
    said = {"recipient_name": person.name, "recipient": Recipient.LICENSEE} | (says or {})
    return Debt(
        key=key,
        kind=Kind.MAIL,
        lane=f"mail:{key}",
        person_id=person.id,
        payload={"folders": [folder], "link": link, "says": said, "thread": None},
        event_id=event_id,
    )


def addressed(letter: Debt, name: str, address: str) -> Debt:
    """The same, to this address whatever is on file when it leaves."""
    said = {**letter.payload["says"], "recipient_name": name}
    to = {"name": name, "address": address}
    return replace(letter, payload={**letter.payload, "says": said, "to": to})
