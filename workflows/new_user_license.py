"""New User License (people also say New User Account): somebody is to work in the HMIS.

It is the one request about a person who may not be on file yet. Filing it asks for the license;
every end but completion lets that request go.
"""

from workflows import license as licenses
from workflows import papers
from workflows.common import OwnRules, ticket_workflow
from workflows.effects import AccountAction, Action, LicenseStep, Link, Mail, Recipient
from workflows.engine import Party
from workflows.guards import LABELS, NEW_USER, for_somebody_else, license_is, not_suspended
from workflows.requirements import (
    answered,
    courses_in_date,
    expiry_of,
    mended_courses,
    nobody_else,
    papers_at_hand,
    papers_attached,
    settled,
    work_email,
)
from workflows.seats import seat_free
from workflows.ticket_type import TicketType
from workflows.training import ACCESS_LEVELS, Purpose
from workflows.worksheet_guards import everybody_signed, worksheets_right, worksheets_right_anew

PAPERS = (papers.NEW_USER_WORKSHEET, papers.USER_AGREEMENT, papers.CODE_OF_ETHICS)
EMPLOYMENT = {"employee": "Employee", "intern": "Intern", "volunteer": "Volunteer"}

papers_there = papers_attached(PAPERS)
courses = courses_in_date(Purpose.NEW_USER)

TYPE = TicketType(
    workflow=ticket_workflow(
        NEW_USER,
        LABELS[NEW_USER],
        OwnRules(
            filers=frozenset({Party.AGENCY, Party.STAFF}),
            fits=license_is(licenses.ABSENT, licenses.NOT_ISSUED, licenses.DELETED),
            still_fits=license_is(licenses.REQUESTED),
            filing=(
                for_somebody_else,
                not_suspended,
                seat_free,
                work_email,
                answered("access_level", "Choose what the person may do.", ACCESS_LEVELS),
                answered("provider", "Name the project the person works for."),
                papers_there,
                worksheets_right,
                courses,
            ),
            approving=(not_suspended, nobody_else, papers_at_hand(PAPERS), everybody_signed,
                       *settled(courses)),
            opening=(LicenseStep("request"),),
            dropped=(LicenseStep("refuse"),),
            amending=(mended_courses(Purpose.NEW_USER), worksheets_right_anew),
            by_link=True,
            action=AccountAction(Action.CREATE),
            completed=(
                Mail("completed", Recipient.LICENSEE, Link.SET_PASSWORD),
                Mail("completed", Recipient.FILER),
            ),
        ),
    ),
    summary="Somebody is new and needs a license.",
    target_days=3,
    papers=PAPERS,
    purpose=Purpose.NEW_USER,
    for_newcomers=True,
    until=expiry_of(Purpose.NEW_USER),
    terms=("provider", "further_providers", "permissions"),
)
