"""What the pages about an agency's people answer: to its admins and to HAND's staff."""

from collections.abc import Callable
from datetime import timedelta

from helpdesk.extensions import db
from helpdesk.models.completion import completions_of
from helpdesk.models.license import license_of
from helpdesk.services import absences, completions, transfers
from helpdesk.services.absences import Absence, Report
from helpdesk.services.completions import Done
from helpdesk.services.facts import today
from helpdesk.services.transfers import Transfer
from tests import factories
from tests.contract.house import House
from tests.contract.visit import Values, Visit, named
from tests.factories import ANY_STAFF
from workflows import license as life

PAGE = "in 403 403 200 404 200 200"
ACT = "403 403 403 302 404 302 302"
STAFF_ACT = "403 403 403 403 403 302 302"
NOBODY = named(person_id="999999")
GONE = "in 403 403 404 404 404 404"


def member(house: House) -> Values:
    return {"person_id": house.licensee().id}


def leaving(house: House) -> Values:
    """Somebody whose departure is to come."""
    person_id = house.licensee().id
    with house.app.app_context():
        row = license_of(db.session(), person_id)
        assert row is not None
        told = Report(Absence.DEPARTURE, today() + timedelta(days=7))
        absences.report(row.id, told, ANY_STAFF)
    return {"person_id": person_id, "what": "departure"}


def moving(house: House) -> Values:
    """Somebody whose move to another agency is to come."""
    person_id = house.licensee().id
    with house.app.app_context():
        row = license_of(db.session(), person_id)
        assert row is not None
        told = Transfer(house.other_agency_id, today() + timedelta(days=7))
        transfers.transfer(row.id, told, ANY_STAFF)
    return {"person_id": person_id}


def to_another(house: House, where: Values) -> Values:
    more = {"agency": str(house.other_agency_id), "reason": "A new job."}
    return on_a_day(house, where) | more


def suspended(house: House) -> Values:
    return {"person_id": house.licensee(life.SUSPENDED).id}


def posted(**values: str) -> Callable[[House, Values], Values]:
    return lambda house, where: dict(values)


def on_a_day(house: House, _where: Values) -> Values:
    with house.app.app_context():
        return {"on": today().isoformat()}


def without_license(house: House) -> Values:
    with house.app.app_context():
        return {"person_id": factories.person().id}


def a_course(house: House, where: Values) -> Values:
    return {"course": "basic_privacy", "score": "90"} | on_a_day(house, where)


def learned(house: House) -> Values:
    """Somebody who completed a course."""
    person_id = house.licensee().id
    with house.app.app_context():
        completions.enter(person_id, Done("basic_privacy", today()), ANY_STAFF)
        (row,) = completions_of(db.session(), [person_id])
        return {"person_id": person_id, "completion_id": row.id}


def of_another(house: House) -> Values:
    return learned(house) | member(house)


def put_right(house: House, _where: Values) -> Values:
    return {"first_name": "Nia", "last_name": "Right", "seen": "0",
            "email": f"nia.right.{next(house.numbers)}@agency.example"}  # fmt: skip


PEOPLE = (
    Visit("people.index", "GET", "in 403 403 200 200 403 403"),
    Visit("people.index", "POST", "403 403 403 200 200 403 403", data=posted(q="lee"),
          about="to search"),
    Visit("people.show", "GET", PAGE, member),
    Visit("people.show", "GET", GONE, NOBODY, about="of nobody"),
    Visit("people.departure", "GET", PAGE, member),
    Visit("people.departure", "POST", ACT, member, on_a_day),
    Visit("people.leave", "GET", PAGE, member),
    Visit("people.leave", "POST", ACT, member, on_a_day),
    Visit("people.take_back", "POST", ACT, leaving),
    Visit("people.transfer", "GET", "in 403 403 403 403 200 200", member),
    Visit("people.transfer", "GET", "in 403 403 403 403 404 404", NOBODY, about="of nobody"),
    Visit("people.transfer", "POST", STAFF_ACT, member, to_another),
    Visit("people.transfer_take_back", "POST", STAFF_ACT, moving),
    Visit("people.suspend", "GET", "in 403 403 403 403 200 200", member),
    Visit("people.suspend", "GET", "in 403 403 403 403 404 404", NOBODY, about="of nobody"),
    Visit("people.suspend", "POST", "403 403 403 403 403 302 302", member,
          posted(reason="A shared password.")),
    Visit("people.lift", "GET", "in 403 403 403 403 403 200", suspended),
    Visit("people.lift", "POST", "403 403 403 403 403 403 302", suspended,
          posted(reason="It was a mistake.")),
    Visit("agencies.index", "GET", "in 403 403 302 302 200 200"),
    Visit("agencies.show", "GET", PAGE, lambda house: {"agency_id": house.agency_id}),
    Visit("agencies.show", "GET", GONE, named(agency_id="999999"), about="that does not exist"),
    Visit("people.correct", "GET", PAGE, member),
    Visit("people.correct", "GET", GONE, NOBODY, about="of nobody"),
    Visit("people.correct", "GET", "in 403 403 404 404 404 200", without_license,
          about="of somebody without a license"),
    Visit("people.correct", "POST", ACT, member, put_right),
    Visit("people.course_enter", "GET", "in 403 403 403 403 200 200", member),
    Visit("people.course_enter", "GET", "in 403 403 403 403 404 404", NOBODY, about="of nobody"),
    Visit("people.course_enter", "POST", STAFF_ACT, member, a_course),
    Visit("people.course_take_back", "GET", "in 403 403 403 403 200 200", learned),
    Visit("people.course_take_back", "GET", "in 403 403 403 403 404 404", of_another,
          about="of another person"),
    Visit("people.course_take_back", "POST", STAFF_ACT, learned, posted(reason="Mistyped.")),
)  # fmt: skip
