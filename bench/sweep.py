"""The daily sweep over more and more licenses: what it costs, and whether that grows as they do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.aims import Figure
from bench.database import filled
from bench.scale import Scale
from helpdesk.processes import say

TICKETS = 200
"""Few: the sweep looks at those that wait, too, and is to be measured by its licenses."""

GROWTH, MEMORY = 1.2, 2.0
NO_MAIL_PORT = 9


@dataclass(frozen=True)
class Swept:
    """CPU in seconds: of a `first` sweep, which takes `steps`, and of one after it, which finds
    nothing due. `memory`: by how many MB the process grew meanwhile, at the most."""

    kind: str
    licenses: int
    steps: int
    first: float
    nothing_due: float
    memory: float


def sweeps(databases: list[str], sizes: list[int], folder: Path) -> list[Figure]:
    figures: list[Figure] = []
    for kind in databases:
        found = [_one(kind, size, folder / f"sweep-{kind}-{size}") for size in sizes]
        for swept in found:
            figures += _figures(swept, found[0])
    return figures


def _one(kind: str, licenses: int, folder: Path) -> Swept:
    say(f"Sweeping {licenses:,} licenses on {kind} …")
    scale = Scale(TICKETS, people=licenses, crowd=0)
    with filled(kind, scale, folder, NO_MAIL_PORT) as full:
        command = [sys.executable, "-m", "bench.sweeping", *_postmaster(full.postmaster)]
        done = subprocess.run(command, env=full.env, stdout=subprocess.PIPE, check=True)
    return Swept(kind, licenses, **json.loads(done.stdout))


def _postmaster(pid: int | None) -> list[str]:
    return [str(pid)] if pid else []


def _figures(swept: Swept, least: Swept) -> Iterator[Figure]:
    """Each license costs as much as in the smallest run, and four times as many need not even
    twice the memory."""
    label = f"{swept.kind}, {swept.licenses:,} licenses"

    def beside(name: str, one: float, unit: str, smallest: float, aim: float) -> Figure:
        if swept is least:
            return Figure(label, name, one, unit)
        return Figure(label, name, one, unit, floor=smallest, aim=aim)

    yield Figure(label, "sweep that finds much", swept.first, "s CPU")
    yield beside("each of its steps", 1000 * swept.first / swept.steps, "ms CPU",
                 1000 * least.first / least.steps, GROWTH)  # fmt: skip
    yield Figure(label, "sweep with nothing due", swept.nothing_due, "s CPU")
    yield beside("each of its licenses", 1e6 * swept.nothing_due / swept.licenses, "µs CPU",
                 1e6 * least.nothing_due / least.licenses, GROWTH)  # fmt: skip
    yield beside("memory of the sweeps", swept.memory, "MB", least.memory, MEMORY)
