"""Recertification: the yearly renewal, with the worksheet and every required course in date."""

from workflows import papers
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.engine import Guard, Party, Reason
from workflows.guards import LABELS, RECERTIFY, TicketAttempt, TicketGuard, username_known
from workflows.requirements import (
    courses_in_date,
    expiry_of,
    mended_courses,
    papers_at_hand,
    papers_attached,
    renewable,
    settled,
    worth_it,
)
from workflows.seats import seat_free
from workflows.ticket_type import TicketType
from workflows.training import Purpose
from workflows.worksheet_guards import (
    all_passed,
    everybody_signed,
    worksheets_right,
    worksheets_right_anew,
)

PAPERS = (papers.RECERTIFICATION_WORKSHEET,)

worksheet_there = papers_attached(PAPERS)
courses = courses_in_date(Purpose.YEARLY)


def _own(attempt: TicketAttempt) -> Reason | None:
    """A typed signature of an admin is a word like any other, unless an admin sends it."""
    if attempt.facts.person_id not in attempt.facts.filer_ids:
        return None
    return Reason("The licensee filed it: nobody else has looked at the worksheet.")


filed_for_another: TicketGuard = Guard("An admin of the agency filed it.", _own)

TYPE = TicketType(
    workflow=ticket_workflow(
        RECERTIFY,
        LABELS[RECERTIFY],
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.LICENSEE, Party.STAFF}),
            fits=renewable,
            needs=(username_known,),
            filing=(seat_free, worksheet_there, worksheets_right, courses),
            approving=(seat_free, papers_at_hand(PAPERS), everybody_signed, *settled(courses)),
            amending=(mended_courses(Purpose.YEARLY), worksheets_right_anew),
            straight=(filed_for_another, all_passed(PAPERS), worth_it(Purpose.YEARLY)),
            by_link=True,
            action=AccountAction(Action.EXTEND),
            completed=(Mail("completed", Recipient.LICENSEE), Mail("completed", Recipient.FILER)),
        ),
    ),
    summary="A license has expired, or soon will.",
    for_me="When your license has expired, or soon will.",
    target_days=2,
    papers=PAPERS,
    purpose=Purpose.YEARLY,
    until=expiry_of(Purpose.YEARLY),
)
