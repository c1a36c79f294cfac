"""People and tickets to try things on, in an empty development instance.

Everything comes about as it would in life: licenses and tickets take their steps through the
gateways. Passwords are random and stand in `demo-accounts.csv` in the instance folder.
"""

import csv
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor, Channel
from helpdesk.extensions import db, now, settings
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.services import licenses, passwords, tickets
from helpdesk.services.filing import Request
from helpdesk.transaction import transaction
from workflows.guards import NEW_PASSWORD

FILE = "demo-accounts.csv"
HARBOR, NORTH = "Harbor House", "North Star Outreach"


@dataclass(frozen=True)
class Someone:
    """`steps` are those of the license after it is made; None: no license at all."""

    username: str
    name: str
    agency: str | None
    role: Role | None = None
    steps: tuple[str, ...] | None = ()
    email: bool = True


CAST = (
    Someone("morgan.hale", "Morgan Hale", None, Role.MANAGER, None),
    Someone("sam.reed", "Sam Reed", None, Role.STAFF, None),
    Someone("joan.abara", "Joan Abara", None, Role.STAFF, None),
    Someone("dana.price", "Dana Price", HARBOR, Role.AGENCY_ADMIN),
    Someone("lee.tran", "Lee Tran", NORTH, Role.AGENCY_ADMIN),
    Someone("maria.lopez", "María López", HARBOR, steps=("lock",)),
    Someone("omar.haddad", "Omar Haddad", HARBOR),
    Someone("ruth.okafor", "Ruth Okafor", HARBOR),
    Someone("ben.ito", "Ben Ito", HARBOR, steps=("inactivate",)),
    Someone("tess.moran", "Tess Moran", HARBOR, steps=("expire",)),
    Someone("gail.novak", "Gail Novak", HARBOR, steps=("lock",), email=False),
    Someone("ana.silva", "Ana Silva", NORTH, steps=("lock",)),
    Someone("paul.weiss", "Paul Weiss", NORTH),
    Someone("kim.bauer", "Kim Bauer", NORTH),
    Someone("ivy.stone", "Ivy Stone", NORTH, steps=("lock",)),
    Someone("noor.aziz", "Noor Aziz", NORTH, steps=("suspend",)),
    Someone("carl.dietz", "Carl Dietz", NORTH, steps=("delete",)),
    Someone("wen.li", "Wén Lǐ", NORTH),
)
SIGN_IN_AS = {"morgan.hale", "sam.reed", "joan.abara", "dana.price", "lee.tran", "omar.haddad",
              "kim.bauer"}  # fmt: skip


class NotHere(Exception):
    """Demo data belongs into a development instance."""


def fill() -> str:
    """Says what was done. Does nothing in an instance that has people already."""
    if settings().ENV == "production":
        raise NotHere("Demo data is for development, never for production.")
    if db.session.scalar(select(Person.id).limit(1)) is not None:
        return "There are people here already; nothing was added."
    with transaction() as session:
        lines = _people(session)
        _tickets(session)
        _write(settings().instance / FILE, lines)
    return f"Demo accounts and their passwords are in {settings().instance / FILE}"


def _people(session: Session) -> list[tuple[str, str, str, str]]:
    agencies = {name: Agency(name=name) for name in (HARBOR, NORTH)}
    session.add_all(agencies.values())
    session.flush()
    return [line for someone in CAST for line in _add(session, someone, agencies)]


def _add(
    session: Session, someone: Someone, agencies: dict[str, Agency]
) -> list[tuple[str, str, str, str]]:
    first, last = someone.name.split(" ", 1)
    address = f"{someone.username}@example.org" if someone.email else None
    person = Person(username=someone.username, first_name=first, last_name=last, email=address,
                    phone="313-555-0100")  # fmt: skip
    session.add(person)
    session.flush()
    password = secrets.token_urlsafe(12)
    signs_in = someone.username in SIGN_IN_AS
    hashed = passwords.hash_password(password) if signs_in else None
    licensed = someone.steps is not None
    session.add(Account(person_id=person.id, password_hash=hashed, hmis_access=licensed))
    agency = agencies[someone.agency] if someone.agency else None
    if someone.role:
        session.add(Grant(person_id=person.id, role=someone.role,
                          agency_id=agency.id if agency else None))  # fmt: skip
    if someone.steps is not None:
        _license(session, person, agency, someone.steps)
    if not signs_in:
        return []
    role = someone.role.value if someone.role else "licensee"
    return [(someone.username, password, role, someone.agency or "")]


