"""What the desk knows of log-ins to the HMIS, and as of when."""

from datetime import date, datetime

from helpdesk.extensions import now, settings
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.words import local


def known_as_of() -> datetime | None:
    """None: nobody has told us of any log-ins yet."""
    return now() if accounts_are_ours() else None


def known_until() -> date | None:
    """The last day of which log-ins are known; None if that is too long ago to judge anybody."""
    as_of = known_as_of()
    if as_of is None or now() - as_of > settings().LOG_INS_FRESH:
        return None
    return local(as_of).date()
