"""Builders of rows for tests: people, licenses and tickets in any state, and those who act.

All want an app context. States come about as in life, step by step through the gateways; what is
owed on the way counts as done, so that a test sees only what it caused (`owing=True` keeps it).
"""

import itertools
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor, Channel
from helpdesk.directory.base import HandedOver
from helpdesk.directory.manual import ManualDirectory
from helpdesk.extensions import db, now
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.checklist import Checklist
from helpdesk.models.effect import PENDING, Effect, Kind, Status
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import Ticket
from helpdesk.outbox.claim import claim
from helpdesk.services import licenses, passwords, provisioning, tickets
from helpdesk.services.filing import Request
from helpdesk.transaction import transaction
from tests.filings import FITTING_STATES, answers, upload
from workflows import common
from workflows import license as life
from workflows.guards import NEW_PASSWORD, RECERTIFY
from workflows.registry import ticket_type

PASSWORD = "velvet otter climbs nine ladders"
NO_EMAIL = "-"

NUMBERS = itertools.count(1)
HASHES: dict[str, str] = {}

LICENSE_STEPS: dict[str, tuple[str, ...]] = {
    life.ABSENT: (),
    life.REQUESTED: ("request",),
    life.NOT_ISSUED: ("request", "refuse"),
    life.ACTIVE: ("request", "create"),
    life.LOCKED: ("request", "create", "lock"),
    life.INACTIVE: ("request", "create", "inactivate"),
    life.EXPIRED: ("request", "create", "expire"),
    life.SUSPENDED: ("request", "create", "suspend"),
    life.DELETED: ("request", "create", "note_deletion"),
}
TICKET_STEPS: dict[str, tuple[str, ...]] = {
    common.SUBMITTED: (),
    common.IN_REVIEW: ("take",),
    common.WAITING: ("take", "ask_for_more"),
    common.APPROVED: ("take", "approve"),
    common.BEING_SET_UP: ("take", "approve", "setup_started"),
    common.COMPLETED: ("take", "approve", "setup_started", "provisioned"),
    common.REJECTED: ("take", "reject"),
    common.WITHDRAWN: ("withdraw",),
    common.CLOSED: ("take", "ask_for_more", "close_no_response"),
    common.CONVERTED: ("take", "convert"),
}
WORDS: dict[str, dict[str, Any]] = {
    "ask_for_more": {"message": "Which site does she work at?"},
    "answer": {"message": "At the one on Woodward."},
    "approve": {"identity_checked": True},
    "reject": {"code": "duplicate", "message": "See the earlier request."},
    "close_no_response": {"message": "Which site does she work at?"},
    "override": {"message": "The executive director has called."},
    "convert": {"to": RECERTIFY, "message": "The license runs out in a week."},
    "comment": {"message": "We are on it."},
    "write": {"message": "Any news?"},
    "note": {"message": "She sounded like herself."},
    "provisioning_failed": {"message": "There is no account of that name."},
}
"""What a step's form brings, where it has one."""

SYSTEM_STEPS = {"setup_started", "provisioned", "provisioning_failed", "close_no_response"}
ANY_STAFF = Actor(None, "Any Manager", Channel.COMMAND, staff=True, manager=True)


def agency(name: str | None = None) -> Agency:
    with transaction() as session:
        row = Agency(name=name or f"Agency {next(NUMBERS)}")
        session.add(row)
    return row


def person(
    username: str | None = None,
    *,
    email: str | None = None,
    password: str | None = None,
    account: bool = True,
) -> Person:
    """`email` None makes one up, NO_EMAIL leaves it out. `account`: with a sign-in account."""
    number = next(NUMBERS)
    username = username or f"person.{number}"
    address = {None: f"{username}@agency.example", NO_EMAIL: None}.get(email, email)
    with transaction() as session:
        row = Person(
            username=username,
            first_name=username.split(".")[0].title(),
            last_name=f"Number {number}",
            email=address,
        )
        session.add(row)
        session.flush()
        if account:
            session.add(Account(person_id=row.id, password_hash=hashed(password)))
    return row


def nameless(state: str = life.ACTIVE, of: Agency | None = None) -> Person:
    """Somebody with a license and no username, as the HMIS's own export tells of them."""
    with transaction() as session:
        row = licensee(state, of=of, account=False)
        session.get_one(Person, row.id).username = None
    return row


def hashed(password: str | None) -> str | None:
    """Hashing is slow on purpose; the same password need not be hashed twice."""
    if password is None:
        return None
    if password not in HASHES:
        HASHES[password] = passwords.hash_password(password)
    return HASHES[password]


def licensee(
    state: str = life.LOCKED,
    *,
    of: Agency | None = None,
    owing: bool = False,
    **about: Any,
) -> Person:
    """A person with a license in `state`; `about` goes to `person`."""
    with transaction() as session:
        row = person(**about)
        held = give_license(row, state, of)
        if not owing:
            settle(session, person_id=row.id)
            settle_events(session, held)
    return row


def give_license(to: Person, state: str, of: Agency | None = None) -> License:
    with transaction() as session:
        row = License(person_id=to.id, agency_id=of.id if of else None)
        session.add(row)
        session.flush()
        session.refresh(row)
        for step in LICENSE_STEPS[state]:
            by = ANY_STAFF if step == "suspend" else THE_DESK
            licenses.act(row.id, step, by, {"message": "Shared."} if step == "suspend" else {})
        held = session.get_one(Person, to.id)
        account = account_of(held)
        if account is not None:
            account.hmis_access = state in life.HELD
            account.bad_attempts = 3 if state == life.LOCKED else 0
    return row


