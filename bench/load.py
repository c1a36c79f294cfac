"""Requests by a few clients at once, and what they cost the servers."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.client import Client, Visitor
from bench.cost import cpu_seconds
from bench.servers import Server

CLIENTS = 4


@dataclass
class Sum:
    """All samples of one target taken together."""

    requests: int = 0
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.requests


@dataclass
class Target:
    """`act` makes one request; it gets the number of the request, never the same twice.

    `roots` are the processes beneath which everything counts as the server's cost.
    """

    name: str
    server: Server
    roots: list[int]
    act: Callable[[Client, int], object]
    visitor: Visitor = field(default_factory=Visitor)
    sum: Sum = field(default_factory=Sum)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def warm_up(self, requests: int) -> None:
        self._run(requests)

    def sample(self, requests: int) -> None:
        cpu, began = cpu_seconds(self.roots), time.perf_counter()
        self._run(requests)
        self.sum.seconds += time.perf_counter() - began
        self.sum.cpu += cpu_seconds(self.roots) - cpu
        self.sum.requests += CLIENTS * max(1, requests // CLIENTS)

    def _run(self, requests: int) -> None:
        share = max(1, requests // CLIENTS)
        with ThreadPoolExecutor(CLIENTS) as pool:
            for running in [pool.submit(self._client, share) for _ in range(CLIENTS)]:
                running.result()

    def _client(self, requests: int) -> None:
        with Client(self.server.port, self.visitor) as client:
            for _ in range(requests):
                self.act(client, next(self.numbers))
