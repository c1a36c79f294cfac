"""Agency admins in the sweep: each gets an email a week, from Monday on, if there is something to
do among their people.

Which week somebody has had stands on their account, written in the commit that owes the email; a
week that is over stays so when the clock is set back. Whoever never had one waits for a Monday.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.person import Person
from helpdesk.outbox.owe import owe
from helpdesk.services import digests
from helpdesk.services.digests import Digest
from helpdesk.services.facts import today
from helpdesk.services.letters import personal_letter
from helpdesk.services.sweep.report import Job, Taken, TakenBack
from helpdesk.transaction import release, transaction

LABEL = "Send the weekly email"


def jobs() -> Iterator[Job]:
    readers = digests.readers(db.session())
    release()
    for person_id in readers:
        yield Job(f"the weekly email of person {person_id}", partial(_take, person_id))


def _take(person_id: int, trial: bool) -> list[Taken]:
    taken: list[Taken] = []
    with suppress(TakenBack), transaction() as session:
        mine = select(Account).where(Account.person_id == person_id).with_for_update()
        account = session.scalars(mine.execution_options(populate_existing=True)).one()
        if account.weekly_until is not None and account.weekly_until >= digests.week():
            return []  # another sweep was quicker
        waits = account.weekly_until is None and today() != digests.week()
        account.weekly_until = digests.week()
        agencies = [] if waits else digests.agencies_of(session, person_id)
        found = digests.digest(session, agencies) if agencies else None
        if found is not None:
            taken.append(_send(session, session.get_one(Person, person_id), found))
        if trial:
            raise TakenBack
    return taken


def _send(session: Session, to: Person, found: Digest) -> Taken:
    says = {
        "now_count": found.now,
        "soon_count": found.soon,
        "groups": found.groups,
        "path": "/people",
        "off_path": digests.off_path(to.id),
    }
    key = f"weekly:{digests.week():%Y%m%d}:{to.id}"
    owe(session, personal_letter(key, "desk/weekly", to, says=says))
    return Taken("weekly", LABEL, to.name, ((to.name, to.email),))
