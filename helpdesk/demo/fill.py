"""Fills an empty instance: the people first, then one story after the other."""

import csv
import io
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK, Actor, Channel
from helpdesk.demo import sheets
from helpdesk.demo.cast import AGENCIES, CAST, SIGN_IN_AS, Someone
from helpdesk.demo.papers import page
from helpdesk.demo.stories import LEVELS, STORIES, Story, courses_done
from helpdesk.extensions import db, now, settings
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.services import completions, drafts, licenses, passwords, tickets
from helpdesk.services.completions import Done
from helpdesk.services.facts import today
from helpdesk.services.filing import Request
from helpdesk.services.newcomers import Newcomer
from helpdesk.services.straight import decide
from helpdesk.transaction import transaction
from workflows import papers
from workflows.papers import KINDS
from workflows.training import Purpose

FILE = "demo-accounts.csv"
Line = tuple[str, str, str, str]


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
        _write(settings().instance / FILE, lines)
    for story in STORIES:
        _tell(story)
    _learn()
    return f"Demo accounts and their passwords are in {settings().instance / FILE}"


def _people(session: Session) -> list[Line]:
    agencies = {name: Agency(name=name, **profile) for name, profile in AGENCIES.items()}
    session.add_all(agencies.values())
    session.flush()
    return [line for someone in CAST for line in _add(session, someone, agencies)]


def _add(session: Session, someone: Someone, agencies: dict[str, Agency]) -> list[Line]:
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
    until = _until(someone) if licensed else None
    session.add(Account(person_id=person.id, password_hash=hashed, hmis_access=licensed,
                        hmis_until=until))  # fmt: skip
    agency = agencies[someone.agency] if someone.agency else None
    if someone.role:
        session.add(Grant(person_id=person.id, role=someone.role,
                          agency_id=agency.id if agency else None))  # fmt: skip
    if licensed:
        row = _license(session, person, agency, someone)
        if someone.moves_to is not None:
            _plan_move(row, agency, agencies[someone.moves_to])
    if not signs_in:
        return []
    role = someone.role.value if someone.role else "licensee"
    return [(someone.username, password, role, someone.agency or "")]


def _until(someone: Someone) -> date:
    return today() + timedelta(days=someone.days)


SHARED = "Two people used this license. The agency’s director confirmed it by phone."
MANAGER = Actor(None, "Morgan Hale", Channel.COMMAND, staff=True, manager=True)


def _license(
    session: Session, person: Person, agency: Agency | None, someone: Someone
) -> License:
    row = licenses.ensure(session, person.id, agency.id if agency else None)
    until = _until(someone).isoformat()
    licenses.act(row.id, "request", THE_DESK)
    licenses.act(row.id, "create", THE_DESK, {"until": until, "access_level": someone.level})
    if someone.idle is not None:
        row.last_login_at = row.idle_from = now() - timedelta(days=someone.idle)
    for step in someone.steps or ():
        by = MANAGER if step == "suspend" else THE_DESK
        licenses.act(row.id, step, by, {"message": SHARED} if step == "suspend" else {})
    if someone.absence is not None:
        step, on, back = someone.absence
        licenses.act(row.id, step, MANAGER, {"on": _day(on), "back_on": _day(back)})
    if someone.unused is not None:
        row.inactive_at = now() - timedelta(days=someone.unused)
        ripe = row.inactive_at + timedelta(days=settings().DELETION_AFTER_DAYS)
        row.deletable_on = ripe.date() if ripe < now() else None  # warned by then
    if someone.watch is not None:
        row.log_in_by = now() + timedelta(hours=someone.watch)
    return row


def _plan_move(row: License, before: Agency | None, to: Agency) -> None:
    between = {"from_id": before.id, "from_name": before.name} if before else {}
    data = {"on": _day(0), "agency_id": to.id, "to_name": to.name, **between}
    licenses.act(row.id, "plan_move", MANAGER, data)


def _day(ahead: int | None) -> str | None:
    return None if ahead is None else (today() + timedelta(days=ahead)).isoformat()


