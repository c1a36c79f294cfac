"""How long HAND waits for an answer to what it has asked for."""

from datetime import datetime

from helpdesk.extensions import settings
from helpdesk.services.clock import business_hours
from workflows import waiting


def patience() -> waiting.Patience:
    config = settings()
    return waiting.Patience(config.WAITING_REMINDERS, config.WAITING_CLOSE_DAYS)


def ends(asked: datetime) -> datetime:
    """When a request is closed that nobody has answered since then."""
    return waiting.ends(business_hours(), asked, patience())


def reminder(asked: datetime, sent: list[int], moment: datetime) -> int | None:
    """The reminder that is due; `sent` are those since HAND asked."""
    return waiting.reminder(business_hours(), asked, sent, moment, patience())
