"""Request New Password: a locked or forgotten log-in, brought back by a one-time link.

The identity check is the address on file: whoever files by a link mailed there has proved it,
anybody else says how they know it is the licensee who asks, and staff confirm that.
"""

from workflows import license as licenses
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, Link, Mail, Recipient
from workflows.engine import Guard, Party, Reason
from workflows.facts import TicketFacts
from workflows.guards import LABELS, NEW_PASSWORD, TicketAttempt, license_is, username_known
from workflows.ticket_type import TicketType

PROVED, OWN, BY_ADMIN, BY_STAFF = "link", "self", "agency", "staff"
IDENTITIES = {
    PROVED: "Proved by a link mailed to the address on file",
    OWN: "The licensee, signed in with their own password",
    BY_ADMIN: "The agency’s admin says it is the licensee who asks",
    BY_STAFF: "HAND called the licensee back",
}
ORDINARY = frozenset({"locked", "forgotten"})
HAPPENINGS = {
    "locked": "The license is locked after three wrong passwords",
    "forgotten": "The password is forgotten",
    "other": "Something else",
}


def _stated(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.fields.get("identity") in IDENTITIES:
        return None
    return Reason("Say how you know that it is the licensee who asks.")


def _checked(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.fields.get("identity") == PROVED or attempt.data.get("identity_checked"):
        return None
    return Reason("Check the person against the address on file first.")


def _unproved(attempt: TicketAttempt) -> Reason | None:
    """The form is believed only together with how it came, and from whom."""
    facts = attempt.facts
    by_link = facts.straight is not None and facts.straight.by_link
    alone = facts.filer_ids == {facts.person_id}
    if by_link and alone and facts.fields.get("identity") == PROVED:
        return None
    return Reason("The licensee has not filed it through a link mailed to the address on file.")


def _odd(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.fields.get("happened") in ORDINARY:
        return None
    return Reason("Neither a lock nor a forgotten password is what happened.")


identity_stated: Guard[TicketFacts] = Guard(
    "The one who files says how they know the licensee.", _stated, on_form=True
)
identity_checked: Guard[TicketFacts] = Guard(
    "The person is checked against the address on file.", _checked, on_form=True
)

proved_by_link: Guard[TicketFacts] = Guard(
    "The licensee filed it through a link mailed to the address on file.", _unproved
)
ordinary: Guard[TicketFacts] = Guard("It is a lock or a forgotten password.", _odd)

TYPE = TicketType(
    workflow=ticket_workflow(
        NEW_PASSWORD,
        LABELS[NEW_PASSWORD],
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.LICENSEE, Party.STAFF}),
            fits=license_is(licenses.ACTIVE, licenses.LOCKED),
            needs=(username_known,),
            filing=(identity_stated,),
            approving=(identity_checked,),
            straight=(proved_by_link, ordinary),
            action=AccountAction(Action.UNLOCK),
            completed=(
                Mail("completed", Recipient.LICENSEE, Link.SET_PASSWORD),
                Mail("completed", Recipient.FILER),
            ),
        ),
    ),
    summary="Somebody is locked out or has forgotten the password.",
    for_me="When you are locked out or have forgotten your password.",
    target_days=1,
)
