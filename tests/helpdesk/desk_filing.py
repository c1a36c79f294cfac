"""The first half of the desk driven at random: who is there, and requests of every type by anybody
about anybody, some of them with flaws. See `desk_machine`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import db
from helpdesk.models.effect import Effect
from helpdesk.models.event import history
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.filing import AlreadyOpen, Request, SentBefore
from helpdesk.services.newcomers import Newcomer
from helpdesk.transaction import transaction
from tests import factories, filings
from tests.helpdesk import chances, replay, straight
from tests.helpdesk.chances import ADMIN, SAM, anybody, outcome, somebody
from tests.helpdesk.conftest import dump_rows
from tests.support.fakes import FakeClock, FakeDirectory, FakeMailer
from workflows import license as life
from workflows.guards import NEW_PASSWORD, NEW_USER
from workflows.registry import ticket_type
from workflows.request_new_password import PROVED


class FilingMachine(RuleBasedStateMachine):
    """A subclass is bound to one database."""

    app: ClassVar[Flask]
    empty: ClassVar[Callable[[], None]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.mailer = FakeMailer()
        self.directory = FakeDirectory()
        self.actors: list[Actor] = []
        self.people: list[int] = []
        self.agencies: list[int] = []
        self.forms: dict[tuple[int, str], Request] = {}
        self.moved = True
        self.app.extensions["clock"] = self.clock
        self.app.extensions["machine"] = self

    def inside(self) -> AbstractContextManager[Any]:
        """A context for each rule, as each request and each job has one."""
        return self.app.app_context()

    def teardown(self) -> None:
        del self.app.extensions["clock"]
        type(self).empty()

    @initialize()
    def people_arrive(self) -> None:
        with self.inside(), transaction() as session:
            cast = factories.cast()
            other = factories.agency()
            states = [life.LOCKED, life.ACTIVE, life.ACTIVE, life.EXPIRED, life.INACTIVE,
                      life.ABSENT, life.DELETED]  # fmt: skip
            people = [factories.licensee(state, of=cast.agency) for state in states]
            people.append(factories.licensee(life.LOCKED, of=cast.agency, email=factories.NO_EMAIL))
            people.append(factories.licensee(life.LOCKED, of=other))
            factories.failed_ticket(cast)
            staff_too = session.get_one(Person, cast.joan.person_id)
            factories.give_license(staff_too, life.ACTIVE, cast.agency)
            self.people = [*(person.id for person in people), staff_too.id]
            self.agencies = [cast.agency.id, other.id]
            self.actors = [
                cast.sam, cast.joan, factories.staff(manager=True), cast.admin,
                factories.admin(other), factories.as_licensee(people[0]),
                factories.as_licensee(people[2]), THE_DESK, cast.sam, cast.admin,
            ]  # fmt: skip
            straight.switch(replace(straight.ON, share=50), by=self.actors[chances.MANAGER])
        for about, who in ((0, ADMIN), (3, ADMIN), (5, SAM)):
            self.likely_filing(about, who, 1)

    @rule(
        kind=st.sampled_from(chances.TYPES), about=somebody, who=anybody, behalf=anybody,
        key=st.sampled_from(["a", "b", "c", "d", "e"]), flaw=chances.flaws,
    )  # fmt: skip
    def file(
        self, kind: str, about: int, who: int, behalf: int, key: str, flaw: str | None
    ) -> None:
        """`behalf` counts only for staff; everybody else files for themselves, as the pages do."""
        actor, person_id = self.actors[who], self.person(about)
        filer = self.actors[behalf].person_id if actor.staff else actor.person_id
        if filer is not None:
            with self.inside():
                fields = chances.answers(kind, flaw)
            if actor.link_only and kind == NEW_PASSWORD and flaw is None:
                fields["identity"] = PROVED
            request = Request(kind, person_id, filer, f"{key}{person_id}", fields)
            self.send(request, actor, chances.papers(kind, flaw))

    @rule(about=somebody, who=st.sampled_from([ADMIN, *chances.STAFF]), key=st.integers(0, 1000))
    def likely_filing(self, about: int, who: int, key: int) -> None:
        """Of a type that fits, by the agency's admin, or by staff on their behalf."""
        with self.inside():
            row = license_of(db.session(), self.person(about))
            assert row is not None
            kind = chances.fitting_type(row.state, key)
        self.file(kind, about, who, ADMIN, f"{key}-", None)

    @rule(
        name=st.sampled_from(["Ann", "Bea"]), mailbox=st.sampled_from(["ann", "bea", "team"]),
        where=st.integers(0, 1), who=st.sampled_from([ADMIN, ADMIN, ADMIN + 1, SAM]),
        key=st.integers(0, 9), flaw=chances.flaws,
    )  # fmt: skip
    def file_for_a_newcomer(
        self, name: str, mailbox: str, where: int, who: int, key: int, flaw: str | None
    ) -> None:
        actor = self.actors[who]
        filer = self.actors[ADMIN + where].person_id if actor.staff else actor.person_id
        assert filer is not None
        email = f"{mailbox}@newcomers.example"
        with self.inside():
            fields = {"email": email, "name": name} | chances.answers(NEW_USER, flaw)
        newcomer = Newcomer(name, "Newman", email, "")
        form_key = f"newcomer-{key}-{email}"
        request = Request(NEW_USER, None, filer, form_key, fields,
                          agency_id=self.agencies[where], newcomer=newcomer)  # fmt: skip
        self.send(request, actor, chances.papers(NEW_USER, flaw))

    def person(self, about: int) -> int:
        return self.people[about % len(self.people)]

    def send(self, request: Request, actor: Actor, papers: tuple[str, ...]) -> None:
        known = self.forms.get((request.filer_id, request.form_key))
        person_id = request.person_id
        with self.inside():
            filings.upload(actor, request.form_key, *papers)
            before = dump_rows()
            open_before = [] if person_id is None else chances.open_tickets(request.type, person_id)
            result = outcome(lambda: tickets.open_ticket(request, actor))
            if isinstance(result, Ticket):
                assert known is None
                assert open_before == []
                self.forms[request.filer_id, request.form_key] = request
                self.people += [] if result.person_id in self.people else [result.person_id]
                self.accepted(result, 0, "submit", actor)
                return
            assert dump_rows() == before
            if isinstance(result, SentBefore):
                assert known is not None
                assert result.differs == ((known.type, known.fields)
                                          != (request.type, request.fields))  # fmt: skip
            elif isinstance(result, AlreadyOpen) and person_id is not None:
                assert [result.ticket_id] == open_before
            assert isinstance(result, SentBefore) == (known is not None)

    def accepted(self, ticket: Ticket, seen: int, trigger: str, actor: Actor) -> None:
        """One event more, the version one higher, and exactly the effects that were promised."""
        self.moved = True
        session = db.session()
        assert ticket.version == seen + 1
        events = history(session, ticket.id)
        assert len(events) == ticket.version
        event = events[-1]
        assert (event.trigger, event.actor_id) == (trigger, actor.person_id)
        step = replay.declared(ticket_type(ticket.type).workflow.steps, event)
        assert step.who & actor.parties(ticket.agency_id, ticket.person_id)
        assert replay.owed(session, event) == replay.promised(session, event)
        unexplained = Effect.event_id.not_in([one.id for one in events])
        assert session.query(Effect).filter(Effect.ticket_id == ticket.id, unexplained).all() == []
