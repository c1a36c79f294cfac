"""Guards on what a request brings: papers, courses, a work address, an expiry worth having."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from workflows import license as licenses
from workflows import papers, training
from workflows.dates import in_words, months_after, new_expiry
from workflows.engine import Guard, Reason
from workflows.facts import TicketFacts
from workflows.guards import TicketAttempt, TicketGuard, license_is
from workflows.training import Purpose

PERSONAL_DOMAINS = frozenset({
    "aol.com", "comcast.net", "gmail.com", "googlemail.com", "gmx.com", "hotmail.com",
    "icloud.com", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "outlook.com",
    "proton.me", "protonmail.com", "sbcglobal.net", "yahoo.com", "ymail.com",
})  # fmt: skip
"""Where people have addresses of their own: a license goes with a work address."""

COURSE_FIELD = "course_"
DOCUMENT = "document-"


def papers_attached(needed: Collection[str]) -> TicketGuard:
    """Every paper is there, each named that is not."""

    def unmet(attempt: TicketAttempt) -> list[Reason]:
        gone = papers.missing(needed, attempt.facts.documents)
        return [_lacks(paper) for paper in gone]

    return Guard("Every document that is needed is attached.", unmet, on_form=True)


def _lacks(paper: str) -> Reason:
    return Reason(f"Attach the {papers.PAPERS[paper]}.", field=f"{DOCUMENT}{paper}")


def papers_at_hand(needed: Collection[str]) -> TicketGuard:
    """The same of a request that is filed, when no form will bring them; and none that only a held
    document brings."""

    def unmet(attempt: TicketAttempt) -> list[Reason]:
        facts = attempt.facts
        gone = papers.missing(needed, facts.documents)
        usable = [kind for kind in facts.documents if kind not in facts.held]
        held = [paper for paper in papers.missing(needed, usable) if paper not in gone]
        return [
            *(_lacks(paper) for paper in gone),
            *(Reason(f"The {papers.PAPERS[paper]} is still being checked for viruses.")
              for paper in held),
        ]  # fmt: skip

    return Guard("Every document that is needed is attached.", unmet)


def _asked_for(attempt: TicketAttempt) -> list[Reason]:
    if attempt.data.get("without"):
        return []
    gone = papers.missing(attempt.facts.asked_for, attempt.data.get("kinds") or ())
    return [
        Reason(f"HAND asked for {papers.in_a_sentence(paper)}, and it is not attached.",
               field=f"{DOCUMENT}{paper}")
        for paper in gone
    ]  # fmt: skip


asked_for_attached: TicketGuard = Guard(
    "The papers that HAND asked for are attached, or the answer says why not.",
    _asked_for,
    on_form=True,
)


def answered(field: str, sentence: str, choices: Collection[str] | None = None) -> TicketGuard:
    """The request tells something in `field`, one of `choices` where there are some."""

    def unmet(attempt: TicketAttempt) -> Reason | None:
        told = attempt.facts.fields.get(field)
        known = isinstance(told, str) and bool(told.strip())
        fits = choices is None or told in choices
        return None if known and fits else Reason(sentence, field=field)

    return Guard(sentence, unmet, on_form=True)


def level_of(facts: TicketFacts) -> str | None:
    """The access level that is asked for, else the one the license has."""
    asked = facts.fields.get("access_level")
    return asked if isinstance(asked, str) and asked else facts.access_level


def needed(facts: TicketFacts, purpose: Purpose) -> list[training.Course]:
    """The courses that the ticket has to tell of."""
    return facts.grid.required(level_of(facts), purpose)


def course_ends(facts: TicketFacts, purpose: Purpose) -> list[date]:
    """Until when the required courses count, as far as the ticket tells of them."""
    done, months = training.completed(facts.fields), facts.rules.course_months
    return [months_after(done[course.name], course.counts_for(months))
            for course in needed(facts, purpose) if course.name in done]  # fmt: skip


def untold(facts: TicketFacts, purpose: Purpose) -> list[training.Course]:
    """The required courses of which the ticket does not tell when they were completed."""
    done = training.completed(facts.fields)
    return [each for each in needed(facts, purpose) if each.name not in done]


def courses_in_date(purpose: Purpose) -> TicketGuard:
    """Every course that the role needs is completed and still counts, each named that doesn't."""

    def unmet(attempt: TicketAttempt) -> list[Reason]:
        facts = attempt.facts
        done = training.completed(facts.fields)
        judged = ((course, _fault(course, done.get(course.name), facts))
                  for course in needed(facts, purpose))
        return [Reason(fault, field=f"{COURSE_FIELD}{course.name}")
                for course, fault in judged if fault]  # fmt: skip

    return Guard("Every required course is in date.", unmet, on_form=True)


