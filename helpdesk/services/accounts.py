"""People at the desk: added with a role, given a username, kept out and let in again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.models.account import Account
from helpdesk.models.person import Person, with_username
from helpdesk.models.role import Grant, Role
from helpdesk.services import invitations, licenses, roles, sessions, trace
from helpdesk.services.addresses import hold_address
from helpdesk.services.roles import NotPossible
from helpdesk.transaction import transaction
from workflows.license import HELD


class Known(Exception):
    """Somebody on file has this username or this email already."""

    def __init__(self, field: str, person_id: int | None) -> None:
        self.field = field
        self.person_id = person_id
        super().__init__(field)


@dataclass(frozen=True)
class Newcomer:
    """`agency_id` for an agency admin."""

    first_name: str
    last_name: str
    username: str
    email: str
    role: Role
    agency_id: int | None


def add(new: Newcomer, actor: Actor) -> Person:
    """A person with a role and no license; a link to choose a password is owed. Raises `Known`."""
    try:
        with transaction() as session:
            _refuse_known(session, new)
            person = Person(username=new.username, first_name=new.first_name,
                            last_name=new.last_name, email=new.email)  # fmt: skip
            session.add(person)
            session.flush()
            session.add(Grant(person_id=person.id, role=new.role, agency_id=new.agency_id))
            words = roles.role_in_words(session, new.role, new.agency_id)
            invitations.invite_if_new(session, person, words)
    except IntegrityError:  # another was quicker
        raise Known("username", None) from None
    trace.changed(actor, f"person {person.id}", None, f"added, {new.role} {new.agency_id or ''}")
    return person


def invite_again(person_id: int, actor: Actor) -> bool:
    """Mails a new link; False if there is nobody to mail it to, or a password already."""
    with transaction() as session:
        held = roles.held(session, person_id)
        person = session.get_one(Person, person_id)
        if not held or person.username is None:
            return False
        words = roles.role_in_words(session, held[0].grant.role, held[0].grant.agency_id)
        sent = invitations.invite_if_new(session, person, words)
    trace.changed(actor, f"person {person_id}", None, "invited again")
    return sent


def set_username(person_id: int, username: str, actor: Actor) -> None:
    """Completes somebody who came without one; whoever holds a license gets an account by it.

    Raises `Known`.
    """
    try:
        with transaction() as session:
            bearer = with_username(session, username)
            if bearer is not None:
                raise Known("username", bearer.id)
            person = session.get_one(Person, person_id, with_for_update=True)
            if person.username is not None:
                raise Known("username", person.id)
            person.username = username
            held = licenses.state_of(session, person_id) in HELD
            if held and invitations.account_of(session, person_id) is None:
                session.add(Account(person_id=person_id, hmis_access=True))
    except IntegrityError:  # another was quicker
        raise Known("username", None) from None
    trace.changed(actor, f"username of person {person_id}", None, "given")


def set_disabled(person_id: int, disabled: bool, actor: Actor) -> None:
    """Keeps somebody out of the desk, at once. Raises `NotPossible`. The license stays as it is."""
    with transaction() as session:
        roles.lock_managers(session)
        mine = select(Account).where(Account.person_id == person_id)
        account = session.scalars(mine.with_for_update()).one()
        before = account.disabled
        if disabled:
            _refuse_own(person_id, actor)
            if any(held.grant.role is Role.MANAGER for held in roles.held(session, person_id)):
                roles.keep_a_manager(session, without=person_id)
            sessions.end_all(session, person_id)
            links.end_all(session, person_id)
        account.disabled = disabled
    trace.changed(actor, f"account of person {person_id} disabled", before, disabled)


def _refuse_own(person_id: int, actor: Actor) -> None:
    if person_id == actor.person_id:
        raise NotPossible("Nobody locks themselves out. Ask another manager to do it.")


def _refuse_known(session: Session, new: Newcomer) -> None:
    bearer = with_username(session, new.username)
    if bearer is not None:
        raise Known("username", bearer.id)
    same = select(Person.id).where(Person.email_key == hold_address(session, new.email))
    holder = session.scalar(same.limit(1))
    if holder is not None:
        raise Known("email", holder)
