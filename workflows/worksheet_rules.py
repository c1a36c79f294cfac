"""The checks of what is filled in: who it is, the courses, the days and the signatures."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from workflows.checking import Check, Known, Rule, Values, Verdict, check
from workflows.dates import in_words, months_after
from workflows.requirements import COURSE_FIELD, course_fault, is_personal
from workflows.signing import ELSEWHERE, SIGNED_PAGE, where
from workflows.training import ACCESS_LEVELS, Course
from workflows.worksheets import MOST_COURSES
from workflows.written import day_of, legible, plain, same_name, score_of

EARLIEST = date(2000, 1, 1)
"""There were no such courses before: an earlier day is mistyped."""


def recertifies(values: Values, known: Known) -> Iterator[Check]:
    yield _name(values.get("name", ""), "name", known)
    yield _as_on_file("username", "The username", known.username, values)
    yield from _at_work(values, known)


def newcomer(values: Values, known: Known) -> Iterator[Check]:
    full = f"{values.get('first_name', '')} {values.get('last_name', '')}"
    yield _name(full, "last_name", known)
    yield from _at_work(values, known)
    yield _named("provider", "The primary provider", values)
    yield _named("supervisor", "The supervisor", values)


def _at_work(values: Values, known: Known) -> Iterator[Check]:
    yield _as_on_file("email", "The work email", known.email, values)
    yield _as_on_file("agency", "The agency", known.agency, values)
    address = values.get("email", "").strip()
    fault = f"{address} is a personal address. A license needs the person’s work email."
    yield check("work_email", "The email is a work address.",
                fault if is_personal(address) else None, "email", field="email")  # fmt: skip


def _name(read: str, blank: str, known: Known) -> Check:
    label = "The name is the one on file."
    if not legible(read):
        unread = "The name can’t be read by a program."
        return check("name", label, unread, blank, otherwise=Verdict.LOOK)
    if not read.strip():
        return check("name", label, "The name is missing on the worksheet.", blank)
    same = same_name(read, known.name)
    fault = f"The name on the worksheet is {read}, on file it is {known.name}."
    severity = Verdict.LOOK if same is None else Verdict.FAIL
    return check("name", label, None if same else fault, blank, otherwise=severity)


def _as_on_file(blank: str, what: str, on_file: str | None, values: Values) -> Check:
    read, label = values.get(blank, "").strip(), f"{what} is the one on file."
    if not legible(read):
        unread = f"{what} can’t be read by a program."
        return check(blank, label, unread, blank, otherwise=Verdict.LOOK)
    if not read:
        return check(blank, label, f"{what} is missing on the worksheet.", blank)
    same = on_file is None or plain(on_file) == plain(read)
    fault = f"{what} on the worksheet is {read}, on file it is {on_file}."
    return check(blank, label, None if same else fault, blank)


def _named(blank: str, what: str, values: Values) -> Check:
    there = values.get(blank, "").strip()
    missing = f"{what} is missing on the worksheet."
    return check(blank, f"{what} is named.", None if there else missing, blank)


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
    unfit = _course_day_fault(course, values.get(day, ""), known)
    low = _score_fault(course, values.get(score, "").strip())
    return check(name, label, unfit or low, score if low and not unfit else day, field=name)


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
        yield check(f"typed_{course.name}", label, fault, f"course{line}.day",
                    field=f"{COURSE_FIELD}{course.name}")  # fmt: skip


def _differing(values: Values, known: Known) -> Iterator[tuple[Course, date, date, int]]:
    rows = lines_of_courses(values, known.courses, known.called)
    for course in known.courses:
        line, day = rows.get(course.name), known.told.get(course.name)
        there = day_of(values.get(f"course{line}.day", "")) if line else None
        if line and day and there and day != there:
            yield course, day, there, line


def completed_on(values: Values, known: Known) -> dict[str, tuple[date, float | None]]:
    """The day and score of each required course that passes its check, by the course's name; none
    of a worksheet that bears somebody else's username."""
    bears = _as_on_file("username", "The username", known.username, values)
    if values.get("username", "").strip() and bears.verdict is Verdict.FAIL:
        return {}
    rows = lines_of_courses(values, known.courses, known.called)
    found = {}
    for course in known.courses:
        line = rows.get(course.name)
        day = day_of(values.get(f"course{line}.day", "")) if line else None
        if day and _course(course, line, values, known).verdict is Verdict.PASS:
            found[course.name] = day, score_of(values.get(f"course{line}.score", ""))
    return found


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
        blank = f"{who}.signature"
        if place := values.get(where(who)):
            look = ELSEWHERE[place].format(who=title)
            yield check(f"{who}_signed", label, look, blank, field=SIGNED_PAGE,
                        otherwise=Verdict.LOOK)  # fmt: skip
            return
        fault = f"The signature of {title} is missing."
        if values.get(blank, "").strip():
            blank = f"{who}.signed_on"
            told = values.get(blank, "")
            fault = _day_fault(f"The date of {title}’s signature", told, known.today) or ""
        yield check(f"{who}_signed", label, fault or None, blank)

    return rule


def verified(values: Values, known: Known) -> Iterator[Check]:
    told = values.get("admin.name", "").strip()
    fault = None
    if not told:
        fault = "The name of the agency admin who verified it is missing."
    elif same_name(told, known.name):
        fault = f"{known.name} can’t verify their own worksheet: another agency admin signs."
    yield check("verified", "An agency admin verified it.", fault, "admin.name")


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
