"""The checks of what is filled in: the courses, the days and the signatures."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from workflows.checking import TYPED, Check, Known, Rule, Values, Verdict, check
from workflows.dates import in_words, months_after
from workflows.requirements import COURSE_FIELD, course_fault
from workflows.signing import (
    ADMIN,
    BY_EMAIL,
    BY_TYPED_LINK,
    ELSEWHERE,
    NOT_YET,
    ONCE_SENT,
    REFUSED,
    SIGNED_BY,
    SIGNED_PAGE,
    TYPED_ADDRESS,
    asked_at,
    asked_name,
    unsigned,
    where,
)
from workflows.training import ACCESS_LEVELS, Course
from workflows.worksheet_person import bears_another_username, of_another
from workflows.worksheets import MOST_COURSES
from workflows.written import day_of, plain, same_name, score_of

UNSURE = "It names {name} as the agency admin, but {who} alone has sent it: HAND asks {name}."
EARLIEST = date(2000, 1, 1)
"""There were no such courses before: an earlier day is mistyped."""


def level(values: Values, known: Known) -> Iterator[Check]:
    ticked = [name for name in ACCESS_LEVELS if values.get(f"level.{name}")]
    first = ticked[0] if ticked else next(iter(ACCESS_LEVELS))
    fault = None
    if not ticked:
        fault = "No access level is ticked on the worksheet."
    elif len(ticked) > 1:
        fault = "More than one access level is ticked on the worksheet."
    elif known.level and first != known.level:
        asked = ACCESS_LEVELS.get(known.level, known.level)
        fault = f"The worksheet asks for {ACCESS_LEVELS[first]}, the request for {asked}."
    yield check("level", "The access level is ticked, as it is asked for.", fault,
                f"level.{first}", field="access_level")  # fmt: skip


def courses(values: Values, known: Known) -> Iterator[Check]:
    rows = lines_of_courses(values, known.courses, known.called)
    for course in known.courses:
        yield _course(course, rows.get(course.name), values, known)


def lines_of_courses(
    values: Values, courses: Iterable[Course], called: Mapping[str, str]
) -> dict[str, int]:
    """The line of each course that the worksheet lists, by the course's name. `called` as in
    `Known`: it may have been printed when the course was called otherwise."""
    names = {**called, **{plain(course.label): course.name for course in courses}}
    lines = range(1, MOST_COURSES + 1)
    labels = {line: plain(values.get(f"course{line}.name", "")) for line in lines}
    return {names[label]: line for line, label in labels.items() if label in names}


def _course(course: Course, line: int | None, values: Values, known: Known) -> Check:
    name, label = f"{COURSE_FIELD}{course.name}", f"{course.label} is in date."
    if line is None:
        fault = f"{course.label} is required and not on the worksheet."
        return check(name, label, fault, field=name)
    day, score = f"course{line}.day", f"course{line}.score"
    if unfit := _course_day_fault(course, values.get(day, ""), known):
        return check(name, label, unfit, day, field=name)
    told = values.get(score, "").strip()
    if not told and course.pass_mark is not None:
        return check(name, label, _unscored(course), score, field=name, otherwise=Verdict.LOOK)
    low = _score_fault(course, told)
    return check(name, label, low, score if low else day, field=name)


def _unscored(course: Course) -> str:
    """Whoever looks at the worksheet may know that it was passed; a program doesn't."""
    return (
        f"{course.label} has no score on the worksheet: HAND has to know that at least"
        f" {course.pass_mark} % were reached."
    )


def _course_day_fault(course: Course, told: str, known: Known) -> str | None:
    day = day_of(told)
    if not told.strip():
        return f"{course.label} has no date on the worksheet."
    if day is None:
        return _no_day(course.label, told)
    if day < EARLIEST:
        return f"{course.label}: {in_words(day)} can’t be right."
    return course_fault(course, day, known.today, known.course_months)


def _score_fault(course: Course, told: str) -> str | None:
    """A course without a quiz has no score."""
    if not told:
        return None
    score = score_of(told)
    if score is None:
        return f"{course.label}: “{told}” is no score. Write percent, for example 92."
    if course.is_passed_with(score):
        return None
    return (
        f"{course.label}: {score:g} % is less than {course.pass_mark} %, so it has to be taken"
        " again."
    )


def typed(values: Values, known: Known) -> Iterator[Check]:
    """The days that the request tells are those on the worksheet. A check for each that is not."""
    label = "The dates typed in the request are those on the worksheet."
    differing = list(_differing(values, known))
    if known.told and not differing:
        yield check("typed", label, None)
    for course, day, there, line in differing:
        fault = f"{course.label}: typed is {in_words(day)}, the worksheet says {in_words(there)}."
        name, blank = f"{COURSE_FIELD}{course.name}", f"course{line}.day"
        found = check(f"{TYPED}{course.name}", label, fault, blank, field=name)
        yield replace(found, day=there)


