"""Fills an empty database with a desk that has been at work for years."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from random import Random

from sqlalchemy import Connection, text

from bench.people import Town, settle_town, tell_lives
from bench.plans import Plan, plans
from bench.rows import insert, move, settle
from bench.scale import Scale
from bench.tickets import Ledger, write_down
from helpdesk.demo.papers import page
from helpdesk.documents.store import Stored
from helpdesk.extensions import db, now
from helpdesk.models.document import Document
from helpdesk.models.effect import Effect
from helpdesk.models.event import Event
from helpdesk.models.ticket import Ticket
from helpdesk.services.documents import store

SEED = 20
AT_ONCE = 5000
LARGEST_PAPER = 100_000


def fill(scale: Scale) -> Town:
    """In one transaction; wants an app context. The same scale gives the same rows, but for when
    they were made: that is always up to now."""
    moment, dice = now(), Random(SEED)  # noqa: S311  rows for a measurement guard nothing
    with db.engine.begin() as link:
        town = settle_town(link, scale, moment, dice)
        _tickets(link, plans(town, scale, moment, dice))
        tell_lives(link, town, moment)
        settle(link)
    _analyze()
    return town


def _tickets(link: Connection, wanted: Iterator[Plan]) -> None:
    paper = _paper()
    while some := list(islice(wanted, AT_ONCE)):
        ledger = Ledger()
        for plan in some:
            write_down(plan, ledger, paper)
        insert(link, Ticket, ledger.tickets)
        insert(link, Event, ledger.events)
        insert(link, Effect, ledger.effects)
        insert(link, Document, ledger.documents)
    move(link, Ticket)


def _paper() -> Stored:
    return store().put(BytesIO(page("Worksheet", "Signed and dated")), LARGEST_PAPER)


def _analyze() -> None:
    """As the databases do by themselves in time."""
    engine = db.engine
    if engine.dialect.name != "postgresql":
        with engine.begin() as link:
            link.execute(text("ANALYZE"))
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("VACUUM (ANALYZE)"))

