"""What goes to and fro between a request and its worksheet, so that nothing is typed twice."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import Field

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import COURSE, Day
from helpdesk.forms.worksheet import CHOICES, WorksheetForm
from helpdesk.models.agency import Agency
from helpdesk.services.blank_worksheets import Wanted, known_of
from workflows.signing import ADMIN, SIGNED_ON, USER
from workflows.training import Course
from workflows.worksheet_rules import lines_of_courses
from workflows.worksheets import NEW_USER, SHEETS, Kind, Sheet
from workflows.written import day_of

TWINS = {"earlier_access": "had_access", "level": "access_level"}
"""Inputs that the request calls otherwise than the worksheet."""


def agency_of(about: About, form: DeskForm) -> str | None:
    """Where the person works, or a newcomer comes to, as far as it is chosen."""
    if about.license is not None and about.license.agency_id is not None:
        agency = db.session.get(Agency, about.license.agency_id)
        return agency.name if agency else None
    chosen = form.agency.data if "agency" in form else None
    return about.agencies.get(int(chosen)) if chosen else None


def part_of(me: Actor, about: About) -> str | None:
    """In which part the one at the page signs: HAND's staff, who file for others, in none."""
    if about.person is not None and about.person.id == me.person_id:
        return USER
    return ADMIN if me.agencies and not me.staff else None


def facts(sheet: Sheet, about: About, form: DeskForm) -> dict[str, str]:
    """What is on file, by the names of the blanks; the worksheet prints it. What the request asks
    is asked here, too."""
    row = about.license
    level = row.access_level if row and sheet is not NEW_USER else None
    wanted = Wanted(sheet, about.grid, level, agency_of(about, form), about.person, row)
    known = {name: text for name, text in known_of(wanted).items()
             if name == "agency" or name not in form}  # fmt: skip
    return known | ({"admin.name": about.actor.name} if _verifies(sheet, about) else {})


def _verifies(sheet: Sheet, about: About) -> bool:
    names = {blank.name for blank in sheet.blanks}
    return "admin.name" in names and part_of(about.actor, about) == ADMIN


def answered(form: DeskForm, sheet_form: WorksheetForm) -> dict[str, str]:
    """What the request tells already of what the worksheet asks."""
    found = {each.short_name: _twin(form, each.short_name) for each in sheet_form}
    return {name: _shown(twin) for name, twin in found.items() if twin is not None and _shown(twin)}


def as_inputs(texts: Mapping[str, str], courses: Sequence[Course]) -> dict[str, str]:
    """What stands on an earlier worksheet, by the names of the inputs, less its signatures."""
    found = {name: text for name, text in texts.items() if name in TEXTS}
    for group, (_label, choices) in CHOICES.items():
        ticked = [each for each in choices if texts.get(f"{group}.{each}")]
        found |= {group: ticked[0]} if ticked else {}
    for name, line in lines_of_courses(texts, courses, {}).items():
        day = day_of(texts.get(f"course{line}.day", ""))
        found |= {f"{COURSE}{name}.day": day.isoformat()} if day else {}
        found[f"{COURSE}{name}.score"] = texts.get(f"course{line}.score", "")
    for name in DAYS & texts.keys():
        day = day_of(texts[name])
        found |= {name: day.isoformat()} if day else {}
    return {name: text for name, text in found.items() if text}


TEXTS = {blank.name for sheet in SHEETS.values() for blank in sheet.blanks
         if blank.kind is Kind.TEXT}  # fmt: skip
DAYS = {blank.name for sheet in SHEETS.values() for blank in sheet.blanks
        if blank.kind is Kind.DAY and not blank.name.endswith(SIGNED_ON)}  # fmt: skip
"""Blanks that are inputs of the same name."""


def take_over(form: DeskForm, sheet_form: WorksheetForm) -> None:
    """What was filled in on the worksheet stands in the request's form, too."""
    for each in sheet_form:
        twin, text = _twin(form, each.short_name), sheet_form.text_of(each.short_name)
        if twin is None or not text or text == _shown(twin):
            continue
        told: Any = day_of(text) if isinstance(twin, Day) else text
        if told is not None:
            twin.data = int(told) if twin.name == "agency" else told
            twin.raw_data = [text]


def _twin(form: DeskForm, name: str) -> Field | None:
    ours = name.removesuffix(".day") if name.startswith(COURSE) else TWINS.get(name, name)
    return form[ours] if ours in form and ours != "csrf_token" else None


def _shown(twin: Field) -> str:
    """In one line, as a worksheet has it."""
    if isinstance(twin.data, date):
        return twin.data.isoformat()
    lines = str("" if twin.data is None else twin.data).splitlines()
    return "; ".join(line.strip() for line in lines if line.strip())


def texts(
    sheet: Sheet, known: Mapping[str, str], sheet_form: WorksheetForm, courses: Sequence[Course]
) -> dict[str, str]:
    """By the names of the blanks, each course on a line of its own."""
    found = dict(known)
    for blank in sheet.blanks:
        group, _, choice = blank.name.partition(".")
        if group in CHOICES and choice:
            found |= {blank.name: "x"} if sheet_form.text_of(group) == choice else {}
        elif text := sheet_form.text_of(blank.name):
            found[blank.name] = text
    for line, course in enumerate(courses, 1):
        found[f"course{line}.name"] = course.label
        for part in ("day", "score"):
            found[f"course{line}.{part}"] = sheet_form.text_of(f"{COURSE}{course.name}.{part}")
    return {name: text for name, text in found.items() if text}