def _tell(story: Story) -> None:
    """Files the ticket of a story and takes its steps."""
    filer = _by_link(story.filer) if story.by_link else _named(story.filer)
    form_key = secrets.token_urlsafe(24)
    for kind in story.kinds:
        label = KINDS[kind].label
        paper = io.BytesIO(_paper(story, kind, label))
        drafts.add(filer.person_id or 0, form_key, kind, f"{label}.pdf", paper)
    ticket = tickets.open_ticket(_request(story, filer, form_key), filer)
    decide.decide(ticket.id)
    for trigger, who, data in story.steps:
        tickets.act(ticket.id, trigger, _named(who) if who else THE_DESK, data)
    if story.busy:
        _settle_action(ticket.id, BUSY | {"due_at": now() + timedelta(days=1)})
    if story.failed:
        _settle_action(ticket.id, REFUSED | {"settled_at": now()})


def _paper(story: Story, kind: str, label: str) -> bytes:
    sheet, fields = story.sheet, story.fields
    if sheet is None or kind == papers.AGREEMENT_AND_ETHICS:
        return page(label, f"A made-up document for the demo: {story.about}")
    if story.agency is not None:
        return sheets.newcomer(story.agency, fields, sheet.admin)
    return sheets.recertification(story.about, fields, sheet.admin, sheet.name)


LEARNED = {"tess.moran": 20, "olga.reyes": 260, "iris.vogt": 40}
"""Whose courses are on file at the Learning Center, and how many days ago they took the last."""


def _learn() -> None:
    """As staff enter them: Olga’s are not those that her request tells of."""
    sam = _named("sam.reed")
    for username, ago in LEARNED.items():
        person = db.session.scalars(select(Person).where(Person.username == username)).one()
        done = courses_done(ago, LEVELS[username], Purpose.YEARLY)
        for name, day in done.items():
            completions.enter(person.id, Done(name, date.fromisoformat(day), SCORE), sam)


SCORE = 92


def _request(story: Story, filer: Actor, form_key: str) -> Request:
    assert filer.person_id is not None, "somebody files it"
    if story.agency is None:
        person = db.session.scalars(select(Person).where(Person.username == story.about)).one()
        return Request(story.type, person.id, filer.person_id, form_key, story.fields)
    agency = db.session.scalars(select(Agency).where(Agency.name == story.agency)).one()
    names = {name: story.fields[name] for name in ("first_name", "last_name", "email", "phone")}
    return Request(story.type, None, filer.person_id, form_key, story.fields, agency.id,
                   Newcomer(**names))  # fmt: skip


BUSY: dict[str, Any] = {"attempts": 3, "error": "The directory does not answer."}
REFUSED: dict[str, Any] = {
    "attempts": 1,
    "status": Status.DEAD,
    "error": "The directory knows no such account.",
}


def _settle_action(ticket_id: int, values: dict[str, Any]) -> None:
    """The ticket's account action as a worker would have left it."""
    action = (Effect.ticket_id == ticket_id) & (Effect.kind == Kind.ACCOUNT)
    with transaction() as session:
        session.execute(update(Effect).where(action).values(**values))


def _by_link(username: str) -> Actor:
    person = db.session.scalars(select(Person).where(Person.username == username)).one()
    return Actor(person.id, person.name, Channel.LINK, licensee=True)


def _named(username: str) -> Actor:
    person = db.session.scalars(select(Person).where(Person.username == username)).one()
    grants = list(db.session.scalars(select(Grant).where(Grant.person_id == person.id)))
    agencies = select(Agency).where(Agency.id.in_(grant.agency_id or 0 for grant in grants))
    return Actor(
        person_id=person.id,
        name=person.name,
        channel=Channel.WEB,
        staff=any(grant.role is not Role.AGENCY_ADMIN for grant in grants),
        agencies={agency.id: agency.name for agency in db.session.scalars(agencies)},
    )


def _write(path: Path, lines: list[Line]) -> None:
    """Readable by the owner alone."""
    path.touch(mode=0o600)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("username", "password", "role", "agency"))
        writer.writerows(lines)
