"""Sweeps in a process of its own, and prints what that has cost.

    python -m bench.sweeping [PID …]

What other processes (of PostgreSQL) spend meanwhile counts, too.
"""

import json
import os
import sys

from bench.cost import cpu_seconds, megabytes, most_megabytes
from helpdesk import create_app
from helpdesk.extensions import db
from helpdesk.services.sweep.report import Report
from helpdesk.services.sweep.run import sweep
from helpdesk.settings.reading import from_environment
from helpdesk.transaction import release

AGAIN = 20


def main(others: list[int]) -> None:
    app = create_app(from_environment(os.environ))
    roots = [os.getpid(), *others]
    with app.app_context():
        db.session.connection()
        release()
        before = megabytes(os.getpid())[1]
        first, report = _cost(roots)
        nothing_due = sum(_cost(roots)[0] for _time in range(AGAIN)) / AGAIN
    most = most_megabytes(os.getpid())
    print(json.dumps({
        "steps": sum(report.taken.values()),
        "first": first,
        "nothing_due": nothing_due,
        "memory": most - before,
    }))  # fmt: skip


def _cost(roots: list[int]) -> tuple[float, Report]:
    before = cpu_seconds(roots)
    report = sweep()
    assert not report.failed, "a license could not go on"
    assert report.waits is None, "the sweep waits for a manager"
    return cpu_seconds(roots) - before, report


if __name__ == "__main__":
    main([int(pid) for pid in sys.argv[1:]])
