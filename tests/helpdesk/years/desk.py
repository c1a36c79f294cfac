"""The same lives at the desk: its services do what people do, and its history is read back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.event import Event, license_history
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Role, admins_of, approvers
from helpdesk.models.web_session import Proof
from helpdesk.services import absences, admission, deletions, licenses, transfers
from helpdesk.services.absences import Absence, Report
from helpdesk.services.transfers import Transfer
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.calendar import change, license_row
from tests.helpdesk.owed import name_of
from tests.helpdesk.years.lives import Deed, Life
from tests.helpdesk.years.page import Entry, Readers, day_of
from workflows.dates import months_after, new_expiry
from workflows.license import ACTIVE, INACTIVE

DAYS = ("until", "days", "since", "last_day", "on", "back_on", "from")
YEAR = 12


class Desk:
    """`cast`: an agency and HAND. The licenses are issued on the first day."""

    def __init__(self, cast: Cast, lives: Iterable[Life]) -> None:
        self.cast, self.elsewhere = cast, factories.agency()
        factories.admin(self.elsewhere)
        self.manager = factories.staff(manager=True)
        self.people = {life.name: self._issue(life) for life in lives}
        self.ids = {name: license_row(who).id for name, who in self.people.items()}
        self.born = {row.id: row.version for row in db.session.query(License)}

    def _issue(self, life: Life) -> Person:
        email = None if life.email else factories.NO_EMAIL
        who = factories.licensee(ACTIVE, of=self.cast.agency, username=life.name, email=email)
        if life.admin:
            factories.grant(who, Role.AGENCY_ADMIN, self.cast.agency.id)
        change(who, expires_on=life.ends, last_login_at=life.seen, idle_from=life.seen)
        return who

    def do(self, deed: Deed) -> None:
        DEEDS[deed.what](self, deed)

    def act(self, deed: Deed, trigger: str, actor: Actor = THE_DESK, **data: Any) -> None:
        licenses.act(self.ids[deed.who], trigger, actor, data)

    def log_in(self, deed: Deed) -> None:
        with transaction() as session:
            person_id = self.people[deed.who].id
            admitted = admission.admit(session, person_id, Proof.PASSWORD, "10.0.0.1")
        assert isinstance(admitted, admission.SignedIn), deed

    def reactivate(self, deed: Deed) -> None:
        assert license_row(self.people[deed.who]).state == INACTIVE, deed
        self.act(deed, "reactivate")

    def renew(self, deed: Deed) -> None:
        ends = [months_after(day, YEAR) for day in deed.days if day is not None]
        present = license_row(self.people[deed.who]).expires_on
        until = new_expiry(ends, day_of(deed.at), YEAR, present)
        self.act(deed, "extend", until=until.isoformat())

    def report(self, deed: Deed, kind: Absence) -> None:
        on, back = deed.days if kind is Absence.LEAVE else (*deed.days, None)
        assert on is not None
        absences.report(self.ids[deed.who], Report(kind, on, back), self.cast.admin)

    def delete(self, deed: Deed) -> None:
        assert deletions.confirm([self.ids[deed.who]], self.cast.sam) == (1, []), deed
        drain(Kind.ACCOUNT)

    def keep(self, deed: Deed) -> None:
        deletions.keep(self.ids[deed.who], "On parental leave.", self.cast.sam)

    def rehire(self, deed: Deed) -> None:
        (until,) = deed.days
        self.act(deed, "request")
        self.act(deed, "create", until=until.isoformat() if until else None)

    def move(self, deed: Deed) -> None:
        (on,) = deed.days
        assert on is not None
        to = Transfer(self.elsewhere.id, on)
        transfers.transfer(self.ids[deed.who], to, self.cast.sam)

    def cancel_leave(self, deed: Deed) -> None:
        absences.cancel(self.ids[deed.who], Absence.LEAVE, self.cast.admin)

    def readers(self) -> Readers:
        session = db.session()
        here, there = (admins_of(session, each.id) for each in (self.cast.agency, self.elsewhere))
        return Readers(_names(here), _names(there), _names(approvers(session)))

    def history(self) -> list[Entry]:
        """Every step since the licenses were issued, with what is owed for it."""
        owed = self._owed()
        return sorted(
            Entry(event.at, name, event.trigger, event.to_state, _days(event),
                  tuple(sorted(owed[event.id])))
            for name, license_id in self.ids.items()
            for event in license_history(db.session(), license_id)
            if event.version > self.born[license_id]
        )  # fmt: skip

    def _owed(self) -> dict[int | None, list[tuple[str, str]]]:
        """By event. A list, not a set: what is owed twice is there twice."""
        names = {person.id: str(person.username) for person in db.session.query(Person)}
        found: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
        for effect in db.session.query(Effect):
            what = name_of(effect) if effect.kind == Kind.MAIL else str(effect.payload["action"])
            found[effect.event_id].append((what, names[effect.person_id]))
        return found

    def facts(self, name: str) -> tuple[object, ...]:
        row = license_row(self.people[name])
        return (row.state, row.expires_on, row.locked_at is not None, row.inactive_at is not None,
                row.expired_at is not None, row.departs_on, row.departed_on, row.leave_from,
                row.on_leave_since, row.leave_until, row.log_in_by,
                row.deletion_proposed_at is not None, row.moves_on)  # fmt: skip


def _names(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(str(person.username) for person in people)


def _days(event: Event) -> tuple[str, ...]:
    return tuple(str(event.data[key]) for key in DAYS if event.data.get(key) is not None)


DEEDS: dict[str, Callable[[Desk, Deed], None]] = {
    "move": Desk.move,
    "keep": Desk.keep,
    "delete": Desk.delete,
    "rehire": Desk.rehire,
    "log_in": Desk.log_in,
    "reactivate": Desk.reactivate,
    "renew": Desk.renew,
    "leave": lambda desk, deed: desk.report(deed, Absence.LEAVE),
    "cancel_leave": Desk.cancel_leave,
    "depart": lambda desk, deed: desk.report(deed, Absence.DEPARTURE),
    "lock": lambda desk, deed: desk.act(deed, "lock"),
    "unlock": lambda desk, deed: desk.act(deed, "unlock"),
    "lift": lambda desk, deed: desk.act(deed, "lift", desk.manager, message="All is well."),
    "suspend": lambda desk, deed: desk.act(deed, "suspend", desk.cast.sam, message="Shared."),
}
