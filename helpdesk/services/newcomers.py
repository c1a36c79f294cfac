"""Somebody who is to get a license, and is perhaps on file already.

A person is matched by work email and name. Somebody of another agency is not given away: without a
license they are taken up as who they are, and stay their agency's until the license is created.
Anybody else becomes a row of its own, and staff are shown both.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person, email_key
from helpdesk.services import corrections
from helpdesk.services.accounts import Known
from helpdesk.services.addresses import hold_address
from helpdesk.services.corrections import OnFile
from helpdesk.transaction import hold
from workflows.engine import Reason, Refused
from workflows.license import ABSENT, DELETED, NOT_ISSUED, REQUESTED

FREE = {ABSENT, NOT_ISSUED, DELETED}


@dataclass(frozen=True)
class Newcomer:
    """A person as the form names them."""

    first_name: str
    last_name: str
    email: str
    phone: str

    @property
    def key(self) -> tuple[str, str]:
        return self.first_name.strip().casefold(), self.last_name.strip().casefold()

    @property
    def on_file(self) -> OnFile:
        return OnFile(self.first_name.strip(), self.last_name.strip(), self.email.strip())


def find(session: Session, newcomer: Newcomer, agency_id: int, actor: Actor) -> Person | None:
    """The person this is; None if there is to be a new one. Agency and address are held, so that
    two forms for one newcomer, sent at once, find the same person.

    Raises `Refused` when the email is that of somebody else whom the filer may see.
    """
    hold(session, Agency.id, agency_id)
    hold_address(session, newcomer.email)
    there = _with_email(session, newcomer)
    known = _known(there, newcomer, agency_id, actor)
    colleague = _seen(there, agency_id, actor)
    if known is None and colleague is not None:
        raise Refused([_taken(colleague)])
    return known


def put_on_file(session: Session, newcomer: Newcomer) -> Person:
    person = Person(
        first_name=newcomer.first_name.strip(),
        last_name=newcomer.last_name.strip(),
        email=newcomer.email.strip(),
        phone=newcomer.phone or None,
    )
    session.add(person)
    session.flush()
    return person


def _taken(colleague: Person) -> Reason:
    return Reason(
        f"This email is on file for {colleague.name}. Type the new person’s own, or file the "
        f"request for {colleague.name}.",
        field="email",
    )


def correct(session: Session, person_id: int, newcomer: Newcomer, actor: Actor) -> None:
    """Mends what is on file of somebody who never had a license: nobody else has vouched for it.

    It is a correction like any other. Raises `Refused` when the email is somebody else's.
    """
    if session.get_one(Person, person_id).username is not None:
        return
    person = corrections.held(session, person_id)
    told = newcomer.on_file
    if told != corrections.on_file(person):
        try:
            corrections.amend(session, person, told, actor)
        except Known as known:
            raise Refused([_taken(session.get_one(Person, known.person_id))]) from None
    person.phone = newcomer.phone or person.phone


def known_to(
    session: Session, newcomer: Newcomer, agency_id: int, actor: Actor
) -> Person | None:
    """Somebody with this email whom the filer may see, of whatever name."""
    return _seen(_with_email(session, newcomer), agency_id, actor)


Found = list[tuple[Person, License | None]]


def _seen(there: Found, agency_id: int, actor: Actor) -> Person | None:
    return next((person for person, row in there if _in_sight(row, agency_id, actor)), None)


def _known(there: Found, newcomer: Newcomer, agency_id: int, actor: Actor) -> Person | None:
    """The person whose name agrees, if the filer may see them or they have no license."""
    rows = [(person, row) for person, row in there if _key(person) == newcomer.key]
    mine = [person for person, row in rows if _in_sight(row, agency_id, actor)]
    free = [person for person, row in rows if row is None or row.state in FREE]
    return next(iter([*mine, *free]), None)


def _with_email(session: Session, newcomer: Newcomer) -> Found:
    found = session.execute(WITH_EMAIL, {"key": email_key(newcomer.email)})
    return [(person, row) for person, row in found]


WITH_EMAIL = (
    select(Person, License)
    .outerjoin(License, License.person_id == Person.id)
    .where(Person.email_key == bindparam("key"))
    .order_by(Person.id)
)
"""Asked about each newcomer, so it is made once."""


def _in_sight(row: License | None, agency_id: int, actor: Actor) -> bool:
    """A license that is only asked for is nobody's yet, except of the agency that asks."""
    if row is None:
        return actor.staff
    if row.agency_id == agency_id or row.agency_id in actor.agencies:
        return True
    return actor.staff and row.state != REQUESTED


def _key(person: Person) -> tuple[str, str]:
    return person.first_name.strip().casefold(), person.last_name.strip().casefold()
