"""What ends with a license: the ways in that hang on it. What a desk role needs stays."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpdesk import links, transaction
from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.models.role import all_grants_of
from helpdesk.services import sessions
from helpdesk.services.admission import hold_account
from helpdesk.services.factors import held


def hold(session: Session, person_id: int) -> None:
    """Before the license that is to go, as whoever judges a sign-in does: in the other order, two
    of them would wait for each other."""
    transaction.hold(session, Person.id, person_id)
    hold_account(session, person_id)


def sign_out(session: Session, person_id: int) -> None:
    """Everywhere, and the links of earlier mails end."""
    sessions.end_all(session, person_id)
    links.end_all(session, person_id)


def forget_secrets(session: Session, person_id: int) -> None:
    """Password and second step: whoever comes back begins anew."""
    if all_grants_of(session, person_id):
        return
    mine = update(Account).where(Account.person_id == person_id)
    session.execute(mine.values(password_hash=None))
    held.clear(session, person_id)
