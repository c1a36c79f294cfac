"""Worksheets to download: for a person and their role, or blank for a newcomer of a chosen one."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.extensions import settings
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.worksheets.code import Made, check_code
from workflows.training import ACCESS_LEVELS, Grid
from workflows.worksheets import NEW_USER, Sheet


@dataclass(frozen=True)
class Wanted:
    """`person` None: somebody who is not on file yet. `level`: the name of an access level."""

    sheet: Sheet
    grid: Grid
    level: str | None
    agency: str | None = None
    person: Person | None = None
    license: License | None = None

    @property
    def name(self) -> str:
        """Of the file."""
        whose = self.person.name if self.person else ACCESS_LEVELS.get(self.level or "", "")
        return f"{' '.join(f'{self.sheet.title} {whose}'.split())}.pdf"


def blank(wanted: Wanted, written: Mapping[str, str] | None = None) -> bytes:
    """With what is known filled in, and exactly the courses that are required. `written`: what
    else stands on it, by the names of the blanks."""
    # A web process that nobody asks for a worksheet does without what draws it.
    from helpdesk.worksheets.make import Filled, make  # noqa: PLC0415

    sheet, level = wanted.sheet, wanted.level or ""
    username = (wanted.person.username if wanted.person else None) or ""
    made = Made(sheet.number, sheet.version, username, level)
    courses = [course.label for course in wanted.grid.required(wanted.level, sheet.purpose)]
    code = check_code(settings().SECRET_KEY, made)
    return make(sheet, Filled(known_of(wanted) | dict(written or {}), courses, code))


def known_of(wanted: Wanted) -> dict[str, str]:
    """What is on file, by the names of the blanks."""
    known = {"agency": wanted.agency, **_of_person(wanted)}
    if wanted.sheet is NEW_USER and wanted.level:
        known[f"level.{wanted.level}"] = "x"
    return {name: text for name, text in known.items() if text}


def _of_person(wanted: Wanted) -> dict[str, str | None]:
    person, row = wanted.person, wanted.license
    if person is None:
        return {}
    if wanted.sheet is NEW_USER:
        return {"first_name": person.first_name, "last_name": person.last_name,
                "email": person.email, "phone": person.phone}  # fmt: skip
    ends = row.expires_on if row else None
    return {
        "name": person.name,
        "username": person.username,
        "email": person.email,
        "level": ACCESS_LEVELS.get(wanted.level or ""),
        "expires_on": f"{ends:%m/%d/%Y}" if ends else None,
    }
