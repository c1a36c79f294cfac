"""Finds what is wrong with a workflow before anybody meets it.

Whether an effect can be performed and a form exists is known to the application only: it brings
those answers along.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workflows.effects import Effect
from workflows.engine import Guard, Step, Workflow

AnyWorkflow = Workflow[Any]
AnyStep = Step[Any]


def _no_fault(_workflow: AnyWorkflow, _subject: object) -> str | None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """What the application knows: each answers None, or what is missing in words."""

    effect: Callable[[AnyWorkflow, Effect], str | None] = _no_fault
    form: Callable[[AnyWorkflow, str], str | None] = _no_fault


def faults(workflow: AnyWorkflow, around: Surroundings | None = None) -> list[str]:
    """Every fault as a sentence; an empty list is a sound workflow."""
    around = around or Surroundings()
    found = [*_states(workflow), *_shadowed(workflow)]
    for step in workflow.steps:
        found += [f"{workflow.label}, step “{step.trigger}”: {fault}"
                  for fault in _step(workflow, step, around)]  # fmt: skip
    return list(dict.fromkeys(found))


def _states(workflow: AnyWorkflow) -> Iterator[str]:
    if workflow.initial not in workflow.states:
        yield f"{workflow.label}: it begins in “{workflow.initial}”, and there is no such state."
    forward = _arrows(workflow)
    reached = _closure([workflow.initial], forward)
    backward: dict[str, set[str]] = {}
    for source, dests in forward.items():
        for dest in dests:
            backward.setdefault(dest, set()).add(source)
    ends = [name for name, state in workflow.states.items() if state.final]
    ending = _closure(ends, backward)
    for name, state in workflow.states.items():
        if not state.label.strip():
            yield f"{workflow.label}: state “{name}” has no label."
        if name not in reached:
            yield f"{workflow.label}: state “{name}” cannot be reached."
        if name not in ending:
            yield f"{workflow.label}: from state “{name}” no end can be reached."


def _arrows(workflow: AnyWorkflow) -> dict[str, set[str]]:
    arrows: dict[str, set[str]] = {}
    for step in workflow.steps:
        for source in step.source:
            arrows.setdefault(source, set()).add(step.dest or source)
    return arrows


def _closure(start: Iterable[str], arrows: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead.extend(arrows.get(here, ()))
    return seen


def _shadowed(workflow: AnyWorkflow) -> Iterator[str]:
    certain: set[tuple[str, str]] = set()
    for step in workflow.steps:
        for source in step.source:
            if (source, step.trigger) in certain:
                yield (
                    f"{workflow.label}: a second “{step.trigger}” from “{source}” is never taken, "
                    "because the first always applies."
                )
            if step.when is None:
                certain.add((source, step.trigger))


def _step(workflow: AnyWorkflow, step: AnyStep, around: Surroundings) -> Iterator[str]:
    if not step.label.strip():
        yield "it has no label."
    if not step.done.strip():
        yield "it has no words for the history."
    if not step.who:
        yield "nobody has the right to take it."
    for place in (*step.source, step.dest or workflow.initial):
        if place not in workflow.states:
            yield f"there is no state “{place}”."
    found = [_guard(guard) for guard in step.guards]
    found += [around.effect(workflow, effect) for effect in step.effects]
    found += [around.form(workflow, step.form)] if step.form is not None else []
    yield from filter(None, found)


def _guard(guard: Guard[Any]) -> str | None:
    rule = guard.rule.strip()
    if not rule:
        return "a guard has no sentence."
    return None if rule.endswith((".", "!", "?")) else f"the guard “{rule}” is not a sentence."
