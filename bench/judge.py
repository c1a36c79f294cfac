"""The aims, and the figures they are held against."""

from collections.abc import Iterator

from bench.aims import Figure
from bench.database import SQLITE
from bench.measured import Measured
from bench.visits import (
    AGENCY_TICKET,
    FILE,
    FILTERED,
    FLOOR_QUEUE,
    FLOOR_UPLOAD,
    HOME,
    PAGE_2,
    PEOPLE,
    QUEUE,
    STEP,
    TICKET,
)

FLOORS = {QUEUE: FLOOR_QUEUE, FILTERED: FLOOR_QUEUE, PAGE_2: FLOOR_QUEUE, TICKET: FLOOR_QUEUE,
          AGENCY_TICKET: FLOOR_QUEUE, HOME: FLOOR_QUEUE, PEOPLE: FLOOR_QUEUE, FILE: FLOOR_UPLOAD,
          STEP: FLOOR_UPLOAD}  # fmt: skip
RATIOS = {QUEUE: 4.0, FILTERED: 4.0, PAGE_2: 4.0, FILE: 4.0}
QUERIES = {QUEUE: 8, FILTERED: 8, TICKET: 12, AGENCY_TICKET: 12, FILE: 15}
DRAIN, GROWTH = 0.5, 1.2
QUEUE_KB, PEOPLE_KB, FIRST_ANSWER, MEMORY = 40, 60, 2.0, 120


def of_database(found: Measured) -> Iterator[Figure]:
    yield from _costs(found)
    yield from _mails(found)
    for name, number in found.queries.items():
        yield Figure(found.label, f"queries: {name}", number, "", aim=QUERIES.get(name))
    yield Figure(found.label, "HTML of the queue", found.queue_bytes / 1024, "KB", aim=QUEUE_KB)
    yield Figure(found.label, "HTML of my people", found.people_bytes / 1024, "KB", aim=PEOPLE_KB)
    yield Figure(found.label, "first answer", found.first_answer, "s", aim=FIRST_ANSWER)
    yield Figure(found.label, "first answer of the floor", found.floor_first_answer, "s")
    pss, rss = found.memory
    yield Figure(found.label, "memory at rest (PSS)", pss, "MB", aim=MEMORY)
    yield Figure(found.label, "memory at rest (RSS)", rss, "MB", aim=MEMORY)


def _costs(found: Measured) -> Iterator[Figure]:
    for name, spent in found.sums.items():
        floor = found.sums[FLOORS[name]].cpu_ms if name in FLOORS else None
        yield Figure(found.label, name, spent.cpu_ms, "ms CPU", spent.rate, floor,
                     RATIOS.get(name))  # fmt: skip


def _mails(found: Measured) -> Iterator[Figure]:
    sent = found.drained
    yield Figure(found.label, f"mails drained, {sent.mails}", sent.rate, "/s", sent.rate,
                 sent.floor_rate, DRAIN, least=True)  # fmt: skip
    yield Figure(found.label, "all mails, from the worker's start", sent.within, "s")
    yield Figure(found.label, "a step to its mails", sent.step_to_mails, "s")
    yield Figure(found.label, "worker, each mail", sent.cpu_ms, "ms CPU")


def of_sizes(found: list[Measured]) -> Iterator[Figure]:
    """What each page costs with the most tickets, beside what it costs with the fewest."""
    lite = sorted((one for one in found if one.kind == SQLITE), key=lambda one: one.tickets)
    if len(lite) < 2:
        return
    small, large = lite[0], lite[-1]
    label = f"{large.tickets:,} beside {small.tickets:,}"
    for name, spent in large.sums.items():
        aim = GROWTH if name in FLOORS else None
        yield Figure(label, name, spent.cpu_ms, "ms CPU", spent.rate, small.sums[name].cpu_ms, aim)
