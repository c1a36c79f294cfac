"""Desk roles: given and taken away. The desk keeps a manager, and nobody demotes themselves."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role, approvers
from helpdesk.services import digests, invitations, trace
from helpdesk.transaction import rows_changed, transaction

ENOUGH_APPROVERS = 2  # whoever filed a request does not approve it


class NotPossible(Exception):
    """The reason, as a sentence."""


@dataclass(frozen=True)
class Held:
    """A role somebody holds. `agency` None: at HAND."""

    grant: Grant
    agency: Agency | None

    @property
    def in_force(self) -> bool:
        return self.agency is None or self.agency.active


@dataclass(frozen=True)
class Approver:
    """`ready`: has chosen a password."""

    person: Person
    manager: bool
    ready: bool


def held(session: Session, person_id: int) -> list[Held]:
    query = (
        select(Grant, Agency)
        .outerjoin(Agency, Agency.id == Grant.agency_id)
        .where(Grant.person_id == person_id)
        .order_by(Grant.role.desc(), Agency.name, Grant.id)
    )
    return [Held(grant, agency) for grant, agency in session.execute(query)]


def one(session: Session, person_id: int, grant_id: int) -> Held | None:
    return next((h for h in held(session, person_id) if h.grant.id == grant_id), None)


def who_can_approve(session: Session) -> list[Approver]:
    people = approvers(session)
    ids = [person.id for person in people]
    is_manager = (Grant.role == Role.MANAGER, Grant.person_id.in_(ids))
    managers = set(session.scalars(select(Grant.person_id).where(*is_manager)))
    with_password = (Account.person_id.in_(ids), Account.password_hash.is_not(None))
    ready = set(session.scalars(select(Account.person_id).where(*with_password)))
    return [Approver(person, person.id in managers, person.id in ready) for person in people]


def grant(person_id: int, role: Role, agency_id: int | None, actor: Actor) -> bool:
    """Gives a role, and mails a link to whoever has no password yet; says whether it did.

    Raises `NotPossible`. A role that is held already stays as it is.
    """
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        _refuse_nameless(person)
        if _has(session, person_id, role, agency_id):
            return False
        if role is Role.AGENCY_ADMIN:
            digests.begin(session, person_id)
        session.add(Grant(person_id=person_id, role=role, agency_id=agency_id))
        words = role_in_words(session, role, agency_id)
        invited = invitations.invite_if_new(session, person, words)
    trace.changed(actor, f"roles of person {person_id}", None, _named(role, agency_id))
    return invited


def revoke(person_id: int, grant_id: int, actor: Actor) -> None:
    """Raises `NotPossible`. It bites at the person's next request."""
    with transaction() as session:
        lock_managers(session)
        grant = session.get(Grant, grant_id)
        if grant is None or grant.person_id != person_id:
            return  # somebody has taken it away already
        if person_id == actor.person_id:
            raise NotPossible("Nobody takes a role from themselves. Ask another manager to do it.")
        if grant.role is Role.MANAGER:
            keep_a_manager(session, without=person_id)
        before = _named(grant.role, grant.agency_id)
        session.delete(grant)
    trace.changed(actor, f"roles of person {person_id}", before, None)


def any_at(session: Session, person_id: int, agency_id: int) -> bool:
    mine = select(Grant.id).where(Grant.person_id == person_id, Grant.agency_id == agency_id)
    return session.scalar(mine.limit(1)) is not None


def end_at(session: Session, person_id: int, agency_id: int) -> bool:
    """Ends what somebody may do for an agency; whether there was anything."""
    mine = delete(Grant).where(Grant.person_id == person_id, Grant.agency_id == agency_id)
    return rows_changed(session.execute(mine)) > 0


def lock_managers(session: Session) -> None:
    """Two managers who remove each other come one after the other, so that one of them stays."""
    query = select(Grant.id).where(Grant.role == Role.MANAGER).order_by(Grant.id)
    session.scalars(query.with_for_update()).all()


def keep_a_manager(session: Session, without: int) -> None:
    """Raises `NotPossible` if no other manager could sign in."""
    query = (
        select(func.count())
        .select_from(Grant)
        .join(Account, Account.person_id == Grant.person_id)
        .where(Grant.role == Role.MANAGER, Grant.person_id != without,
               Account.disabled.is_(False))
    )  # fmt: skip
    if not session.scalar(query):
        raise NotPossible("This is the last manager. Name another one first.")


def role_in_words(session: Session, role: Role, agency_id: int | None) -> str:
    """As a mail and a page say it: “agency admin of Harbor House”."""
    if role is not Role.AGENCY_ADMIN or agency_id is None:
        return {Role.STAFF: "HAND staff", Role.MANAGER: "HAND manager"}.get(role, "agency admin")
    return f"agency admin of {session.get_one(Agency, agency_id).name}"


def _has(session: Session, person_id: int, role: Role, agency_id: int | None) -> bool:
    same = (Grant.person_id == person_id, Grant.role == role, Grant.agency_id == agency_id)
    return session.scalar(select(Grant.id).where(*same)) is not None


def _refuse_nameless(person: Person) -> None:
    if person.username is None:
        raise NotPossible(f"{person.name} has no username yet, so nobody could sign in with it.")


def _named(role: Role, agency_id: int | None) -> str:
    return f"{role} of agency {agency_id}" if agency_id else str(role)
