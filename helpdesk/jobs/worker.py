"""The worker process: Huey's consumer, and a pump that looks into the outbox each second."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from flask import Flask
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.extensions import db, now, settings
from helpdesk.jobs.tasks import Jobs
from helpdesk.models.duty import Heartbeat
from helpdesk.models.effect import Kind
from helpdesk.outbox.claim import anything_due
from helpdesk.services import overlay
from helpdesk.services.straight import decide
from helpdesk.transaction import transaction

log = logging.getLogger(__name__)

PUMP_EVERY = 1.0  # seconds
BEAT_EVERY = timedelta(seconds=10)
ALIVE_FOR = timedelta(seconds=30)
WORKER = "worker"


def run(app: Flask) -> None:
    """Works until SIGINT, which lets the running job finish."""
    jobs: Jobs = app.extensions["jobs"]
    with app.app_context():
        threads = settings().WORKER_THREADS
    pump = threading.Thread(target=_pump, args=(app, jobs), name="pump", daemon=True)
    pump.start()
    consumer = Consumer(jobs.queue, workers=threads, initial_delay=0.05, max_delay=0.5)
    try:
        consumer.run()
    finally:
        jobs.stopping.set()
        pump.join(timeout=5)


def beat() -> None:
    """Tells `/readyz` that somebody is working."""
    with transaction() as session:
        session.merge(Heartbeat(name=WORKER, at=now()))


def is_alive() -> bool:
    heartbeat = db.session.get(Heartbeat, WORKER)
    return heartbeat is not None and now() - heartbeat.at < ALIVE_FOR


def _pump(app: Flask, jobs: Jobs) -> None:
    """The safety net: whatever the queue lost is found here. Nothing may stop it."""
    beat_at = datetime.min.replace(tzinfo=UTC)
    while True:
        with app.app_context():
            try:
                overlay.refresh_if_due()
                if now() - beat_at >= BEAT_EVERY:
                    beat()
                    beat_at = now()
                for kind in Kind:
                    if anything_due(db.session(), kind):
                        jobs.nudge(kind)
                if decide.anything_due(db.session()):
                    jobs.nudge_rules()
            except SQLAlchemyError:
                log.warning("the pump missed a beat", exc_info=True)
        if jobs.stopping.wait(PUMP_EVERY):
            return
