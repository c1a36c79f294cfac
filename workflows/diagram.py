"""Any workflow to look at: its arrows, a diagram in Mermaid's words, and a table.

All three are worked out from the steps that the machine runs, so they cannot tell another story.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.check import AnyStep, AnyWorkflow
from workflows.in_words import follows, people

STAYS = "stays"


@dataclass(frozen=True)
class Arrow:
    """One way from state to state; a step that stays where it is leads to its own source."""

    source: str
    dest: str
    step: AnyStep


@dataclass(frozen=True)
class Row:
    """A line of the table: all arrows of one step that lead to one state (`dest` None: stay)."""

    trigger: str
    label: str
    sources: tuple[str, ...]
    dest: str | None
    who: str
    guards: tuple[str, ...]
    follows: tuple[str, ...]


def arrows(workflow: AnyWorkflow) -> list[Arrow]:
    """In the order in which the steps were declared."""
    return [
        Arrow(source, step.dest or source, step)
        for step in workflow.steps
        for source in step.source
    ]


def table(workflow: AnyWorkflow) -> list[Row]:
    """States by their labels; what differs in nothing but where it begins is one row."""
    sources: dict[tuple[Any, ...], list[str]] = {}
    for arrow in arrows(workflow):
        step = arrow.step
        dest = arrow.dest if arrow.dest != arrow.source else None
        guards = tuple(guard.rule for guard in step.guards)
        row = (step.trigger, step.label, dest, people(step.who), guards, follows(step))
        begins = sources.setdefault(row, [])
        if arrow.source not in begins:
            begins.append(arrow.source)
    labels = {name: state.label for name, state in workflow.states.items()}
    return [
        Row(trigger, label, tuple(labels[name] for name in begins),
            labels[dest] if dest else None, who, guards, then)
        for (trigger, label, dest, who, guards, then), begins in sources.items()
    ]  # fmt: skip


def mermaid(workflow: AnyWorkflow) -> str:
    """A `stateDiagram-v2`, as Mermaid draws it in Markdown and wikis."""
    states = workflow.states.values()
    ways = (
        f"{arrow.source} --> {arrow.dest}: "
        f"{_mermaid_text(arrow.step.label)} ({_mermaid_text(people(arrow.step.who))})"
        for arrow in arrows(workflow)
    )
    lines = (
        *(f'state "{_mermaid_text(state.label)}" as {state.name}' for state in states),
        f"[*] --> {workflow.initial}",
        *dict.fromkeys(ways),
        *(f"{state.name} --> [*]" for state in states if state.final),
    )
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in lines)))


MERMAID_CODES = {ord(sign): f"#{ord(sign)};" for sign in '#;:"'} | {ord("\n"): " "}
"""These end a text in Mermaid; it writes them as codes of its own."""


def _mermaid_text(words: str) -> str:
    return words.translate(MERMAID_CODES)


HEADINGS = ("From", "Step", "To", "Who", "What must hold", "What follows")


def markdown(workflow: AnyWorkflow) -> str:
    """Diagram and table for a page of documentation."""
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    lines += [
        _line((", ".join(row.sources), row.label, row.dest or STAYS, row.who,
               " ".join(row.guards), " ".join(row.follows)))
        for row in table(workflow)
    ]  # fmt: skip
    title = f"## {workflow.label} (`{workflow.name}`)"
    return "\n".join([title, "", "```mermaid", mermaid(workflow), "```", "", *lines])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
