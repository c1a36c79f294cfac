"""The weekly email to an agency's admin: what there is to do among their people, or nothing at all.

It says what My people says, and goes to whoever has not turned it off: on the account page, or by
the link in the email itself, which needs no sign-in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role, counts
from helpdesk.models.ticket import Ticket
from helpdesk.services import roster, sealing
from helpdesk.services.facts import today
from helpdesk.services.roster import Member, Which, Whose
from helpdesk.services.urgency import LIGHTS, Light, Urgency
from helpdesk.transaction import transaction
from workflows.dates import in_words
from workflows.guards import LABELS

PURPOSE = "weekly email"
PADDING = "="
SHOWN = 10  # of each kind; My people has the others

HEADINGS = {
    Urgency.ANSWER: "HAND waits for your answer",
    Urgency.EXPIRED: "Expired: file Recertification",
    Urgency.LOCKED: "Locked: file Request New Password",
    Urgency.INACTIVE: "Inactive: file Reactivate License, or report who has left",
    Urgency.SUSPENDED: "Suspended: call HAND",
    Urgency.ENDS_SOON: "Runs out soon: file Recertification",
    Urgency.QUIET: "Did not log in for a while: ask them to",
}


class Outdated(Exception):
    """The link is of an email from before its owner turned them on again."""


@dataclass(frozen=True)
class Digest:
    """`groups`: by what has to be done, each with a heading, lines, and whether there are more."""

    now: int
    soon: int
    groups: list[dict[str, Any]]


def week() -> date:
    """The Monday of the desk's own week."""
    return today() - timedelta(days=today().weekday())


def agencies_of(session: Session, person_id: int) -> list[int]:
    """Those whose admin somebody is, in force."""
    mine = (Grant.person_id == person_id, Grant.role == Role.AGENCY_ADMIN, counts())
    return list(session.scalars(select(Grant.agency_id).where(*mine)))


def digest(session: Session, agencies: Collection[int]) -> Digest | None:
    """None where there is nothing to do."""
    whose = Whose(agencies, Ticket.agency_id.in_(agencies))
    there = {each: n for each, n in roster.tally(session, whose).items() if each in HEADINGS}
    if not there:
        return None
    return Digest(
        sum(n for each, n in there.items() if LIGHTS[each] is Light.NOW),
        sum(n for each, n in there.items() if LIGHTS[each] is Light.SOON),
        [_group(session, whose, each, n) for each, n in there.items()],
    )


def _group(session: Session, whose: Whose, urgency: Urgency, number: int) -> dict[str, Any]:
    members = roster.read_page(session, whose, Which(urgency=urgency)).members
    return {
        "heading": HEADINGS[urgency],
        "lines": [_line(member) for member in members[:SHOWN]],
        "more": number > SHOWN,
    }


def _line(member: Member) -> str:
    name, ends = member.person.name, member.license.expires_on
    if member.urgency is Urgency.ANSWER and member.ticket is not None:
        return f"{name}: {member.ticket.number}, {LABELS.get(member.ticket.type, 'a request')}"
    if member.urgency in {Urgency.EXPIRED, Urgency.ENDS_SOON} and ends is not None:
        return f"{name}: {in_words(ends)}"
    return name


def off_path(person_id: int) -> str:
    """Where the link in the email of this week leads. Whoever has it can turn the email off, and no
    more. Signs that a mail program takes for the end of an address do not end it."""
    sealed = sealing.seal(PURPOSE, f"{person_id}:{week().isoformat()}")
    return f"/weekly-email/{sealed.rstrip(PADDING)}"


def bearer(session: Session, token: str) -> Account | None:
    """Whose email the link is of. Raises `Outdated`. The first links that were mailed say nothing
    of their week."""
    told = sealing.unseal(PURPOSE, token + PADDING * (-len(token) % 4)) or ""
    number, _, of_week = told.partition(":")
    query = select(Account).where(Account.person_id == int(number or 0))
    account = session.scalars(query).one_or_none()
    since = account.weekly_since if account else None
    if since is not None and of_week <= since.isoformat():
        raise Outdated
    return account


def wanted(session: Session, person_id: int) -> bool | None:
    """Whether somebody gets it; None: nobody does who is no agency admin."""
    query = select(Account.weekly_email).where(Account.person_id == person_id)
    return session.scalar(query) if agencies_of(session, person_id) else None


def switch(person_id: int, on: bool) -> None:
    """Whoever turns it on gets the next one on a Monday, and links in earlier ones end."""
    with transaction() as session:
        mine = select(Account).where(Account.person_id == person_id)
        account = session.scalars(mine.with_for_update()).one()
        if on and not account.weekly_email:
            account.weekly_since = account.weekly_until = week()
        account.weekly_email = on


def begin(session: Session, person_id: int) -> None:
    """Somebody is made an agency admin: their first one comes on a Monday, too."""
    mine = select(Account).where(Account.person_id == person_id).with_for_update()
    account = session.scalars(mine).one_or_none()
    if account is not None and not agencies_of(session, person_id):
        account.weekly_until = week()


def readers(session: Session) -> list[int]:
    """Admins who can sign in and want it, and have not had this week's, by id."""
    query = (
        select(Person.id)
        .join(Account, Account.person_id == Person.id)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role == Role.AGENCY_ADMIN, counts(), Person.email.is_not(None))
        .where(Account.disabled.is_(False), Account.weekly_email)
        .where(Account.weekly_until.is_(None) | (Account.weekly_until < week()))
        .distinct()
        .order_by(Person.id)
    )
    return list(session.scalars(query))
