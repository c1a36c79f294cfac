"""Workflows as data, run by `transitions`.

One machine per workflow lives for the whole process and is never bound to a ticket: `fire` is
given the state a row is in and answers with the move to make. Callbacks do nothing but judge and
record; what a step owes the world is data on the step (`workflows.effects`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from transitions import EventData, Machine, Transition

from workflows.effects import Effect

F = TypeVar("F")


class Party(StrEnum):
    """Who somebody is to the one ticket or license at hand. A person can be several."""

    STAFF = "staff"
    MANAGER = "manager"
    AGENCY = "agency"
    LICENSEE = "licensee"
    SYSTEM = "system"
    SIGNER = "signer"


class Needs(StrEnum):
    """Whose move it is while a ticket stands in a state."""

    STAFF = "staff"
    AGENCY = "agency"
    SYSTEM = "system"
    NOBODY = "nobody"


class Mark(StrEnum):
    """What a step writes besides the state: on the ticket, or what ends with a license's step."""

    ASSIGN_ACTOR = "assign_actor"
    ASSIGN_NAMED = "assign_named"
    RAISE_ATTENTION = "raise_attention"
    CLEAR_ATTENTION = "clear_attention"
    AMEND = "amend"
    TAKE_DATES = "take_dates"
    CONVERT = "convert"
    WAIT_FOR_STAFF = "wait_for_staff"
    SIGN_OUT = "sign_out"
    END_ROLES = "end_roles"
    FORGET_SECRETS = "forget_secrets"


@dataclass(frozen=True)
class State:
    """A place to stand. `says` tells the person who asked what is going on there."""

    name: str
    label: str
    needs: Needs = Needs.NOBODY
    final: bool = False
    clock_runs: bool = True
    says: str = ""


@dataclass(frozen=True)
class Reason:
    """Why not, in a sentence; `instead` names the request type that would be right, and `field`
    the answer on the form that has to be mended."""

    sentence: str
    instead: str | None = None
    field: str | None = None


class Refused(Exception):
    """The step was not taken, and nothing has changed."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(reason.sentence for reason in self.reasons))


class Undeclared(Refused):
    """No such step leads out of this state, for anybody."""


class UnknownState(Exception):
    """A row holds a state that this version of the workflow does not know."""


@dataclass(frozen=True)
class Attempt(Generic[F]):
    """Everything a rule may know. `data` is what the form brought, `facts` were looked up."""

    parties: frozenset[Party]
    now: datetime
    facts: F
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A rule with words. `rule` says what must hold; `unmet` says why it doesn't, or None.

    `on_form`: it judges what the form brings, so it can't be asked before the form is filled in.
    """

    rule: str
    unmet: Callable[[Attempt[F]], Reason | Sequence[Reason] | None]
    on_form: bool = False

    def reasons(self, attempt: Attempt[F]) -> tuple[Reason, ...]:
        """Everything that speaks against it; nothing if it holds."""
        found = self.unmet(attempt)
        if found is None:
            return ()
        return (found,) if isinstance(found, Reason) else tuple(found)


@dataclass(frozen=True)
class Step(Generic[F]):
    """One way from state to state (`dest` None: it stays where it is).

    Several steps may share trigger and source; the first whose `when` holds is the one that
    counts. `done` completes the sentence "Dana Reed …" in the history; `first` says that the step
    has to come before another.
    """

    trigger: str
    label: str
    done: str
    source: tuple[str, ...]
    dest: str | None
    who: frozenset[Party]
    guards: tuple[Guard[F], ...] = ()
    form: str | None = None
    effects: tuple[Effect, ...] = ()
    marks: frozenset[Mark] = frozenset()
    when: Callable[[F], bool] | None = None
    first: str = ""

    def applies(self, facts: F) -> bool:
        return self.when is None or self.when(facts)

    def refusals(self, attempt: Attempt[F], *, before_form: bool = False) -> tuple[Reason, ...]:
        """Every reason at once, so that nobody mends one only to meet the next."""
        if not self.who & attempt.parties:
            return (Reason(f"“{self.label}” is for {_people(self.who)}."),)
        asked = (guard for guard in self.guards if not (before_form and guard.on_form))
        return tuple(reason for guard in asked for reason in guard.reasons(attempt))


