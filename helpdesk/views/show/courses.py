"""What is on file of the courses that a request tells of, for HAND's staff."""

from helpdesk.services.courses import OnFile, on_file
from helpdesk.views.show.ticket_base import Seen
from workflows.dates import in_words
from workflows.requirements import needed
from workflows.training import completed


def courses_on_file(seen: Seen) -> list[dict[str, str]]:
    """A line for each course that the request needs: whether the day that was typed is on file."""
    if seen.kind.purpose is None:
        return []
    courses = needed(seen.attempt.facts, seen.kind.purpose)
    told = completed(seen.ticket.fields)
    found = on_file(seen.session, seen.ticket.person_id, courses, told)
    return [{"words": _words(each), "result": "ok" if each.agrees else "warn"} for each in found]


def _words(each: OnFile) -> str:
    course = each.course.label
    if each.agrees and each.told is not None:
        return f"On file: {course} was completed on {in_words(each.told)}, as typed."
    if each.passed:
        typed = f"typed is {in_words(each.told)}" if each.told else "no day is typed"
        return f"On file: {course} was completed on {in_words(each.passed[0])}, but {typed}."
    if each.failed:
        last = each.failed[0]
        day = in_words(last.completed_on)
        return f"On file: {course} was taken on {day} with {last.score} %, which does not pass."
    return f"{course} is not on file."
