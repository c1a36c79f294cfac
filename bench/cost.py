"""What processes have cost: CPU seconds of whole trees, memory of one."""

from collections.abc import Iterable
from pathlib import Path

import psutil


def cpu_seconds(roots: Iterable[int]) -> float:
    """Of these processes and all beneath them, those that have ended included."""
    return sum(_of(process) for root in roots for process in _tree(root))


def _tree(root: int) -> list[psutil.Process]:
    process = psutil.Process(root)
    return [process, *process.children(recursive=True)]


def _of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def megabytes(pid: int) -> tuple[float, float]:
    """Resident memory with shared pages divided among those who share them (PSS), and in full."""
    found = {"Pss:": 0, "Rss:": 0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if name in found:
            found[name] = int(rest.split()[0])
    return found["Pss:"] / 1024, found["Rss:"] / 1024