@dataclass(frozen=True)
class Move(Generic[F]):
    """A step that may be taken, and where it leads from here."""

    step: Step[F]
    source: str
    dest: str


@dataclass(frozen=True)
class Option(Generic[F]):
    """A step out of the present state, and the reasons against it (none: it can be taken)."""

    step: Step[F]
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        return not self.reasons


PEOPLE = {
    Party.STAFF: "HAND staff",
    Party.MANAGER: "a HAND manager",
    Party.AGENCY: "the agency’s admin",
    Party.LICENSEE: "the licensee",
    Party.SYSTEM: "the desk itself",
    Party.SIGNER: "whoever opens a link to sign",
}


def _people(who: frozenset[Party]) -> str:
    return " or ".join(words for party, words in PEOPLE.items() if party in who)


class _Walk(Generic[F]):
    """The throw-away model that a machine moves: one attempt from one state."""

    def __init__(self, state: str, attempt: Attempt[F]) -> None:
        self.state = state
        self.attempt = attempt
        self.reasons: list[Reason] = []
        self.taken: Step[F] | None = None


class _Transition(Transition):
    """Carries its step, asks it, and writes the outcome on the walk."""

    def __init__(self, *args: Any, step: Step[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step

    def execute(self, event_data: EventData) -> bool:
        walk = cast(_Walk[Any], event_data.model)
        if walk.reasons or not self.step.applies(walk.attempt.facts):
            return False  # the first step that applies is the one that counts, refused or not
        reasons = self.step.refusals(walk.attempt)
        if reasons:
            walk.reasons.extend(reasons)
            return False
        walk.taken = self.step
        return bool(super().execute(event_data))


class _Machine(Machine):
    transition_cls = _Transition


class Workflow(Generic[F]):
    """A named set of states and the only steps there are between them."""

    def __init__(
        self,
        name: str,
        label: str,
        states: Iterable[State],
        initial: str,
        steps: Iterable[Step[F]],
        version: int = 1,
    ) -> None:
        self.name = name
        self.label = label
        self.version = version
        self.initial = initial
        self.states = {state.name: state for state in states}
        self.steps = tuple(steps)
        self._machine = _Machine(
            model=None,
            states=list(self.states),
            initial=initial,
            auto_transitions=False,
            send_event=True,
        )
        for step in self.steps:
            for source in step.source:
                self._machine.add_transition(step.trigger, source, step.dest, step=step)
        self._declared = {(source, step.trigger) for step in self.steps for source in step.source}

    def state(self, name: str) -> State:
        """Raises `UnknownState`, so that a row nobody understands is seen and not skipped."""
        try:
            return self.states[name]
        except KeyError:
            raise UnknownState(f"{self.label} has no state {name!r}.") from None

    def fire(self, state: str, trigger: str, attempt: Attempt[F]) -> Move[F]:
        """The move to make, or `Refused` with every reason. Changes nothing by itself."""
        here = self.state(state)
        walk = _Walk(state, attempt)
        if (state, trigger) in self._declared:
            self._machine.events[trigger].trigger(walk)
        if walk.taken is not None:
            return Move(walk.taken, state, walk.state)
        if walk.reasons:
            raise Refused(walk.reasons)
        words = f"Nothing called “{trigger}” can be done while this is {here.label}."
        raise Undeclared([Reason(words)])

    def options(self, state: str, attempt: Attempt[F]) -> tuple[Option[F], ...]:
        """The steps from here with the reasons against each, in the order they were declared.

        Guards on what a form will bring are left out: the form itself will ask for it.
        """
        self.state(state)
        found: dict[str, Option[F]] = {}
        for step in self.steps:
            if state in step.source and step.trigger not in found and step.applies(attempt.facts):
                found[step.trigger] = Option(step, step.refusals(attempt, before_form=True))
        return tuple(found.values())

    def step_from(self, state: str, trigger: str) -> Step[F] | None:
        """The first step declared for `trigger` here: its label and form, before any data."""
        matches = (s for s in self.steps if s.trigger == trigger and state in s.source)
        return next(matches, None)
