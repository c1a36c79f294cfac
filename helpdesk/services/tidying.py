"""Removes what ended long ago and nobody will ask for again."""

from datetime import timedelta

from sqlalchemy import delete

from helpdesk import links
from helpdesk.extensions import now, settings
from helpdesk.models.duty import Slot
from helpdesk.services import counters, documents, retention, sessions
from helpdesk.services.bulks import keeping, sending
from helpdesk.transaction import transaction

SLOTS_KEPT = timedelta(days=400)
"""Longer than a job of every year needs to see that its last slot was served."""


def tidy() -> None:
    """Counts of attempts that no longer count; sessions, links and slots of long ago; documents
    and bulks that nobody sent, documents that were kept long enough. Before that, whoever sent a
    bulk hears of what it became."""
    with transaction() as session:
        counters.forget(session, settings().ATTEMPTS_FORGOTTEN + timedelta(hours=1))
        sessions.forget(session)
        links.forget(session)
        session.execute(delete(Slot).where(Slot.at < now() - SLOTS_KEPT))
    retention.forget_old()
    sending.tell_rest()
    keeping.tidy()
    documents.tidy()
