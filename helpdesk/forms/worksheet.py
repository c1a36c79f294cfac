"""A worksheet as a form: it asks what the sheet asks, less what is on file.

Its inputs have the names of the blanks, but for what people think of as one question: a group of
boxes of which one is ticked, and a course, whatever line it stands on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wtforms import (
    EmailField,
    Field,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.inputs import COURSE, Day
from helpdesk.forms.signatures import (
    HOW,
    LONGEST,
    NO_EMAIL,
    PAGE,
    PREFIX,
    UNAIDED,
    Signers,
    inputs_of,
)
from workflows.signing import ADMIN, SIGNED_ON
from workflows.training import ACCESS_LEVELS, Course
from workflows.worksheets import EMPLOYMENT, Blank, Kind, Sheet
from workflows.written import signs_as

NOT_ASKED = {"office", "agency"}
"""What HAND writes itself, and what the request knows."""

CHOICES = {"employment": ("Works as", EMPLOYMENT), "level": ("Access level", ACCESS_LEVELS)}
EMAILS = {"email", "supervisor_email"}
PAGES, ADMIN_NAME = "pages", "admin.name"


@dataclass(frozen=True)
class Asking:
    """What a worksheet is asked of. `facts`: what is on file, by the names of the blanks. `mine`:
    in which part the one at the page signs, None for nowhere, as `my_name`; `signers`: who else
    does."""

    sheet: Sheet
    facts: Mapping[str, str]
    courses: Sequence[Course]
    level: str | None
    mine: str | None
    my_name: str
    agencies: Mapping[int, str] = field(default_factory=dict)
    signers: Signers = field(default_factory=Signers)


class SignedName(StringField):
    """A signature: the name of the one who is signed in, typed by them."""

    refusal = "You sign with your own name: {name}."

    def __init__(self, label: str, name_on_file: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.name_on_file = name_on_file
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        typed = (self.data or "").strip()
        if not typed:
            raise ValidationError(f"Type your name to sign: {self.name_on_file}.")
        if not signs_as(typed, self.name_on_file):
            raise ValidationError(self.refusal.format(name=self.name_on_file))


class WorksheetForm(DeskForm):
    """`pages` are files with the signatures that the one at the page can't give."""

    pages = MultipleFileField("Pages that they signed")

    def errors_in_order(self) -> list[tuple[str | None, Sequence[str]]]:
        return sorted(super().errors_in_order(), key=lambda one: one[0] == PAGES)

    def typed(self) -> dict[str, str]:
        """What is worth keeping while it is filled in: everything but signatures."""
        kept = (each for each in self if _is_kept(each))
        return {each.short_name: _text(each) for each in kept if _text(each)}

    def text_of(self, name: str) -> str:
        return _text(self[name]) if name in self else ""


def _is_kept(each: Field) -> bool:
    return not isinstance(each, SignedName) and each.short_name not in {PAGES, "csrf_token"}


def _text(each: Field) -> str:
    """As it was typed, a day as ISO date where it is one."""
    if isinstance(each.data, date):
        return each.data.isoformat()
    if each.data is None and each.raw_data:
        return str(each.raw_data[0]).strip()
    return str(each.data or "").strip()


def worksheet_form(asking: Asking, typed: Mapping[str, str] | None = None) -> WorksheetForm:
    """As it was posted; with `typed`, filled in with that instead."""
    form_class: type[WorksheetForm] = type("Worksheet", (WorksheetForm,), dict(_inputs(asking)))
    if typed is None:
        return form_class(prefix=PREFIX, meta={"csrf": False})
    days = {name: _day(text) for name, text in typed.items()}
    return form_class(None, prefix=PREFIX, meta={"csrf": False}, data=days)


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _inputs(asking: Asking) -> Iterator[tuple[str, Any]]:
    """In the order of the sheet."""
    if asking.agencies:
        choices = {"": "Choose…"} | {str(key): name for key, name in asking.agencies.items()}
        yield "agency", SelectField("Agency", choices=choices,
                                    validators=[InputRequired("Choose the agency they come to.")])
    for part in asking.sheet.parts:
        for line in part.lines:
            for blank in line:
                yield from _of_blank(blank, asking)
        for course in asking.courses if part.courses else ():
            yield from _of_course(course, asking)


def _of_blank(blank: Blank, asking: Asking) -> Iterator[tuple[str, Any]]:
    who, _, _ = blank.name.partition(".")
    if blank.name in asking.facts or blank.name in NOT_ASKED or blank.name.endswith(SIGNED_ON):
        return
    if blank.kind is Kind.TICK:
        yield who, _choice(who)
    elif blank.kind is not Kind.SIGNATURE:
        yield blank.name, _of_admin() if blank.name == ADMIN_NAME else _input(blank)
    elif who == asking.mine:
        yield blank.name, SignedName("Your name", asking.my_name, render_kw=UNAIDED)
    else:
        yield from inputs_of(who, asking.signers)


def _of_admin() -> Field:
    """Who is asked by email is named there."""
    only = {"data-only": f"{PREFIX}{ADMIN}{HOW}={PAGE}"}
    return StringField("Name of the agency admin who signed", render_kw=UNAIDED | only,
                       validators=[Optional(), Length(max=LONGEST)])  # fmt: skip


def _choice(name: str) -> Field:
    label, choices = CHOICES[name]
    if name == "level":
        return SelectField(label, choices={"": "Choose…"} | choices,
                           validators=[InputRequired("Choose what the person may do.")],
                           render_kw={"data-level": "choose"})
    return RadioField(label, choices=choices, validators=[InputRequired("Choose one of these.")])


def _input(blank: Blank) -> Field:
    if blank.kind is Kind.DAY:
        return Day(blank.label, validators=[_needed(blank)])
    rules = [_needed(blank), Length(max=LONGEST)]
    if blank.name in EMAILS:
        rules.append(Email(NO_EMAIL))
        return EmailField(blank.label, validators=rules)
    return StringField(blank.label, validators=rules, render_kw=UNAIDED)


def _needed(blank: Blank) -> Any:
    return InputRequired("Fill this in.") if blank.needed else Optional()


def _of_course(course: Course, asking: Asking) -> Iterator[tuple[str, Any]]:
    """For whom it is, is plain where the level is known."""
    levels = None if asking.level else course.levels(asking.sheet.purpose)
    named = " ".join(level for level in ACCESS_LEVELS if level in (levels or ()))
    more = {"data-levels": named} if levels is not None else {}
    name, score = f"{COURSE}{course.name}", {**more, **UNAIDED, "inputmode": "decimal"}
    yield f"{name}.day", Day("Completed on", validators=[Optional()], render_kw=more)
    if course.pass_mark is not None:
        yield f"{name}.score", StringField(f"Score, {course.pass_mark}+ %",
                                           validators=[Optional(), Length(max=20)],
                                           render_kw=score)  # fmt: skip
