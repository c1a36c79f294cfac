"""Rows in words, as the manager's pages show them."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.models.role import Role
from helpdesk.services.people import Line
from helpdesk.views.show.pieces import LicenseShown, license_shown

ROLES = {
    Role.AGENCY_ADMIN: "Agency admin",
    Role.STAFF: "HAND staff",
    Role.MANAGER: "HAND manager",
}


@dataclass(frozen=True)
class PersonRow:
    url: str
    name: str
    username: str | None
    email: str | None
    agency: str | None
    license: LicenseShown | None
    roles: str
    disabled: bool


def person_row(line: Line) -> PersonRow:
    person = line.person
    return PersonRow(
        url=url_for("manage.person", person_id=person.id),
        name=person.name,
        username=person.username,
        email=person.email,
        agency=line.agency,
        license=license_shown(line.license) if line.license else None,
        roles=", ".join(ROLES[role] for role in line.roles),
        disabled=bool(line.disabled),
    )
