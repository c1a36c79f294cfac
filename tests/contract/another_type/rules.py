"""Return from Leave: a type that nobody has heard of until this file lies in `workflows/`."""

from workflows import license as licenses
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.engine import Guard, Party, Reason
from workflows.facts import TicketFacts
from workflows.guards import TicketAttempt, license_is
from workflows.ticket_type import TicketType


def _dated(attempt: TicketAttempt) -> Reason | None:
    return None if attempt.facts.fields.get("back_on") else Reason("Say when the person is back.")


back_on_known: Guard[TicketFacts] = Guard("The day of return is known.", _dated, on_form=True)

TYPE = TicketType(
    workflow=ticket_workflow(
        "return_from_leave",
        "Return from Leave",
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.STAFF}),
            fits=license_is(licenses.INACTIVE),
            filing=(back_on_known,),
            action=AccountAction(Action.REACTIVATE),
            completed=(Mail("completed", Recipient.LICENSEE), Mail("completed", Recipient.FILER)),
        ),
    ),
    summary="Somebody is back from a leave.",
    target_days=2,
)
