"""The daily sweep: whatever is due is done, whenever it is run.

What was told or done is written in the commit of the step. So a sweep that is run twice, or by
two schedulers at once, finds nothing the second time, and one that was missed is made up for by
the next.
"""

import logging

from sqlalchemy.exc import OperationalError

from helpdesk.services.sweep import of_licenses, of_tickets
from helpdesk.services.sweep.calendar import Calendar
from helpdesk.services.sweep.report import Job, Report, Taken, Tell

log = logging.getLogger(__name__)


def sweep(tell: Tell | None = None, *, trial: bool = False) -> Report:
    """One commit for each row, so that one that cannot go on keeps no other from it.

    `tell` hears of each step. A `trial` takes every step and takes it back: it tells exactly what
    a sweep would do now.
    """
    report = Report()
    for jobs in (of_licenses.jobs(Calendar.now()), of_tickets.jobs()):
        for job in jobs:
            for taken in _take(job, report, trial=trial):
                report.taken[taken.label] += 1
                if tell is not None:
                    tell(taken)
    return report


def _take(job: Job, report: Report, *, trial: bool) -> list[Taken]:
    try:
        return job.take(trial)
    except OperationalError:
        raise  # the database is away: the next one would fare no better
    except Exception:
        log.exception("the sweep left %s as it is", job.name)
        report.failed += 1
        return []