MANAGER = Actor(None, "Morgan Hale", Channel.COMMAND, staff=True, manager=True)


def _license(
    session: Session, person: Person, agency: Agency | None, steps: tuple[str, ...]
) -> None:
    row = License(person_id=person.id, agency_id=agency.id if agency else None,
                  last_login_at=now() - timedelta(days=3),
                  expires_on=(now() + timedelta(days=200)).date())  # fmt: skip
    session.add(row)
    session.flush()
    session.refresh(row)
    for step in ("request", "create", *steps):
        licenses.act(row.id, step, MANAGER if step in {"suspend", "delete"} else THE_DESK)


Act = tuple[str, str, dict[str, object]]
"""A trigger, who pulled it (nobody: the desk itself), and what the form brought."""


@dataclass(frozen=True)
class Story:
    """A ticket and what happened to it."""

    about: str
    filer: str
    happened: str
    note: str = ""
    steps: tuple[Act, ...] = ()


TAKE: Act = ("take", "sam.reed", {})
QUESTION: dict[str, object] = {"message": "Please confirm the spelling of the name and send us "
                               "the work email address, so that the link can be mailed."}
ASK: Act = ("ask_for_more", "sam.reed", QUESTION)
APPROVE: Act = ("approve", "sam.reed", {"identity_checked": True})

STORIES = (
    Story("maria.lopez", "dana.price", "locked", "She has intakes this afternoon."),
    Story("omar.haddad", "dana.price", "forgotten", steps=(TAKE,)),
    Story("gail.novak", "dana.price", "locked", steps=(TAKE, ASK)),
    Story("ruth.okafor", "dana.price", "forgotten", steps=(
        TAKE, ("reject", "sam.reed", {"code": "duplicate", "message": "Ruth signed in again "
        "this morning. File it again if the password is lost after all."}))),
    Story("ana.silva", "lee.tran", "locked"),
    Story("paul.weiss", "lee.tran", "forgotten", steps=(TAKE, APPROVE)),
    Story("kim.bauer", "lee.tran", "other", "The page says “contact your administrator”.",
          steps=(("withdraw", "lee.tran", {}),)),
    Story("wen.li", "lee.tran", "forgotten",
          steps=(TAKE, ASK, ("close_no_response", "", QUESTION))),
)  # fmt: skip


def _tickets(session: Session) -> None:
    people = {p.username: p for p in session.scalars(select(Person)) if p.username}
    for story in STORIES:
        filer = _actor(session, people[story.filer])
        fields = {"happened": story.happened, "note": story.note, "identity": "agency"}
        filed = Request(NEW_PASSWORD, people[story.about].id, people[story.filer].id,
                        secrets.token_urlsafe(24), fields)  # fmt: skip
        ticket = tickets.open_ticket(filed, filer)
        for trigger, who, data in story.steps:
            actor = _actor(session, people[who]) if who else THE_DESK
            tickets.act(ticket.id, trigger, actor, data)


def _actor(session: Session, person: Person) -> Actor:
    grants = list(session.scalars(select(Grant).where(Grant.person_id == person.id)))
    return Actor(
        person_id=person.id,
        name=person.name,
        channel=Channel.WEB,
        staff=any(grant.role is not Role.AGENCY_ADMIN for grant in grants),
        agencies=frozenset(grant.agency_id for grant in grants if grant.agency_id),
    )


def _write(path: Path, lines: list[tuple[str, str, str, str]]) -> None:
    """Readable by the owner alone."""
    path.touch(mode=0o600)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("username", "password", "role", "agency"))
        writer.writerows(lines)
