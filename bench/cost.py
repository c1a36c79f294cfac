"""What processes have cost: CPU seconds of whole trees, memory of one."""

import os
from collections.abc import Iterable
from pathlib import Path

import psutil


def cpu_seconds(roots: Iterable[int]) -> float:
    """Of these processes and all beneath them, those that have ended included."""
    return sum(_of(process) for root in roots for process in _tree(root))


def own_seconds() -> float:
    """Of this process and all beneath it; in steps of hundredths, so over many times."""
    return cpu_seconds([os.getpid()])


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
    return _told(pid, "smaps_rollup", "Pss:"), _told(pid, "smaps_rollup", "Rss:")


def most_megabytes(pid: int) -> float:
    """The most that was ever resident. `getrusage` would count what its parent had, too."""
    return _told(pid, "status", "VmHWM:")


def _told(pid: int, file: str, name: str) -> float:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(name))
    return int(line.split()[1]) / 1024
