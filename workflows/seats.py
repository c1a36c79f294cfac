"""How many licenses an agency may have in use: nobody is given one too many.

A license is in use from the day it is asked for until it is inactive or deleted. Whoever has one in
use keeps it, even where the limit was lowered since.
"""

from workflows.engine import Guard, Reason
from workflows.facts import Seats, TicketFacts
from workflows.guards import TicketAttempt


def no_seat_left(seats: Seats | None) -> Reason | None:
    if seats is None or not seats.full:
        return None
    those = "The one license" if seats.limit == 1 else f"All {seats.limit} licenses"
    return Reason(
        f"{those} of {seats.agency} {'is' if seats.limit == 1 else 'are'} in use. Report who has "
        "left the agency, or ask a HAND manager for more."
    )


def _unmet(attempt: TicketAttempt) -> Reason | None:
    return no_seat_left(attempt.facts.seats)


seat_free: Guard[TicketFacts] = Guard(
    "The agency has no more licenses in use than it may have.", _unmet
)
