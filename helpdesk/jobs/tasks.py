"""What Huey runs. A task only translates and calls."""

import logging
import threading
from collections.abc import Collection

from flask import Flask
from huey import Huey, crontab
from sqlalchemy.exc import IntegrityError

from helpdesk.extensions import now
from helpdesk.jobs.drain import drain
from helpdesk.models.duty import Slot
from helpdesk.models.effect import Kind
from helpdesk.services import overlay, tidying
from helpdesk.services.held_documents import examine_held
from helpdesk.services.second_readings import read_again
from helpdesk.services.straight import decide
from helpdesk.services.sweep.run import daily
from helpdesk.transaction import effects_owed, transaction

log = logging.getLogger(__name__)


class Jobs:
    """The tasks of one app on one queue. `stopping` lets a running drain end early."""

    def __init__(self, app: Flask, queue: Huey) -> None:
        self.app = app
        self.queue = queue
        self.stopping = threading.Event()
        self._draining = {kind: threading.Lock() for kind in Kind}
        self._deciding, self._scanning = threading.Lock(), threading.Lock()
        self._drain = queue.task(name="drain")(self._run_drain)
        self._decide = queue.task(name="decide")(self._run_decide)
        queue.periodic_task(crontab(minute="17"), name="tidy")(self._run_tidy)
        queue.periodic_task(crontab(minute="*/10"), name="sweep")(self._run_sweep)
        queue.periodic_task(crontab(), name="scan")(self._run_scan)
        effects_owed.connect(self._nudge, sender=app)

    def nudge(self, kind: Kind) -> None:
        """Asks for a look into the outbox. Failing is harmless: the pump looks every second."""
        try:
            self._drain(kind.value)
        except Exception:
            log.warning("the queue did not take a nudge", exc_info=True)

    def nudge_rules(self) -> None:
        """The same for requests that a rule may approve."""
        try:
            self._decide()
        except Exception:
            log.warning("the queue did not take a nudge", exc_info=True)

    def _nudge(self, _sender: object, kinds: Collection[Kind]) -> None:
        for kind in kinds:
            self.nudge(kind)

    def _run_drain(self, kind: str) -> None:
        """One thread a kind, so that a slow mail server never takes both of the worker's."""
        lock = self._draining[Kind(kind)]
        if not lock.acquire(blocking=False):
            return
        try:
            with self.app.app_context():
                drain(Kind(kind), self.stopping.is_set)
        finally:
            lock.release()

    def _run_decide(self) -> None:
        if not self._deciding.acquire(blocking=False):
            return
        try:
            with self.app.app_context():
                overlay.refresh_if_due()
                decide.run(self.stopping.is_set)
        finally:
            self._deciding.release()

    def _run_tidy(self) -> None:
        with self.app.app_context():
            tidy()

    def _run_scan(self) -> None:
        """One at a time: a slow scanner never takes both of the worker's threads."""
        if not self._scanning.acquire(blocking=False):
            return
        try:
            with self.app.app_context():
                examine_held()
                read_again()
        finally:
            self._scanning.release()

    def _run_sweep(self) -> None:
        """Many times a day: what is due is taken soon after midnight, and whatever kept the desk
        from it then is made up for within minutes."""
        with self.app.app_context():
            daily()


def once(job: str, slot: str) -> bool:
    """Whether this run of a scheduled job is ours; the other scheduler's was first otherwise."""
    try:
        with transaction() as session:
            session.add(Slot(job=job, slot=slot, at=now()))
    except IntegrityError:
        return False
    return True


def tidy() -> None:
    if once("tidy", f"{now():%Y-%m-%dT%H}"):
        tidying.tidy()