def mended_courses(purpose: Purpose) -> TicketGuard:
    """The dates that an answer brings are those of courses that count. One that is still missing
    comes with it, or the answer says why not."""

    def unmet(attempt: TicketAttempt) -> list[Reason]:
        facts, brought = attempt.facts, attempt.data.get("fields") or {}
        before, told = training.completed(facts.fields), training.completed(brought)
        changed = {name for name, day in told.items() if before.get(name) != day}
        if not attempt.data.get("without"):
            changed |= {course.name for course in untold(facts, purpose)}
        judged = ((course, _fault(course, told.get(course.name), facts))
                  for course in needed(facts, purpose) if course.name in changed)  # fmt: skip
        return [Reason(fault, field=f"{COURSE_FIELD}{course.name}")
                for course, fault in judged if fault]  # fmt: skip

    return Guard("The dates that were missing or mended count.", unmet, on_form=True)


def settled(*guards: TicketGuard) -> tuple[TicketGuard, ...]:
    """The same guards on a ticket that is filed: no form will bring what they judge."""
    return tuple(replace(guard, on_form=False) for guard in guards)


def _fault(course: training.Course, day: date | None, facts: TicketFacts) -> str | None:
    return course_fault(course, day, facts.today, facts.rules.course_months)


def course_fault(
    course: training.Course, day: date | None, today: date, course_months: int
) -> str | None:
    """Why a course that was completed on `day` does not count; None when it does.
    `course_months`: how long one counts that has no span of its own."""
    months = course.counts_for(course_months)
    if day is None:
        return f"{course.label} is required: say when it was completed."
    if day > today:
        return f"{course.label} can’t be completed on {in_words(day)}: that day is yet to come."
    if months_after(day, months) < today:
        return (
            f"{course.label} was completed on {in_words(day)}. That is more than "
            f"{_months_in_words(months)} ago, so it has to be taken again."
        )
    return None


def _months_in_words(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest:
        return f"{months} months"
    return "a year" if years == 1 else f"{years} years"


def is_personal(address: str) -> bool:
    return address.rpartition("@")[2].strip().casefold() in PERSONAL_DOMAINS


def _personal(attempt: TicketAttempt) -> Reason | None:
    address = str(attempt.facts.fields.get("email") or "")
    if not is_personal(address):
        return None
    sentence = f"{address} is a personal address. A license needs the person’s work email."
    return Reason(sentence, field="email")


work_email: TicketGuard = Guard("The email is a work address.", _personal, on_form=True)


def _lookalike(attempt: TicketAttempt) -> Reason | None:
    others = attempt.facts.lookalikes
    if not others or attempt.data.get("another_person"):
        return None
    return Reason(f"The same email is on file for {' and '.join(others)}. Is it the same person?")


nobody_else: TicketGuard = Guard(
    "Nobody else is on file with this email, or it is another person.", _lookalike, on_form=True
)


def _renewable(attempt: TicketAttempt) -> Reason | Sequence[Reason] | None:
    """Expired, or active and near enough to its end; an end nobody knows is near enough."""
    facts = attempt.facts
    if facts.license_state != licenses.ACTIVE:
        return _in_a_renewable_state(attempt)
    if facts.expires_on is None:
        return None
    opens = facts.expires_on - timedelta(days=facts.rules.window_days)
    if facts.today >= opens:
        return None
    return Reason(
        f"{facts.whose} license runs until {in_words(facts.expires_on)}. "
        f"It can be recertified from {in_words(opens)}."
    )


_in_a_renewable_state = license_is(licenses.ACTIVE, licenses.EXPIRED).reasons
renewable: TicketGuard = Guard(
    "The license has expired, or is active and within its recertification window.", _renewable
)


def expiry_of(purpose: Purpose) -> Callable[[TicketFacts], date]:
    """The date until which a license is good once the ticket is completed."""

    def until(facts: TicketFacts) -> date:
        ends = course_ends(facts, purpose) if facts.rules.from_courses else []
        present = facts.expires_on if purpose is Purpose.YEARLY else None
        return new_expiry(ends, facts.today, facts.rules.course_months, present)

    return until


def gained_days(facts: TicketFacts, until: date) -> int:
    """How many days longer than now the license will be good."""
    return (until - max(facts.expires_on or facts.today, facts.today)).days


def worth_it(purpose: Purpose) -> TicketGuard:
    """A license that is hardly good for longer than now: staff would be warned of it."""
    until = expiry_of(purpose)

    def unmet(attempt: TicketAttempt) -> Reason | None:
        facts = attempt.facts
        end = until(facts)
        if gained_days(facts, end) >= facts.rules.least_gain_days:
            return None
        return Reason(f"It would be good until {in_words(end)}, hardly longer than now.")

    return Guard("The license is good for much longer afterwards.", unmet)
