"""What becomes of a ticket while its account action is performed.

The worker calls in four moments: before the first attempt, when a person has to do it, after a
success, after the last failure. Each is one commit with the effect's own row, fenced by the lease.
An action that no ticket asks for follows from a step the license has taken: only the effect's row
tells what came of it, except that a license is deleted once its account is.
"""

from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.outbox import settle
from helpdesk.outbox.claim import Claimed
from helpdesk.services import farewell, licenses, tickets, usernames
from helpdesk.services.wanted import unwanted
from helpdesk.transaction import transaction
from workflows.common import APPROVED, BEING_SET_UP
from workflows.effects import Action
from workflows.engine import Refused


def start(claimed: Claimed) -> bool:
    """Moves the ticket to Being Set Up; False if the guards no longer allow the action.

    A ticket that stands there already was started by a worker that died: we go on.
    """
    with transaction() as session:
        settle.hold(session, claimed)
        if claimed.ticket_id is None:
            return _still_wanted(session, claimed)
        ticket = session.get_one(Ticket, claimed.ticket_id)
        if ticket.state == BEING_SET_UP:
            return True  # its user name was given then
        if not ticket.open:
            settle.recalled(session, claimed, f"{ticket.number} has ended.")
            return False
        try:
            tickets.act(ticket.id, "setup_started", THE_DESK)
        except Refused as refused:
            _fail(claimed, str(refused))
            return False
        if claimed.payload["action"] == Action.CREATE:
            usernames.ensure(session, session.get_one(Person, ticket.person_id))
        return True


def _still_wanted(session: Session, claimed: Claimed) -> bool:
    """What a license asked for some time ago may be wrong by now."""
    why_not = unwanted(session, claimed.person_id, claimed.payload["action"])
    if why_not is not None:
        settle.recalled(session, claimed, why_not)
    return why_not is None


def _license_goes(session: Session, claimed: Claimed) -> None:
    """A license outlives its account in no case but this one; the row stays, for its history."""
    if claimed.payload["action"] != Action.DELETE:
        return
    farewell.hold(session, claimed.person_id)
    row = license_of(session, claimed.person_id)
    if row is not None:
        licenses.act(row.id, Action.DELETE, THE_DESK)


def handed_over(claimed: Claimed) -> None:
    """From now on the ticket waits for staff, who carry it out; no worker takes it up."""
    with transaction() as session:
        settle.hand_over(session, claimed)
        if claimed.ticket_id is not None:
            tickets.act(claimed.ticket_id, "hand_to_staff", THE_DESK)


def succeeded(claimed: Claimed, how: str | None = None) -> None:
    """The account is changed: license, ticket and effect say so together, and `how` in words."""
    with transaction() as session:
        settle.done(session, claimed)
        if claimed.ticket_id is None:
            _license_goes(session, claimed)
            return
        ticket = session.get_one(Ticket, claimed.ticket_id)
        row = license_of(session, ticket.person_id)
        assert row is not None, "an account was changed for somebody without a license row"
        told = {"ticket": ticket.number, "agency_id": ticket.agency_id}
        told |= claimed.payload.get("terms", {})
        licenses.act(row.id, claimed.payload["action"], THE_DESK, told)
        tickets.act(ticket.id, "provisioned", THE_DESK, {"message": how} if how else None)


def failed(claimed: Claimed, error: str) -> None:
    """For good, as far as the worker can tell: staff see it on the ticket and decide."""
    with transaction():
        _fail(claimed, error)


def _fail(claimed: Claimed, error: str) -> None:
    with transaction() as session:
        settle.dead(session, claimed, error)
        if claimed.ticket_id is None:
            return
        ticket = session.get_one(Ticket, claimed.ticket_id)
        if ticket.state in {APPROVED, BEING_SET_UP}:
            tickets.act(ticket.id, "provisioning_failed", THE_DESK, {"message": error})
