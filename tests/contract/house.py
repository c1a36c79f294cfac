"""Everybody who can come to the desk, and what they can ask for."""

import io
import itertools
import re
from datetime import timedelta
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.models.effect import Effect, Status
from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof
from helpdesk.services import documents, drafts, sessions
from helpdesk.services.factors import apps
from helpdesk.services.imports import runs
from helpdesk.transaction import transaction
from helpdesk.views.guard import TOKEN
from tests import factories, second_steps
from tests.helpdesk import imports, roster_csv, user_csv
from tests.support import signatures
from tests.support.fakes import FakeClock
from tests.support.papers import page
from workflows import license as life
from workflows.papers import OTHER

ROLES = ("stranger", "licensee", "by link", "admin", "other admin", "staff", "manager")
"""`by link`: a licensee whose license is locked, let in by a mailed link."""

Rows = dict[str, list[tuple[Any, ...]]]


class House:
    """Harbor has an admin, two licensees of our roles, and whomever a test adds."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.clock = cast(FakeClock, app.extensions["clock"])
        self.numbers = itertools.count(1)
        with app.app_context():
            self.cast = factories.cast()
            north = factories.agency()
            ann = factories.licensee(life.ACTIVE, of=self.cast.agency)
            bea = factories.licensee(life.LOCKED, of=self.cast.agency)
            actors = {
                "admin": self.cast.admin,
                "other admin": factories.admin(north),
                "staff": self.cast.joan,
                "manager": factories.staff(manager=True),
            }
        self.agency_id, self.other_agency_id = self.cast.agency.id, north.id
        self.ids: dict[str, int] = {"licensee": ann.id, "by link": bea.id}
        self.ids |= {role: actor.person_id or 0 for role, actor in actors.items()}

    def client(self, role: str) -> FlaskClient:
        """A browser of this role, in a session of its own that has been quiet for two minutes."""
        client = self.app.test_client()
        if role == "stranger":
            return client
        proof = Proof.LINK if role == "by link" else Proof.PASSWORD
        with self.app.app_context(), transaction() as session:
            token = sessions.begin(session, self.ids[role], proof)
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        self.clock.pass_by(timedelta(minutes=2))
        return client

    def licensee(self, state: str = life.LOCKED) -> Person:
        """Somebody new at Harbor, whom no request is about."""
        with self.app.app_context():
            return factories.licensee(state, of=self.cast.agency)

    def ticket(self, person_id: int | None = None, state: str = "submitted") -> Ticket:
        """Filed by Harbor's admin, about somebody new unless told whom."""
        with self.app.app_context():
            about = db.session.get(Person, person_id) if person_id else None
            return factories.ticket(state, by=self.cast, about=about)

    def dead_effect(self) -> int:
        """A mail that failed for good."""
        ticket = self.ticket()
        with self.app.app_context(), transaction() as session:
            effect = session.query(Effect).filter_by(ticket_id=ticket.id).first()
            assert effect is not None
            session.execute(
                update(Effect).where(Effect.id == effect.id).values(status=Status.DEAD, error="No.")
            )
            return effect.id

    def checklist(self) -> int:
        """Of an account action that waits for staff's hands."""
        with self.app.app_context():
            return factories.handed_over(self.cast)[1].id

    def document(self, person_id: int | None = None) -> int:
        """A file that Harbor's admin attached to a ticket about this person, or somebody new."""
        ticket_id = self.open_ticket(person_id) if person_id else self.ticket().id
        form_key = f"the-form-of-ticket-{ticket_id}"
        document_id = self.draft(self.ids["admin"], form_key)
        with self.app.app_context(), transaction() as session:
            documents.attach(session, ticket_id, self.ids["admin"], form_key)
        return document_id

    def ticket_of(self, document_id: int) -> int:
        with self.app.app_context():
            return db.session.get_one(Document, document_id).ticket_id or 0

    def open_ticket(self, person_id: int) -> int:
        """There is only one about a person."""
        with self.app.app_context():
            first = db.session.query(Ticket).filter_by(person_id=person_id, open=True).first()
        return first.id if first else self.ticket(person_id).id

    def draft(self, owner_id: int, form_key: str = "a-form-of-the-contract") -> int:
        with self.app.app_context():
            content = io.BytesIO(page(f"{next(self.numbers)}"))
            return drafts.add(owner_id, form_key, OTHER, "Note.pdf", content).id

    def import_run(self, kind: ImportKind = ImportKind.USERS, *, applied: bool = False) -> int:
        """A dry run of a file with somebody new and a faulty row; `applied`: carried out."""
        number = next(self.numbers)
        content = {
            ImportKind.USERS: user_csv.text_of(user_csv.user(number), user_csv.user(-1, Email="x")),
            ImportKind.ROSTER: roster_csv.text_of(roster_csv.member(Login=f"member.{number}")),
        }
        with self.app.app_context():
            begin = imports.applied if applied else imports.begun
            return begin(content[kind], self.cast.joan, kind).id

    def digest(self, run_id: int) -> str:
        """Of what the dry run shows now."""
        with self.app.app_context():
            return runs.propose(db.session.get_one(ImportRun, run_id)).digest()

    def factor(self, role: str) -> int:
        """An authenticator app of one of the roles."""
        with self.app.app_context():
            second_steps.give_app(self.ids[role], f"Phone {next(self.numbers)}")
            return max(factor.id for factor in second_steps.factors(self.ids[role]))

    def offer(self) -> str:
        """A sealed secret that was offered to nobody of ours."""
        with self.app.app_context():
            return apps.offer(0).sealed

    def token(self, purpose: links.Purpose) -> str:
        """Of a fresh one-time link to somebody new."""
        owner = self.licensee()
        with self.app.app_context(), transaction() as session:
            url = links.mint(session, purpose, owner.id, f"test:{next(self.numbers)}")
        return url.rpartition("/")[2]

    def to_sign(self) -> str:
        """Of a link that was mailed to somebody who has to sign a worksheet."""
        with self.app.app_context():
            return signatures.tokens(signatures.renewal(self.cast).id)["user"]

    def rows(self) -> Rows:
        """Every row of every table as it stands in the database; `seen_at` of sessions aside."""
        with self.app.app_context(), db.engine.connect() as link:
            return {
                table.name: sorted(
                    (tuple(row) for row in link.execute(text(_select(table)))), key=repr
                )
                for table in db.metadata.sorted_tables
            }


def _select(table: Any) -> str:
    names = [column.name for column in table.columns if column.name != "seen_at"]
    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{table.name}"'


def csrf_token(client: FlaskClient) -> str:
    """As a browser gets it: out of a form on a page that is open to everybody."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/cant-log-in").text)
    assert found is not None, "the page has no form"
    return found[1]