def _differing(values: Values, known: Known) -> Iterator[tuple[Course, date, date, int]]:
    rows = lines_of_courses(values, known.courses, known.called)
    for course in known.courses:
        line, day = rows.get(course.name), known.told.get(course.name)
        there = day_of(values.get(f"course{line}.day", "")) if line else None
        if line and day and there and day != there:
            yield course, day, there, line


def completed_on(values: Values, known: Known) -> dict[str, tuple[date, float | None]]:
    """The day and score of each required course that passes its check, by the course's name; none
    of a worksheet that is somebody else's."""
    return {course.name: (day, score_of(values.get(f"course{line}.score", "")))
            for course, line, day in _counting(values, known)
            if _course(course, line, values, known).verdict is Verdict.PASS}  # fmt: skip


def days_counting(values: Values, known: Known) -> dict[str, date]:
    """When they were completed, those without a score too."""
    return {course.name: day for course, _line, day in _counting(values, known)}


def _counting(values: Values, known: Known) -> Iterator[tuple[Course, int, date]]:
    if of_another(values, known) or bears_another_username(values, known):
        return
    rows = lines_of_courses(values, known.courses, known.called)
    for course in known.courses:
        line = rows.get(course.name)
        day = day_of(values.get(f"course{line}.day", "")) if line else None
        if line and day and _course(course, line, values, known).verdict is not Verdict.FAIL:
            yield course, line, day


def days_written(
    values: Values, courses: Collection[Course], called: Mapping[str, str]
) -> dict[str, date]:
    """The day beside each of these courses, whether it counts or not, by the course's name."""
    rows = lines_of_courses(values, courses, called)
    found = ((course.name, day_of(values.get(f"course{rows.get(course.name)}.day", "")))
             for course in courses)  # fmt: skip
    return {name: day for name, day in found if day is not None}


def signed(who: str, title: str) -> Rule:
    """The check of a signature and its date."""

    label = f"{title[0].upper()}{title[1:]} signed, with the date."

    def rule(values: Values, known: Known) -> Iterator[Check]:
        blank, place = f"{who}.signature", values.get(where(who), "")
        if place in ELSEWHERE:
            look = ELSEWHERE[place].format(who=title)
            yield check(f"{who}_signed", label, look, blank, field=SIGNED_PAGE,
                        otherwise=Verdict.LOOK)  # fmt: skip
            return
        told = {"name": values.get(asked_name(who)), "address": values.get(asked_at(who))}
        if who in unsigned(values):
            words = REFUSED if who in known.declined else NOT_YET
            look = (words if known.sent else ONCE_SENT).format(who=title, **told)
            yield check(f"{who}_signed", label, look, blank,
                        field=None if known.sent else BY_EMAIL, otherwise=Verdict.LOOK)  # fmt: skip
            return
        how = SIGNED_BY.get(place, "").format(**told)
        fault = f"The signature of {title} is missing."
        if values.get(blank, "").strip():
            blank = f"{who}.signed_on"
            day = values.get(blank, "")
            fault = _day_fault(f"The date of {title}’s signature", day, known.today) or ""
        if not fault and place == BY_TYPED_LINK:
            look = TYPED_ADDRESS.format(who=title, **told)
            yield check(f"{who}_signed", label, look, blank, otherwise=Verdict.LOOK)
            return
        said = f"{label.removesuffix('.')}, {how}." if how else label
        yield check(f"{who}_signed", said, fault or None, blank)

    return rule


def verified(values: Values, known: Known) -> Iterator[Check]:
    told, label = values.get("admin.name", "").strip(), "An agency admin verified it."
    fault = None
    if not told:
        fault = "The name of the agency admin who verified it is missing."
    elif same_name(told, known.name):
        fault = f"{known.name} can’t verify their own worksheet: another agency admin signs."
    if fault is None and known.own and values.get(where(ADMIN)) not in SIGNED_BY:
        unsure = UNSURE.format(name=told, who=known.name)
        yield check("verified", label, unsure, "admin.name", otherwise=Verdict.LOOK)
        return
    yield check("verified", label, fault, "admin.name")


def agreements(values: Values, known: Known) -> Iterator[Check]:
    for blank, title in (("agreement_on", "User Agreement"), ("ethics_on", "Code of Ethics")):
        fault = _day_fault(f"The date of the {title}", values.get(blank, ""), known.today)
        yield check(blank, f"The {title} is signed, with the date.", fault, blank)


def _day_fault(what: str, told: str, today: date) -> str | None:
    day = day_of(told)
    if not told.strip():
        return f"{what} is missing."
    if day is None:
        return _no_day(what, told)
    if day > today:
        return f"{what} is {in_words(day)}: that day is yet to come."
    return f"{what} is {in_words(day)}, more than a year ago." if _is_old(day, today) else None


def _is_old(day: date, today: date) -> bool:
    return months_after(day, 12) < today


def _no_day(what: str, told: str) -> str:
    return f"{what}: “{told}” is no date. Write month/day/year, for example 11/25/2026."
