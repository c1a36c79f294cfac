"""Small workflows and attempts, so that a test shows only what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from workflows.engine import Attempt, Guard, Party, Reason, State, Step, Workflow
from workflows.facts import TicketFacts

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
EVERYBODY = frozenset(Party)

Facts = frozenset[str]
"""The facts of a made-up workflow are those that hold, by name."""

OPEN = State("open", "Open")
SHUT = State("shut", "Shut")
GONE = State("gone", "Gone", final=True)

ANN = 1
"""The licensee of a made-up ticket; `DANA` filed it for her, `SAM` is of HAND's staff."""
DANA, SAM, JOAN = 2, 3, 9


def holds(fact: str, otherwise: str, *, on_form: bool = False) -> Guard[Facts]:
    """A guard that asks for `fact` and says `otherwise` without it."""

    def unmet(attempt: Attempt[Facts]) -> Reason | None:
        return None if fact in attempt.facts else Reason(otherwise)

    return Guard(f"It is {fact}.", unmet, on_form=on_form)


def step(trigger: str, source: str | tuple[str, ...], dest: str | None, **more: Any) -> Step[Facts]:
    """A sound step that staff may take; `more` replaces any field."""
    sources = (source,) if isinstance(source, str) else source
    label, done = trigger.capitalize(), f"took {trigger}"
    sound: Step[Facts] = Step(trigger, label, done, sources, dest, frozenset({Party.STAFF}))
    return replace(sound, **more)


def flow(
    *steps: Step[Facts], states: Iterable[State] = (OPEN, SHUT, GONE), initial: str = "open"
) -> Workflow[Facts]:
    return Workflow("door", "Door", states, initial, steps)


def attempt(*facts: str, by: Iterable[Party] = (Party.STAFF,), **data: Any) -> Attempt[Facts]:
    return Attempt(frozenset(by), NOW, frozenset(facts), data)


def ticket_facts(**changes: Any) -> TicketFacts:
    """Ann Lee is locked out, Dana filed it for her, Sam of HAND's staff acts."""
    values: dict[str, Any] = {
        "license_state": "locked",
        "person_name": "Ann Lee",
        "person_id": ANN,
        "filer_ids": frozenset({DANA}),
        "actor_id": SAM,
        "today": TODAY,
        "assignee_id": SAM,
        "approvers": ("Joan Abara",),
        "takers": frozenset({SAM, JOAN}),
        "fields": {"identity": "agency"},
    }
    return TicketFacts(**values | changes)


def ticket_attempt(
    *by: Party, data: dict[str, Any] | None = None, **facts: Any
) -> Attempt[TicketFacts]:
    """`by` nobody named: staff."""
    parties = frozenset(by or (Party.STAFF,))
    return Attempt(parties, NOW, ticket_facts(**facts), data or {})
