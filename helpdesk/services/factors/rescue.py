"""For whoever lost phone and codes: a manager takes the second step away, or the command line does.

Nobody sees or chooses anybody's secret; what comes next goes to the address on file.
"""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.account import Account
from helpdesk.models.person import Person, with_username
from helpdesk.outbox.owe import owe
from helpdesk.services import counters, trace
from helpdesk.services.factors import held
from helpdesk.services.letters import personal_letter
from helpdesk.services.roles import NotPossible
from helpdesk.services.words import moment_in_words
from helpdesk.transaction import transaction
from workflows.effects import Link


def reset(person_id: int, reason: str, actor: Actor) -> None:
    """Removes somebody's second step, with a reason that is mailed to them. Raises `NotPossible`.

    They are signed out everywhere; the password stays.
    """
    if person_id == actor.person_id:
        raise NotPossible("Nobody resets their own. Ask another manager to do it.")
    with transaction() as session:
        removed = held.clear(session, person_id)
        if not removed:
            raise NotPossible("There is none any more.")
        held.tell(session, person_id, "factors_reset", reason_text=reason, actor_name=actor.name)
    trace.changed(actor, f"second factors of person {person_id}", removed, 0)


def reset_access(username: str) -> None:
    """The last resort: no second step, no password, no wait, and a link to a new password by mail.

    Raises `NotPossible`. A lock of the license stays; a disabled account, too.
    """
    with transaction() as session:
        person = with_username(session, username)
        account = _account(session, person)
        if person is None or account is None:
            raise NotPossible(f"Nobody with an account is called {username}.")
        if account.disabled:
            raise NotPossible("The account is disabled. A manager enables it, under People.")
        if person.email is None:
            raise NotPossible("There is no email on file to send a link to.")
        held.clear(session, person.id)
        links.end_all(session, person.id)
        counters.forget_all(session)
        account.password_hash = None
        _owe_link(session, person)


def _account(session: Session, person: Person | None) -> Account | None:
    if person is None:
        return None
    mine = select(Account).where(Account.person_id == person.id)
    return session.scalar(mine.with_for_update())


def _owe_link(session: Session, person: Person) -> None:
    key = f"access-reset:{person.id}:{secrets.token_hex(8)}"
    says = {"username": person.username, "when_words": moment_in_words(now())}
    link = Link.DESK_PASSWORD
    owe(session, personal_letter(key, "account/access_reset", person, link=link, says=says))