def proposed(of: Agency | None = None, **about: Any) -> Person:
    """Somebody whose license staff are asked to delete; those concerned were warned."""
    row = licensee(life.INACTIVE, of=of, **about)
    with transaction() as session:
        held = session.query(License).filter_by(person_id=row.id).one()
        day = now().date().isoformat()
        licenses.act(held.id, "warn_deletion", THE_DESK, {"from": day})
        licenses.act(held.id, "propose_deletion", THE_DESK)
        settle_events(session, held)
    return row


def account_of(who: Person) -> Account | None:
    return db.session.query(Account).filter_by(person_id=who.id).one_or_none()


def grant(to: Person, role: Role, agency_id: int | None = None) -> None:
    with transaction() as session:
        session.add(Grant(person_id=to.id, role=role, agency_id=agency_id))


def staff(username: str | None = None, *, manager: bool = False, **about: Any) -> Actor:
    """Somebody at HAND, signed in."""
    row = person(username, **about)
    grant(row, Role.MANAGER if manager else Role.STAFF)
    return Actor(row.id, row.name, Channel.WEB, staff=True, manager=manager)


def admin(*of: Agency, username: str | None = None, **about: Any) -> Actor:
    """An agency admin, signed in."""
    row = person(username, **about)
    for each in of:
        grant(row, Role.AGENCY_ADMIN, each.id)
    return Actor(row.id, row.name, Channel.WEB, agencies={each.id: each.name for each in of})


def as_licensee(who: Person) -> Actor:
    """The licensee themselves, by a mailed link."""
    return Actor(who.id, who.name, Channel.LINK, licensee=True)


def request(
    about: Person,
    filer: Actor,
    form_key: str | None = None,
    *,
    sender: Actor | None = None,
    papers: tuple[str, ...] | None = None,
    **changes: Any,
) -> Request:
    """A request that fits. `papers` None: those its type needs, uploaded by `sender` (None: the
    one who files)."""
    assert filer.person_id is not None, "the desk itself files nothing"
    kind = changes.get("type", NEW_PASSWORD)
    values: dict[str, Any] = {
        "type": kind,
        "person_id": about.id,
        "filer_id": filer.person_id,
        "form_key": form_key or f"form-of-a-test-{next(NUMBERS)}",
        "fields": answers(kind) | changes.pop("fields", {}),
    }
    upload(sender or filer, values["form_key"], *(ticket_type(kind).papers
                                                  if papers is None else papers))  # fmt: skip
    return Request(**values | changes)


@dataclass(frozen=True)
class Cast:
    """Who is there in most tests: an agency with its admin, and two at HAND."""

    agency: Agency
    admin: Actor
    sam: Actor
    joan: Actor

    def actor(self, trigger: str) -> Actor:
        """Who takes this step on the way to a state."""
        if trigger in SYSTEM_STEPS:
            return THE_DESK
        return self.admin if trigger in {"withdraw", "answer"} else self.sam


def cast() -> Cast:
    harbor = agency()
    return Cast(harbor, admin(harbor), staff(), staff())


def ticket(
    state: str = common.SUBMITTED,
    *,
    by: Cast,
    about: Person | None = None,
    owing: bool = False,
    type: str = NEW_PASSWORD,  # noqa: A002  as a ticket calls it
) -> Ticket:
    """A ticket that has come to `state`. `owing` keeps what its last step owes, as it is."""
    with transaction() as session:
        fits = life.ACTIVE if state == common.CONVERTED else FITTING_STATES[type]
        about = about or licensee(fits, of=by.agency)
        row = tickets.open_ticket(request(about, by.admin, type=type), by.admin)
        for trigger in TICKET_STEPS[state]:
            settle(session, ticket_id=row.id)
            step(row, trigger, by)
        if not owing:
            settle(session, ticket_id=row.id)
    return row


def step(row: Ticket, trigger: str, by: Cast, **words: Any) -> Ticket:
    return tickets.act(row.id, trigger, by.actor(trigger), WORDS.get(trigger, {}) | words)


def failed_ticket(by: Cast) -> Ticket:
    """Approved, and its account action has failed for good."""
    with transaction() as session:
        row = ticket(common.BEING_SET_UP, by=by)
        row = step(row, "provisioning_failed", by)
        session.execute(
            update(Effect).where(Effect.ticket_id == row.id, Effect.kind == "account")
            .values(status=Status.DEAD, settled_at=now(), attempts=1, error="No such account.")
        )  # fmt: skip
    return row


def handed_over(by: Cast) -> tuple[Ticket, Checklist]:
    """Being set up, and its account action waits for the hands of staff."""
    row = ticket(common.APPROVED, by=by, owing=True)
    with transaction() as session:
        (claimed,) = (c for c in claim(session, Kind.ACCOUNT, 100) if c.ticket_id == row.id)
    provisioning.start(claimed)
    name = db.session.get_one(Person, row.person_id).username or ""
    with suppress(HandedOver):
        ManualDirectory().unlock(claimed.key, name)
    provisioning.handed_over(claimed)
    with transaction() as session:
        settle(session, ticket_id=row.id)
    return row, session.query(Checklist).filter_by(key=claimed.key).one()


def settle_events(session: Session, row: License) -> None:
    """What was owed to anybody for the steps of a license counts as done."""
    events = select(Event.id).where(Event.license_id == row.id)
    session.execute(
        update(Effect)
        .where(Effect.event_id.in_(events), Effect.status.in_(PENDING))
        .values(status=Status.DONE, settled_at=now())
    )


def settle(session: Session, **whose: int) -> None:
    """What a ticket or a person is owed so far counts as done."""
    session.execute(
        update(Effect)
        .filter_by(**whose)
        .where(Effect.status.in_(PENDING))
        .values(status=Status.DONE, settled_at=now())
    )
