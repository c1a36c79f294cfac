"""Worksheets of the demo, filled in as an agency would."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services.blank_worksheets import Wanted, blank
from workflows.training import STANDARD, completed
from workflows.worksheets import NEW_USER, RECERTIFICATION

SCORE = "92"


def recertification(username: str, fields: Mapping[str, Any], admin: str, name: str = "") -> bytes:
    """`name`: as it is written, where that is not quite as it is on file."""
    query = select(Person, License, Agency.name).join(License, License.person_id == Person.id)
    query = query.join(Agency, Agency.id == License.agency_id)
    person, row, agency = db.session.execute(query.where(Person.username == username)).one()
    wanted = Wanted(RECERTIFICATION, STANDARD, row.access_level, agency, person, row)
    written = {"name": name} if name else {}
    return blank(wanted, written | {"admin.name": admin} | _courses(wanted, fields)
                 | _signed(fields, user=person.name, admin=admin))  # fmt: skip


def newcomer(agency: str, fields: Mapping[str, Any], admin: str) -> bytes:
    wanted = Wanted(NEW_USER, STANDARD, fields["access_level"], agency)
    told = ("first_name", "last_name", "email", "phone", "title", "supervisor",
            "supervisor_email", "provider")  # fmt: skip
    written = {name: str(fields[name]) for name in told}
    name, director = f"{fields['first_name']} {fields['last_name']}", fields["supervisor"]
    signed_on = _last(fields)
    return blank(wanted, written | _courses(wanted, fields) | {
        f"employment.{fields['employment']}": "x", "agreement_on": signed_on,
        "ethics_on": signed_on, "earlier_access": "No",
    } | _signed(fields, user=name, admin=admin, director=director))  # fmt: skip


def _courses(wanted: Wanted, fields: Mapping[str, Any]) -> dict[str, str]:
    days, found = completed(fields), {}
    needed = wanted.grid.required(wanted.level, wanted.sheet.purpose)
    for line, course in enumerate(needed, 1):
        found[f"course{line}.day"] = _american(days[course.name])
        found[f"course{line}.score"] = SCORE
    return found


def _signed(fields: Mapping[str, Any], **who: str) -> dict[str, str]:
    signed_on = _last(fields)
    signatures = {f"{part}.signature": name for part, name in who.items()}
    return signatures | {f"{part}.signed_on": signed_on for part in who}


def _last(fields: Mapping[str, Any]) -> str:
    """The day of the last course."""
    return _american(max(completed(fields).values()))


def _american(day: date) -> str:
    return f"{day:%m/%d/%Y}"
