"""The desk driven at random: any trigger by anybody with anything, and machines that fail.

The rules below know nothing of what should be allowed. Whatever is accepted is judged against the
definitions (`replay`), and whatever is refused must have left every row of every table as it was.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.event import Event, history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, repairs, tickets
from helpdesk.services.filing import AlreadyOpen, Request, SentBefore
from helpdesk.services.gateway import Stale
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk import chances, replay
from tests.helpdesk.chances import ADMIN, ALL_WORDS, DESK, SAM, anybody, outcome, somebody
from tests.helpdesk.conftest import dump_rows
from tests.support.fakes import Fails, FakeClock, FakeDirectory, FakeMailer
from workflows import license as life
from workflows.engine import Refused, Undeclared
from workflows.registry import ticket_type


class DeskMachine(RuleBasedStateMachine):
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
            states = [life.LOCKED, life.LOCKED, life.ACTIVE, life.ACTIVE, life.EXPIRED]
            people = [factories.licensee(state, of=cast.agency) for state in states]
            people.append(factories.licensee(life.LOCKED, of=cast.agency, email=factories.NO_EMAIL))
            people.append(factories.licensee(life.LOCKED, of=other))
            factories.failed_ticket(cast)
            staff_too = session.get_one(Person, cast.joan.person_id)
            factories.give_license(staff_too, life.ACTIVE, cast.agency)
            self.people = [*(person.id for person in people), staff_too.id]
            self.actors = [
                cast.sam, cast.joan, factories.staff(manager=True), cast.admin,
                factories.admin(other), factories.as_licensee(people[0]),
                factories.as_licensee(people[2]), THE_DESK, cast.sam, cast.admin,
            ]  # fmt: skip
        for about, who in ((0, ADMIN), (2, SAM)):
            self.file(chances.TYPES[0], about, who, ADMIN, "a", dict(chances.GOOD_ANSWERS))

    @rule(
        kind=st.sampled_from(chances.TYPES), about=somebody, who=anybody, behalf=anybody,
        key=st.sampled_from(["a", "b", "c", "d", "e"]), answers=chances.fields,
    )  # fmt: skip
    def file(
        self, kind: str, about: int, who: int, behalf: int, key: str, answers: dict[str, str]
    ) -> None:
        """`behalf` counts only for staff; everybody else files for themselves, as the pages do."""
        actor = self.actors[who]
        filer = self.actors[behalf].person_id if actor.staff else actor.person_id
        if filer is None:
            return
        request = Request(kind, self.people[about], filer, f"{key}{about}", answers)
        known = self.forms.get((filer, request.form_key))
        with self.inside():
            before = dump_rows()
            open_before = chances.open_tickets(kind, request.person_id)
            result = outcome(lambda: tickets.open_ticket(request, actor))
            if isinstance(result, Ticket):
                assert known is None
                assert open_before == []
                self.forms[filer, request.form_key] = request
                self.accepted(result, 0, "submit", actor)
                return
            assert dump_rows() == before
            if isinstance(result, SentBefore):
                assert result.differs == (known != request)
            elif isinstance(result, AlreadyOpen):
                assert [result.ticket_id] == open_before
            assert isinstance(result, SentBefore) == (known is not None)

    @rule(
        pick=st.integers(0, 50), trigger=chances.triggers, who=anybody, data=chances.words,
        behind=st.sampled_from([None, None, 0, 0, 0, 1, -1]),
    )  # fmt: skip
    def step(
        self, pick: int, trigger: str, who: int, data: dict[str, Any], behind: int | None
    ) -> None:
        """`behind`: how many versions ago the actor looked; None says nothing of it."""
        with self.inside():
            self.attempt(self.pick(pick), trigger, who, self.named(data), behind)

    @rule(
        pick=st.integers(0, 50),
        choices=st.lists(st.tuples(st.integers(0, 59), anybody), min_size=1, max_size=4),
    )
    def likely_steps(self, pick: int, choices: list[tuple[int, int]]) -> None:
        """Steps that are declared here, by somebody fit for them, with all that a form could bring.

        Chance alone would rarely come as far as an approval.
        """
        with self.inside():
            ticket_id = self.pick(pick).id
        for which, to in choices:
            with self.inside():
                ticket = db.session.get_one(Ticket, ticket_id)
                if step := chances.likely_step(ticket, which):
                    data = self.named(ALL_WORDS | {"assignee": to})
                    self.attempt(ticket, step.trigger, chances.fit_for(step, to), data, None)

    @rule()
    def whatever_is_not_declared(self) -> None:
        """In each state that some ticket is in; not even by somebody who may do anything."""
        actor = replace(self.actors[SAM], agencies=self.actors[ADMIN].agencies)
        with self.inside():
            before = dump_rows()
            for ticket in chances.one_of_each_state():
                for trigger in [t for t in chances.TRIGGERS if not chances.declares(ticket, t)]:
                    result = outcome(partial(tickets.act, ticket.id, trigger, actor, ALL_WORDS))
                    assert isinstance(result, Undeclared), (ticket.state, trigger)
            assert dump_rows() == before

    @rule(about=somebody, who=st.sampled_from([ADMIN, *chances.STAFF]), key=st.integers(0, 1000))
    def likely_filing(self, about: int, who: int, key: int) -> None:
        """By the agency's admin, or by staff on their behalf."""
        kind = chances.TYPES[key % len(chances.TYPES)]
        self.file(kind, about, who, ADMIN, f"{key}-", dict(chances.GOOD_ANSWERS))

    def pick(self, number: int) -> Ticket:
        """Open ones twice as often: the others have come to their end."""
        query = select(Ticket).order_by(Ticket.id)
        found: list[Ticket] = [*db.session.scalars(query)]
        found += db.session.scalars(query.where(Ticket.open))
        return found[number % len(found)]

    def attempt(
        self, ticket: Ticket, trigger: str, who: int, data: dict[str, Any], behind: int | None
    ) -> None:
        """The set-up is the worker's alone: the desk itself does not try it by hand."""
        actor = self.actors[SAM if who == DESK and trigger in chances.SET_UP else who]
        state, seen = ticket.state, ticket.version
        is_declared = chances.declares(ticket, trigger)
        before, version = dump_rows(), None if behind is None else seen - behind
        result = outcome(lambda: tickets.act(ticket.id, trigger, actor, data, version=version))
        if isinstance(result, Ticket):
            assert is_declared, state
            assert not behind
            self.accepted(result, seen, trigger, actor)
            return
        assert dump_rows() == before
        assert isinstance(result, Stale) == bool(behind)
        if isinstance(result, Refused):
            assert isinstance(result, Undeclared) == (not is_declared), state
            assert result.reasons

    def named(self, data: dict[str, Any]) -> dict[str, Any]:
        named = {"assignee": self.actors[data["assignee"]].person_id} if "assignee" in data else {}
        return data | named

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

    @rule(about=somebody, trigger=st.sampled_from(chances.LICENSE_TRIGGERS), who=anybody)
    def license_step(self, about: int, trigger: str, who: int) -> None:
        with self.inside():
            row = license_of(db.session(), self.people[about])
            assert row is not None
            version, before = row.version, dump_rows()
            result = outcome(lambda: licenses.act(row.id, trigger, self.actors[who]))
            self.moved = True
            if isinstance(result, License):
                assert result.version == version + 1
            else:
                assert dump_rows() == before

    @rule(
        mails=st.lists(st.sampled_from(chances.MAIL_ENDS), max_size=6),
        deeds=st.lists(st.sampled_from(chances.DIRECTORY_ENDS), max_size=2),
        again_after=st.sampled_from([None, timedelta(hours=1)]),
    )
    def work(
        self, mails: list[Exception | None], deeds: list[Fails | None], again_after: Any
    ) -> None:
        """`again_after`: when the machines are well again and what was put off is due."""
        self.moved, self.mailer.plan, self.directory.plan = True, list(mails), list(deeds)
        with self.inside():
            drain_all()
            if again_after is not None:
                self.clock.pass_by(again_after)
                self.mailer.plan, self.directory.plan = [], []
                drain_all()

    @rule(span=st.sampled_from([timedelta(seconds=30), timedelta(hours=5), timedelta(days=4)]))
    def time_goes_by(self, span: timedelta) -> None:
        self.clock.pass_by(span)

    @rule(again=st.booleans())
    def staff_decide_on_a_failure(self, again: bool) -> None:
        with self.inside():
            effect_id = db.session.scalar(select(Effect.id).where(Effect.status == Status.DEAD))
            if effect_id is None:
                return
            if again:
                repairs.retry(effect_id)
            else:
                repairs.give_up(effect_id, self.actors[0], "It was told by phone.")

    @invariant()
    def histories_explain_the_rows(self) -> None:
        if self.moved:
            with self.inside():
                replay.check_everything(db.session())
        self.moved = False

    @invariant()
    def nothing_is_done_twice_and_nothing_said_too_early(self) -> None:
        assert all(times == 1 for times in self.directory.applied.values())
        with self.inside():
            done = Effect.kind == Kind.ACCOUNT, Effect.status == Status.DONE
            keys = set(db.session.scalars(select(Effect.key).where(*done)))
            assert keys <= set(self.directory.applied)
            completed = select(func.count()).where(Event.trigger == "provisioned")
            assert db.session.scalar(completed) == len(keys)
        by_id: dict[str, bytes] = {}
        for mail in self.mailer.posted:
            assert by_id.setdefault(mail.message_id, mail.data) == mail.data


def drain_all() -> None:
    for kind in Kind:
        drain(kind)
