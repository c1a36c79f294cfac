"""A wrong name or email on file is put right: by HAND, by an agency's admin, by an import.

One commit holds the new values, what they were and who changed them, the end of every link that
was mailed before and of the sessions that began with one, and what is owed: notices to both
addresses, and the change of the account.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.correction import Correction, version_of
from helpdesk.models.license import License
from helpdesk.models.person import Person, email_key
from helpdesk.models.role import HAND, all_grants_of
from helpdesk.outbox.owe import owe
from helpdesk.services import sessions, trace
from helpdesk.services.accounts import Known
from helpdesk.services.addresses import hold_address
from helpdesk.services.correction_debts import account_debts, notices
from helpdesk.services.gateway import Stale
from helpdesk.services.roles import NotPossible
from helpdesk.transaction import hold, transaction


@dataclass(frozen=True)
class OnFile:
    """`email` None: there is no address."""

    first_name: str
    last_name: str
    email: str | None


class NoAddress(Exception):
    """Somebody with a role here would be left without one."""


class AddressBarred(Exception):
    """The name is theirs to correct, the email is not. The reason, as a sentence."""


def on_file(person: Person) -> OnFile:
    return OnFile(person.first_name, person.last_name, person.email)


def correct(person_id: int, told: OnFile, seen: int, actor: Actor, reason: str = "") -> bool:
    """False: all of it is on file already, as it is when a form is sent twice.

    `seen`: how many corrections there were when the one who acts looked. Raises `NotPossible`,
    `Known` (the email is somebody else's), `NoAddress`, `AddressBarred` and `Stale`.
    """
    with transaction() as session:
        person = held(session, person_id)
        if on_file(person) == told:
            return False
        if version_of(session, person_id) != seen:
            raise Stale(person_id, seen)
        if why := barred(session, person, actor):
            raise NotPossible(why)
        _refuse_address(session, person, told, actor)
        amend(session, person, told, actor, reason)
    trace.changed(actor, f"name or email of person {person_id}", None, "corrected")
    return True


def held(session: Session, person_id: int) -> Person:
    """The person, locked until the commit and read anew."""
    hold(session, Person.id, person_id)
    return session.get_one(Person, person_id, populate_existing=True)


def amend(
    session: Session, person: Person, told: OnFile, actor: Actor, reason: str = ""
) -> None:
    """Of a person who is held, and whom the actor may correct. Raises `Known`."""
    _refuse_known(session, person, told, actor)
    row = put_right(session, person, told, actor, reason)
    owe(session, *account_debts(session, person, row))


def put_right(
    session: Session, person: Person, told: OnFile, actor: Actor, reason: str = ""
) -> Correction:
    """Of a person who is held and of whom something else is on file. For an import, too: it tells
    what the HMIS says, so whoever else has the address, and the account has it already."""
    before = on_file(person)
    row = Correction(
        person_id=person.id, version=version_of(session, person.id) + 1, before=asdict(before),
        after=asdict(told), reason=reason or None, actor_id=actor.person_id,
        actor_name=actor.name, channel=actor.channel, at=now(),
    )  # fmt: skip
    session.add(row)
    person.first_name, person.last_name, person.email = told.first_name, told.last_name, told.email
    session.flush()
    if row.moves:
        sessions.end_by_link(session, person.id)
    if row.says_something:
        links.end_all(session, person.id)
        owe(session, *notices(session, person, row))
    return row


def barred(session: Session, person: Person, actor: Actor) -> str | None:
    """Why this is for others to correct. Links to a new password go to the address on file: whoever
    could change it could sign in as its owner, with all that their roles open."""
    grants = all_grants_of(session, person.id)
    if person.id == actor.person_id:
        whose = "Another manager" if actor.manager else "HAND, or another admin of your agency,"
        return f"Nobody corrects their own name or email. {whose} can do it."
    if not actor.manager and any(each.role in HAND for each in grants):
        return f"{person.name} works for HAND: one of HAND’s managers can correct it."
    elsewhere = {each.agency_id for each in grants} - set(actor.agencies)
    if not actor.staff and elsewhere:
        return f"HAND looks after what is on file of {person.name}. Call them to have it corrected."
    return None


def _refuse_address(session: Session, person: Person, told: OnFile, actor: Actor) -> None:
    """Links to a new password would go there, so whoever moves it could act as somebody with a
    role: file in their name, say, and approve it in the own."""
    if email_key(told.email) == person.email_key or not all_grants_of(session, person.id):
        return
    if told.email is None:
        raise NoAddress("They have a role here, so they need an email to get back in by.")
    if not actor.manager:
        raise AddressBarred(
            f"{person.name} has a role here: one of HAND’s managers can change the email."
        )


def _refuse_known(session: Session, person: Person, told: OnFile, actor: Actor) -> None:
    """Of somebody whom the actor may not see, nothing is told: then two people have the address."""
    key = hold_address(session, told.email)
    if key is None or key == person.email_key:
        return
    same = (
        select(Person.id)
        .outerjoin(License, License.person_id == Person.id)
        .where(Person.email_key == key, Person.id != person.id)
        .order_by(Person.id)
    )
    if not actor.staff:
        same = same.where(License.agency_id.in_(actor.agencies))
    bearer = session.scalar(same.limit(1))
    if bearer is not None:
        raise Known("email", bearer)
