"""Recertification worksheets of real people, as the desk hands them out and they fill them in."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pypdf

from helpdesk.worksheets.code import Made, check_code
from helpdesk.worksheets.make import Filled, make
from workflows.training import ACCESS_LEVELS, STANDARD, Purpose
from workflows.worksheets import RECERTIFICATION


@dataclass(frozen=True)
class Holder:
    """Whom a worksheet is made for, as the register has them."""

    name: str
    username: str
    email: str
    agency: str
    level: str = "case_manager_1"


def worksheet_of(holder: Holder, key: str, day: date, **changed: str) -> bytes:
    """Right in every respect, with every course completed and signed on `day`. `changed` says
    otherwise, with `__` for the dot in a blank's name."""
    courses = STANDARD.required(holder.level, Purpose.YEARLY)
    written = f"{day:%m/%d/%Y}"
    answers = {
        **{f"course{line}.day": written for line in range(1, len(courses) + 1)},
        **{f"course{line}.score": "92" for line in range(1, len(courses) + 1)},
        "user.signature": holder.name, "user.signed_on": written, "admin.name": "Alma Reyes",
        "admin.signature": "Alma Reyes", "admin.signed_on": written,
        **{name.replace("__", "."): text for name, text in changed.items()},
    }  # fmt: skip
    writer = pypdf.PdfWriter(clone_from=BytesIO(_blank(holder, key)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, answers, auto_regenerate=False)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _blank(holder: Holder, key: str) -> bytes:
    sheet = RECERTIFICATION
    known = {"name": holder.name, "username": holder.username, "email": holder.email,
             "agency": holder.agency, "level": ACCESS_LEVELS[holder.level]}  # fmt: skip
    labels = [course.label for course in STANDARD.required(holder.level, Purpose.YEARLY)]
    code = check_code(key, Made(sheet.number, sheet.version, holder.username, holder.level))
    return make(sheet, Filled(known, labels, code))
