"""One email address, one person, as far as whoever puts it on file may see."""

from sqlalchemy.orm import Session

from helpdesk.models.person import email_key
from helpdesk.transaction import hold_value


def hold_address(session: Session, address: str | None) -> str | None:
    """The key to look it up by. Whoever else is about to put it on file waits until the commit, and
    finds it there then."""
    key = email_key(address)
    if key is not None:
        hold_value(session, f"email {key}")
    return key
