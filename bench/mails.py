"""How fast the worker gets mails out, beside a bare loop of smtplib with as many of that size."""

import smtplib
import statistics
import time
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import func, select

from bench.client import Client, Visitor
from bench.cost import cpu_seconds
from bench.database import Filled
from bench.servers import Server, working
from bench.sink import Arrivals, Sink
from bench.visits import Commenting
from helpdesk.extensions import db
from helpdesk.models.effect import Effect, Kind, is_pending

LOOK_EVERY = 0.02
PATIENCE = 600.0
SINGLE_STEPS = 10
MAILS_A_STEP = 2


@dataclass(frozen=True)
class Drained:
    """`within`: seconds from the worker's start to the last mail, its own start included. `rate`
    and `floor_rate` are mails a second between the first and the last. `step_to_mails`: median
    seconds from a step's answer to the last of its mails, with an idle worker."""

    mails: int
    within: float
    rate: float
    floor_rate: float
    cpu_ms: float
    step_to_mails: float


def drain(filled: Filled, desk: Server, sink: Sink, visitor: Visitor) -> Drained:
    """All that the steps before have left in the outbox."""
    owed = _owed(filled)
    sink.clear()
    began = time.monotonic()
    with working(filled) as worker:
        arrived = _wait_for(sink, owed)
        assert worker.process is not None, "it is running"
        cpu = cpu_seconds([worker.process.pid])
        single = [_one_step(filled, desk, sink, visitor) for _ in range(SINGLE_STEPS)]
    return Drained(
        mails=owed,
        within=arrived.last - began,
        rate=_rate(arrived),
        floor_rate=_floor(sink, owed, arrived.size // arrived.count),
        cpu_ms=1000 * cpu / owed,
        step_to_mails=statistics.median(single),
    )


def _owed(filled: Filled) -> int:
    query = select(func.count()).where(Effect.kind == Kind.MAIL, is_pending(Effect))
    with filled.app.app_context():
        return db.session.scalar(query) or 0


def _wait_for(sink: Sink, mails: int) -> Arrivals:
    deadline = time.monotonic() + PATIENCE
    while (arrived := sink.arrivals()).count < mails:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{arrived.count} of {mails} mails arrived.")
        time.sleep(LOOK_EVERY)
    return arrived


def _rate(arrived: Arrivals) -> float:
    return (arrived.count - 1) / (arrived.last - arrived.first)


def _one_step(filled: Filled, desk: Server, sink: Sink, visitor: Visitor) -> float:
    sink.clear()
    with Client(desk.port, visitor) as client:
        Commenting(filled, visitor.token)(client, 0)
    answered = time.monotonic()
    return max(0.0, _wait_for(sink, MAILS_A_STEP).last - answered)


def _floor(sink: Sink, mails: int, size: int) -> float:
    sink.clear()
    message = EmailMessage()
    message["From"], message["To"] = "desk@desk.example", "somebody@agency1.example"
    message["Subject"] = "As large as the desk's own"
    message.set_content("\n".join(["x" * 70] * (size // 71)))
    with smtplib.SMTP("127.0.0.1", sink.port, "desk.example") as line:
        for _ in range(mails):
            line.send_message(message)
    return _rate(_wait_for(sink, mails))

