"""The daily sweep: whatever is due is done, whenever it is run.

What was told or done is written in the commit of the step. So a sweep that is run twice, or by
two schedulers at once, finds nothing the second time, and one that was missed is made up for by
the next.
"""

import logging
from collections.abc import Iterable

from sqlalchemy.exc import OperationalError

from helpdesk.extensions import db
from helpdesk.services import log_ins
from helpdesk.services.straight import decide
from helpdesk.services.sweep import brake, of_admins, of_licenses, of_tickets, old_log_ins
from helpdesk.services.sweep.calendar import Calendar
from helpdesk.services.sweep.report import Job, Report, Taken, Tell
from helpdesk.transaction import release

log = logging.getLogger(__name__)


def sweep(tell: Tell | None = None, *, trial: bool = False) -> Report:
    """One commit for each row, so that one that cannot go on keeps no other from it.

    `tell` hears of each step. A `trial` takes every step and takes it back: it tells exactly what
    a sweep would do now.
    """
    report = Report()
    report.log_ins_old = log_ins.too_old() is not None
    if report.log_ins_old and not trial:
        old_log_ins.tell_staff()
    _licenses(report, tell, trial=trial)
    _run(of_tickets.jobs(), report, tell, trial=trial)
    return report


def daily(tell: Tell | None = None, *, trial: bool = False) -> Report:
    """The sweep, what agency admins hear of once a week, and a look at the rules by which the
    desk approves."""
    report = sweep(tell, trial=trial)
    if not trial:
        decide.watch()
    _run(of_admins.jobs(), report, tell, trial=trial)
    return report


def _licenses(report: Report, tell: Tell | None, *, trial: bool) -> None:
    calendar = Calendar.now()
    found = list(calendar.all_due())
    load = brake.load(db.session(), sum(brake.changes(due) for _id, due in found))
    release()
    stopped = load.changes > brake.allowance(load.held) if trial else brake.stops(load)
    report.waits = load if stopped else None
    goes_on = (license_id for license_id, due in found
               if trial or not stopped or brake.decided(due))  # fmt: skip
    _run(of_licenses.jobs(calendar, goes_on), report, tell, trial=trial)
    if not trial and not stopped:
        brake.gone_on()


def _run(jobs: Iterable[Job], report: Report, tell: Tell | None, *, trial: bool) -> None:
    for job in jobs:
        for taken in _take(job, report, trial=trial):
            report.taken[taken.label] += 1
            if tell is not None:
                tell(taken)


def _take(job: Job, report: Report, *, trial: bool) -> list[Taken]:
    try:
        return job.take(trial)
    except OperationalError:
        raise  # the database is away: the next one would fare no better
    except Exception:
        log.exception("the sweep left %s as it is", job.name)
        report.failed += 1
        return []
