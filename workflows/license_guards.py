"""What must hold for a step in the life of a license, with the sentence people read."""

from dataclasses import replace
from typing import Any

from workflows.engine import Attempt, Guard, Party, Reason


def _unless(fact: str, rule: str, sentence: str, field: str | None = None) -> Guard[Any]:
    """Refuses with `sentence` while the fact holds. `field`: the answer on a form that is to be
    mended."""

    def unmet(attempt: Attempt[Any]) -> Reason | None:
        return Reason(sentence, field=field) if getattr(attempt.facts, fact) else None

    return Guard(rule, unmet)


def _while(fact: str, rule: str, sentence: str) -> Guard[Any]:
    """Refuses with `sentence` unless the fact holds."""

    def unmet(attempt: Attempt[Any]) -> Reason | None:
        return None if getattr(attempt.facts, fact) else Reason(sentence)

    return Guard(rule, unmet)


def _says(field: str, sentence: str) -> Guard[Any]:
    """The form brought a text in `field`."""

    def unmet(attempt: Attempt[Any]) -> Reason | None:
        return None if str(attempt.data.get(field) or "").strip() else Reason(sentence, field=field)

    return Guard(sentence, unmet, on_form=True)


def for_people(guard: Guard[Any]) -> Guard[Any]:
    """The desk itself carries out what people have reported or planned before."""

    def unmet(attempt: Attempt[Any]) -> tuple[Reason, ...]:
        return () if Party.SYSTEM in attempt.parties else guard.reasons(attempt)

    return replace(guard, unmet=unmet)


still_there = _unless("left", "The licensee has not left.", "That they left is on file already.")
not_away = _unless("away", "The licensee is not on leave.", "They are on leave already.")
leaving = _while("leaving", "A departure is to come.", "There is no departure to take back.")
going = _while("going", "A leave is to come.", "There is no leave to take back.")
moving = _while("moving", "A move is to come.", "There is no move to take back.")
no_move = _unless(
    "moving", "No move to another agency is to come.",
    "They are to move to another agency on a day to come. HAND can take that back.",
)  # fmt: skip
no_departure = _unless(
    "leaving", "No departure is to come.",
    "A departure is reported for a day to come. Take that back first.",
)  # fmt: skip
seat_there = _unless(
    "full_there", "The other agency has a license that is not in use.",
    "All the licenses that agency may have are in use. A HAND manager can raise its limit.",
    field="agency",
)  # fmt: skip
with_a_day = _says("on", "Say from which day on.")
where_to = _says("agency_id", "Say to which agency.")
not_ones_own = _unless("own", "The one who decides does not hold it.",
                       "It is your own license. A colleague at HAND has to decide.")
proposed = _while("proposed", "Its deletion is proposed.", "Nobody proposes to delete it any more.")
undecided = _unless("confirmed", "Nobody has confirmed it yet.", "It is being deleted already.")
decided = _while("confirmed", "Somebody at HAND has confirmed it.",
                 "Nobody at HAND has confirmed its deletion.")  # fmt: skip
why_kept = _says("message", "Say why the license is kept.")
suspended = _while("suspended", "The license is suspended.", "It is not suspended.")
why_suspended = _says("message", "Say why the license is suspended.")
why_lifted = _says("message", "Say why the suspension is lifted.")
