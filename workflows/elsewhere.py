"""Steps that do not start from where something stands: why not, read from the machine itself."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from workflows.engine import Option, Party, Reason, Step, Workflow

F = TypeVar("F")


def elsewhere(
    workflow: Workflow[F], state: str, parties: Collection[Party]
) -> tuple[Option[F], ...]:
    """The steps that these parties may take, though not from here, each with what has to come
    first. A beginning is left out: nothing leads back to it."""
    mine = [step for step in workflow.steps if step.who & set(parties)]
    here = {step.trigger for step in mine if state in step.source}
    found: dict[str, list[Step[F]]] = {}
    for step in mine:
        if step.trigger not in here and set(step.source) != {workflow.initial}:
            found.setdefault(step.trigger, []).append(step)
    return tuple(
        Option(steps[0], (Reason(_why_not(workflow, state, parties, _sources(steps))),))
        for steps in found.values()
    )


def _sources(steps: Iterable[Step[F]]) -> list[str]:
    return list(dict.fromkeys(source for step in steps for source in step.source))


def _why_not(
    workflow: Workflow[F], state: str, parties: Collection[Party], sources: list[str]
) -> str:
    here = workflow.state(state)
    if here.final:
        return f"It has ended: {here.label}."
    ways = [step for step in workflow.steps if state in step.source and step.dest in sources
            and not step.who <= {Party.SYSTEM, Party.SIGNER}]  # fmt: skip
    if ways:
        way = next((step for step in ways if step.who & set(parties)), ways[0])
        return way.first or f"“{way.label}” comes first."
    *most, last = [workflow.state(source).label for source in sources]
    return f"Only while it is {', '.join(most)} or {last}." if most else f"Only while it is {last}."
