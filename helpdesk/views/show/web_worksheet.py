"""A worksheet's page in pieces, for `requests/web_worksheet.html`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wtforms import Field

from helpdesk.forms.inputs import COURSE
from helpdesk.forms.signatures import ADMIN_ASKED, DIRECTOR_EMAIL, DIRECTOR_NAME, HOW
from helpdesk.forms.worksheet import ADMIN_NAME, Asking, SignedName, WorksheetForm
from helpdesk.views.show.pieces import day
from workflows.signing import ADMIN, DIRECTOR, SIGNATURE, SIGNERS, USER, title_of
from workflows.training import ACCESS_LEVELS, Course
from workflows.worksheets import Blank, Kind, Part
from workflows.written import day_of

STATEMENTS = {
    USER: "I completed these courses myself, and what is written here is true.",
    ADMIN: "I have checked what is written here, and it is true.",
    DIRECTOR: "I have read what is written here, and want this person to have the license.",
}
"""What somebody says who signs."""

ASKED = {
    USER: [f"{USER}{HOW}"],
    ADMIN: [f"{ADMIN}{HOW}", ADMIN_ASKED, ADMIN_NAME],
    DIRECTOR: [f"{DIRECTOR}{HOW}", DIRECTOR_NAME, DIRECTOR_EMAIL],
}
"""The inputs about a signature that somebody else gives."""

CERTIFICATES = "The dates and scores are on the Learning Center’s certificates."


@dataclass(frozen=True)
class CourseShown:
    """`note`: for whom it is, where that depends on what is chosen."""

    name: str
    label: str
    note: str
    inputs: list[Field]


@dataclass(frozen=True)
class SigningShown:
    """`input` None: somebody else signs there; `asks`: what is asked of how they do."""

    name: str
    title: str
    who: str
    statement: str
    input: Field | None
    asks: list[Field]


@dataclass(frozen=True)
class PartShown:
    title: str
    hint: str
    facts: list[tuple[str, str]]
    inputs: list[Field]
    courses: list[CourseShown] = field(default_factory=list)
    signings: list[SigningShown] = field(default_factory=list)


def parts_shown(asking: Asking, form: WorksheetForm) -> list[PartShown]:
    """Those in which there is something to read or to fill in."""
    shown = [_part(part, asking, form) for part in asking.sheet.parts]
    return [each for each in shown
            if each.facts or each.inputs or each.courses or each.signings]  # fmt: skip


def _part(part: Part, asking: Asking, form: WorksheetForm) -> PartShown:
    blanks = [blank for line in part.lines for blank in line]
    names = dict.fromkeys(_name(blank) for blank in blanks)
    inputs = [form[name] for name in names if name in form]
    signings = list(_signings(blanks, asking, form))
    said = any(each.statement.startswith(part.hint.rstrip(".")) for each in signings)
    beside = [each for signing in signings for each in signing.asks]
    return PartShown(
        title=part.title,
        hint=CERTIFICATES if part.courses else "" if said else part.hint,
        facts=[(blank.label, _fact(blank, asking)) for blank in blanks
               if blank.name in asking.facts],
        inputs=[each for each in inputs if not isinstance(each, SignedName) and each not in beside],
        courses=[_course(each, asking, form) for each in asking.courses if part.courses],
        signings=signings,
    )  # fmt: skip


def _name(blank: Blank) -> str:
    """Boxes of which one is ticked are one input."""
    return blank.name.partition(".")[0] if blank.kind is Kind.TICK else blank.name


def _fact(blank: Blank, asking: Asking) -> str:
    text = asking.facts[blank.name]
    found = day_of(text) if blank.kind is Kind.DAY else None
    return day(found).words if found else text


def _course(course: Course, asking: Asking, form: WorksheetForm) -> CourseShown:
    levels = None if asking.level else course.levels(asking.sheet.purpose)
    named = [label for level, label in ACCESS_LEVELS.items() if level in (levels or ())]
    note = f"Only for {', '.join(named)}." if levels is not None else ""
    names = (f"{COURSE}{course.name}.{part}" for part in ("day", "score"))
    inputs = [form[name] for name in names if name in form]
    return CourseShown(course.name, course.label, note, inputs)


def _signings(blanks: list[Blank], asking: Asking, form: WorksheetForm) -> Iterator[SigningShown]:
    for blank in blanks:
        if blank.kind is Kind.SIGNATURE:
            who = blank.name.removesuffix(SIGNATURE)
            title = title_of(who)
            mine = form[blank.name] if who == asking.mine else None
            asks = [form[name] for name in ASKED[who] if name in form]
            yield SigningShown(who, title, SIGNERS[who], STATEMENTS[who], mine, asks)
