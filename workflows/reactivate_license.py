"""Reactivate License: somebody is back from a leave, or has not logged in for too long.

Afterwards the licensee has 24 hours (a setting) to log in.
"""

from datetime import date

from workflows import license as licenses
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.engine import Guard, Party, Reason
from workflows.facts import TicketFacts
from workflows.guards import (
    LABELS,
    REACTIVATE,
    TicketAttempt,
    for_somebody_else,
    license_is,
    username_known,
)
from workflows.requirements import answered
from workflows.seats import seat_free
from workflows.ticket_type import TicketType

LEAVE, RETURNED = "leave", "returned"
REASONS = {
    LEAVE: "They are back from a leave of absence",
    "no_log_in": "They did not log in for a while",
    RETURNED: "They had left the agency, and are here again",
}



def _returned(attempt: TicketAttempt) -> Reason | None:
    facts = attempt.facts
    if facts.fields.get("reason") != LEAVE:
        return None
    told = facts.fields.get("returned_on")
    if not told:
        return Reason("Say when they came back.", field="returned_on")
    if date.fromisoformat(str(told)) <= facts.today:
        return None
    sentence = "That day is yet to come. File this when they are back, so that they can log in."
    return Reason(sentence, field="returned_on")


returned: Guard[TicketFacts] = Guard(
    "After a leave, the day of return is known and has come.", _returned, on_form=True
)

TYPE = TicketType(
    workflow=ticket_workflow(
        REACTIVATE,
        LABELS[REACTIVATE],
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.STAFF}),
            fits=license_is(licenses.INACTIVE),
            needs=(username_known,),
            filing=(
                for_somebody_else,
                seat_free,
                answered("reason", "Choose the reason.", REASONS),
                returned,
            ),
            approving=(seat_free,),
            action=AccountAction(Action.REACTIVATE),
            completed=(Mail("completed", Recipient.LICENSEE), Mail("completed", Recipient.FILER)),
        ),
    ),
    summary="A license is inactive after a leave, or after weeks without a log-in.",
    target_days=2,
)
