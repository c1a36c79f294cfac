"""What a sweep would do now, for a manager to look at: names, not yet mails."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services.sweep.calendar import Calendar
from helpdesk.services.sweep.of_licenses import LABELS

SHOWN = 200


@dataclass(frozen=True)
class Ahead:
    """One license with the steps that it would take, by their labels."""

    person: Person
    agency: str
    license: License
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """`counts`: how often each step would be taken. `ahead`: the first of those concerned, by
    agency and name; `more`: how many others."""

    counts: dict[str, int]
    ahead: list[Ahead]
    more: int


def outlook(session: Session) -> Outlook:
    found = {
        license_id: tuple(LABELS[each.trigger] for each in due)
        for license_id, due in Calendar.now().all_due()
    }
    counts = Counter(label for labels in found.values() for label in labels)
    shown = _ahead(session, found)
    return Outlook(dict(counts.most_common()), shown, len(found) - len(shown))


def _ahead(session: Session, found: dict[int, tuple[str, ...]]) -> list[Ahead]:
    query = (
        select(Person, Agency.name, License)
        .join(License, License.person_id == Person.id)
        .join(Agency, Agency.id == License.agency_id)
        .where(License.id.in_(list(found)[:SHOWN]))
        .order_by(Agency.name, Person.last_name, Person.first_name, Person.id)
    )
    return [
        Ahead(person, agency, row, found[row.id])
        for person, agency, row in session.execute(query)
    ]
