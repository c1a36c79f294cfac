"""Recertification: the yearly renewal, with the worksheet and every required course in date."""

from workflows import papers
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.engine import Party
from workflows.guards import LABELS, RECERTIFY, username_known
from workflows.requirements import (
    courses_in_date,
    expiry_of,
    mended_courses,
    papers_attached,
    renewable,
    settled,
)
from workflows.seats import seat_free
from workflows.ticket_type import TicketType
from workflows.training import Purpose
from workflows.worksheet_guards import worksheets_right, worksheets_right_anew

PAPERS = (papers.RECERTIFICATION_WORKSHEET,)

worksheet_there = papers_attached(PAPERS)
courses = courses_in_date(Purpose.YEARLY)

TYPE = TicketType(
    workflow=ticket_workflow(
        RECERTIFY,
        LABELS[RECERTIFY],
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.LICENSEE, Party.STAFF}),
            fits=renewable,
            needs=(username_known,),
            filing=(seat_free, worksheet_there, courses, worksheets_right),
            approving=(seat_free, *settled(worksheet_there, courses)),
            amending=(mended_courses(Purpose.YEARLY), worksheets_right_anew),
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
