"""What a worksheet costs in CPU: drawn, read in the sandbox, checked; and the sandbox's memory."""

import subprocess
import sys
from collections.abc import Callable

from bench.aims import Figure
from bench.cost import own_seconds
from helpdesk.worksheets.read import read
from tests.support import worksheets as sheets
from tests.support.worksheet_faults import judged
from workflows.worksheets import NEW_USER, RECERTIFICATION

HERE = "worksheets"
TIMES = 10
START = [sys.executable, "-I", "-B", "-c", "import pypdf, pypdfium2"]
"""The floor of reading: a process that has the libraries, and has read nothing."""

MEGABYTE = 1024  # of ru_maxrss, in kilobytes
MOST_MEMORY = 150.0
SMALL = """
import resource, sys
from helpdesk.sandbox.launcher import launcher
from helpdesk.worksheets.read import read
assert read(sys.stdin.buffer.read()).sheet is not None
launcher.stop()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def worksheets(rounds: int) -> list[Figure]:
    filled = [sheets.filled(sheet) for sheet in (RECERTIFICATION, NEW_USER)]
    printed = [sheets.flattened(data) for data in filled]
    floor = _ms(rounds, lambda: subprocess.run(START, check=True))
    readings = [read(data) for data in filled]
    return [
        _figure("drawn", _ms(rounds, lambda: sheets.fillable(NEW_USER))),
        _figure("read, fields kept", _ms(rounds, lambda: read(filled[1])), floor, 2),
        _figure("read, printed to PDF", _ms(rounds, lambda: read(printed[1])), floor, 2),
        _figure("checked", _ms(rounds, lambda: judged(readings[1], NEW_USER))),
        Figure(HERE, "memory of the sandbox", _memory(filled[1]), "MB", aim=MOST_MEMORY),
    ]


def _figure(what: str, ms: float, floor: float | None = None, aim: float | None = None) -> Figure:
    return Figure(HERE, what, ms, "ms", 1000 / ms, floor, aim)


def _ms(rounds: int, act: Callable[[], object]) -> float:
    """On average, in all processes, once it has been done to warm up."""
    act()
    times, began = TIMES * rounds, own_seconds()
    for _time in range(times):
        act()
    return (own_seconds() - began) / times * 1000


def _memory(data: bytes) -> float:
    """The most that a process took which read this one, started by one that is small itself."""
    small = [sys.executable, "-c", SMALL]
    done = subprocess.run(small, input=data, stdout=subprocess.PIPE, check=True)
    return int(done.stdout) / MEGABYTE
