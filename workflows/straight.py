"""Straight through: the guards under which the desk itself approves a request by a rule.

They come on top of everything that is asked of a person who approves. Whatever is odd goes to a
person; so does a share of what is not, and what people say of that is the rule's measure.
"""

from collections.abc import Callable

from workflows.engine import Guard, Reason
from workflows.facts import TicketFacts
from workflows.guards import TicketAttempt, TicketGuard
from workflows.straight_facts import Oddity, StraightFacts
from workflows.taken_dates import TAKE_DATES

BY_RULE = "approve_by_rule"
"""The step by which the desk approves."""

AGREES = "approve"
JUDGES = (AGREES, "override", "reject", "ask_for_more", "convert", TAKE_DATES)
"""The steps by which a person judges a request: by any but the first they found a fault."""

OFF = Reason("The rule is switched off.")
UNTRIED = Reason("People have not judged enough of them yet, or found too many faults.")
DRAWN = Reason("It is drawn as a sample.")
WATCHED = frozenset({OFF, UNTRIED, DRAWN})
"""With no other reason against it, the rule would approve: then what a person does measures it."""


def _holds(rule: str, test: Callable[[StraightFacts], bool], reason: Reason) -> TicketGuard:
    def unmet(attempt: TicketAttempt) -> Reason | None:
        known = attempt.facts.straight
        return None if known is not None and test(known) else reason

    return Guard(rule, unmet)


switched_on = _holds("A manager has switched the rule on.", lambda known: known.on, OFF)
trusted = _holds(
    "People have judged enough of them, and found few faults.", lambda known: known.trusted, UNTRIED
)
not_drawn = _holds("It is not drawn as a sample.", lambda known: not known.drawn, DRAWN)
RULE = (switched_on, trusted, not_drawn)

address_stands = _holds(
    "The address on file has not changed lately.",
    lambda known: not known.moved,
    Reason("The address on file of the licensee, or of who filed, has changed lately."),
)


ODDITIES = {
    Oddity.ON_BEHALF: ("HAND did not enter it for somebody.",
                       "HAND entered it for somebody."),
    Oddity.GOING: ("The licensee is not about to leave, to go on leave or to move.",
                   "The licensee is about to leave, to go on leave or to move."),
    Oddity.ROLE: ("The licensee has no role at the desk.",
                  "The licensee has a role at the desk."),
    Oddity.TWO_STEPS: ("The licensee does not sign in in two steps.",
                       "The licensee signs in in two steps: a link alone is less."),
    Oddity.AGAIN: ("The rule has approved none of theirs lately.",
                   "The rule has approved one of theirs lately."),
    Oddity.DOCUMENTS: ("No document is attached but what is asked for, and it may be opened.",
                       "A document is attached that a person should see."),
}  # fmt: skip
"""What must not be, as a rule, and what to say where it is."""


def _not(oddity: Oddity) -> TicketGuard:
    rule, otherwise = ODDITIES[oddity]
    return _holds(rule, lambda known: oddity not in known.oddities, Reason(otherwise))


def _written(attempt: TicketAttempt) -> Reason | None:
    if not str(attempt.facts.fields.get("note") or "").strip():
        return None
    return Reason("Something was written that a person should read.")


nothing_written: Guard[TicketFacts] = Guard(
    "Nothing was written that a person should read.", _written
)

ANY_TYPE = (address_stands, nothing_written, *map(_not, ODDITIES))
