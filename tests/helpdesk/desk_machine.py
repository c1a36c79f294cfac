"""The desk driven at random: any trigger by anybody with anything, and machines that fail.

The rules below know nothing of what should be allowed. Whatever is accepted is judged against the
definitions (`replay`), and whatever is refused must have left every row of every table as it was.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import func, select

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.event import Event, history
from helpdesk.models.license import License, license_of
from helpdesk.models.straight import Outcome, StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, repairs, tickets
from helpdesk.services.gateway import Stale
from helpdesk.services.licenses import state_of
from helpdesk.services.straight import decide
from tests.helpdesk import chances, replay
from tests.helpdesk.chances import ADMIN, ALL_WORDS, DESK, SAM, anybody, outcome, somebody
from tests.helpdesk.conftest import dump_rows
from tests.helpdesk.desk_filing import FilingMachine
from tests.support.fakes import Fails
from workflows.engine import Refused, Undeclared
from workflows.straight import BY_RULE


class DeskMachine(FilingMachine):
    """What happens to tickets and licenses, and what must hold whatever happened."""

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
        choices=st.lists(st.tuples(st.integers(0, 59), anybody), min_size=2, max_size=7),
        then_work=st.booleans(),
    )
    def likely_steps(
        self, pick: int, choices: list[tuple[int, int]], then_work: bool
    ) -> None:
        """Steps that are declared here, by somebody fit for them, with all that a form could bring.

        Chance alone would rarely come as far as an approval.
        """
        with self.inside():
            ticket_id = self.pick(pick).id
        for which, to in choices:
            with self.inside():
                ticket = db.session.get_one(Ticket, ticket_id)
                if step := chances.likely_step(ticket, which):
                    fits = chances.fitting_type(state_of(db.session(), ticket.person_id), to)
                    data = self.named(ALL_WORDS | {"assignee": to, "to": fits})
                    self.attempt(ticket, step.trigger, chances.fit_for(step, to), data, None)
        if then_work:
            self.work([], [], None)

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
        outdated = bool(behind) and not only_notes(ticket, behind or 0, actor)
        result = outcome(lambda: tickets.act(ticket.id, trigger, actor, data, version=version))
        if isinstance(result, Ticket):
            assert is_declared, state
            assert not outdated
            self.accepted(ticket, seen, trigger, actor)
            if result.id != ticket.id:
                begun = history(db.session(), result.id)[0].trigger
                self.accepted(result, 0, begun, actor)
            return
        assert dump_rows() == before
        assert isinstance(result, Stale) == outdated
        if isinstance(result, Refused):
            assert isinstance(result, Undeclared) == (not is_declared), state
            assert result.reasons

    def named(self, data: dict[str, Any]) -> dict[str, Any]:
        named = {"assignee": self.actors[data["assignee"]].person_id} if "assignee" in data else {}
        return data | named

    @rule(about=somebody, trigger=st.sampled_from(chances.LICENSE_TRIGGERS), who=anybody)
    def license_step(self, about: int, trigger: str, who: int) -> None:
        with self.inside():
            row = license_of(db.session(), self.person(about))
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

    @rule()
    def the_desk_decides(self) -> None:
        """By its rules, on all that nobody has looked at: whatever it approves is accounted for."""
        self.moved = True
        with self.inside():
            decide.run()
            assert not decide.anything_due(db.session())
            approved = select(StraightCase.ticket_id).where(
                StraightCase.outcome == Outcome.APPROVED
            )
            for ticket_id in db.session.scalars(approved):
                by_rule = [e for e in history(db.session(), ticket_id) if e.trigger == BY_RULE]
                assert [(e.version, e.actor_id) for e in by_rule] == [(2, None)]

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


def only_notes(ticket: Ticket, behind: int, actor: Actor) -> bool:
    """Whether all that happened since is nothing that the one who acts could have seen."""
    since = [event.trigger for event in history(db.session(), ticket.id)][-behind:]
    return behind > 0 and not actor.staff and set(since) == {"note"}


def drain_all() -> None:
    for kind in Kind:
        drain(kind)
