"""One run: fill, serve, measure in turns, count, drain, judge."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.aims import Figure
from bench.client import Client, Visitor, sign_in
from bench.cost import megabytes
from bench.counted import count
from bench.database import SQLITE, Filled, filled
from bench.judge import of_database, of_sizes
from bench.load import Target
from bench.mails import drain
from bench.measured import Measured
from bench.people import PASSWORD, username
from bench.scale import Scale
from bench.servers import DESK, FLOOR, Server, serving
from bench.sink import Sink, listening
from bench.visits import Visitors, sign_everybody_in, targets
from helpdesk.processes import say

WARM_UP = 12
SIGN_INS = 12


@dataclass(frozen=True)
class Wanted:
    """`sizes` are measured on SQLite, the largest on PostgreSQL, too."""

    sizes: list[int]
    databases: list[str]
    rounds: int
    requests: int


@dataclass
class Desk:
    """A filled database with the desk and the floor on top of it."""

    filled: Filled
    desk: Server
    floor: Server
    visitors: Visitors
    targets: list[Target]


def run(wanted: Wanted, folder: Path) -> list[Figure]:
    with ExitStack() as stack:
        sink = stack.enter_context(listening())
        desks = [_open(stack, kind, size, folder, sink) for kind, size in _pairs(wanted)]
        _measure(desks, wanted)
        found = [_finish(desk, sink) for desk in desks]
    return [*(figure for one in found for figure in of_database(one)), *of_sizes(found)]


def _pairs(wanted: Wanted) -> Iterator[tuple[str, int]]:
    for kind in wanted.databases:
        sizes = wanted.sizes if kind == SQLITE else [max(wanted.sizes)]
        yield from ((kind, size) for size in sizes)


def _open(stack: ExitStack, kind: str, size: int, folder: Path, sink: Sink) -> Desk:
    say(f"Filling {kind} with {size:,} tickets …")
    full = stack.enter_context(filled(kind, Scale(size), folder / f"{kind}-{size}", sink.port))
    floor = stack.enter_context(serving(full, FLOOR))
    desk = stack.enter_context(serving(full, DESK))
    visitors = sign_everybody_in(full, desk.port)
    return Desk(full, desk, floor, visitors, targets(full, desk, floor, visitors))


def _measure(desks: list[Desk], wanted: Wanted) -> None:
    """In turns, so that what else the machine does hits all alike."""
    everything = [target for desk in desks for target in desk.targets]
    say("Warming up …")
    for target in everything:
        target.warm_up(WARM_UP)
    for turn in range(1, wanted.rounds + 1):
        say(f"Measuring, round {turn} of {wanted.rounds} …")
        for target in everything:
            target.sample(wanted.requests)


def _finish(desk: Desk, sink: Sink) -> Measured:
    full = desk.filled
    say(f"Counting queries and sending mails: {full.label} …")
    sums = {target.name: target.sum for target in desk.targets}
    return Measured(
        label=full.label,
        kind=full.kind,
        tickets=full.scale.tickets,
        sums=sums,
        queries=count(full, desk.targets),
        queue_bytes=_bytes(desk, "/queue", desk.visitors.staff),
        people_bytes=_bytes(desk, "/people", desk.visitors.of_many),
        memory=_at_rest(desk),
        drained=drain(full, desk.desk, sink, desk.visitors.staff),
        first_answer=desk.desk.first_answer,
        floor_first_answer=desk.floor.first_answer,
    )


def _bytes(desk: Desk, path: str, visitor: Visitor) -> int:
    with Client(desk.desk.port, visitor) as client:
        return len(client.get(path))


def _at_rest(desk: Desk) -> tuple[float, float]:
    """Of the larger web process, after sign-ins, which take the most memory of all."""
    for someone in desk.filled.town.staff[:SIGN_INS]:
        sign_in(desk.desk.port, username(someone.id), PASSWORD)
    return max(megabytes(pid) for pid in desk.desk.workers())
