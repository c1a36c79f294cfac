"""The states every ticket shares and the steps between them, written once.

A request type brings what is its own: who files it, the guards on filing and approving, the
account action, and the mails of its ending.
"""

from dataclasses import dataclass

from workflows.effects import AccountAction, Effect, Mail, Recipient
from workflows.engine import Mark, Needs, Party, State, Step, Workflow
from workflows.facts import TicketFacts
from workflows.guards import (
    TicketGuard,
    four_eyes,
    new_hands,
    not_yet_yours,
    one_of,
    says,
    setup_failed,
)

TicketStep = Step[TicketFacts]
TicketWorkflow = Workflow[TicketFacts]

NEW = "new"
SUBMITTED = "submitted"
IN_REVIEW = "in_review"
WAITING = "waiting"
APPROVED = "approved"
BEING_SET_UP = "being_set_up"
COMPLETED = "completed"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
CLOSED = "closed_no_response"

STATES = (
    State(NEW, "New", Needs.AGENCY),
    State(SUBMITTED, "Submitted", Needs.STAFF,
          says="HAND has the request and will look at it."),
    State(IN_REVIEW, "In Review", Needs.STAFF, says="HAND is checking the request."),
    State(WAITING, "Waiting on Agency", Needs.AGENCY, clock_runs=False,
          says="HAND needs an answer before it can go on."),
    State(APPROVED, "Approved", Needs.SYSTEM, says="Approved. The account is changed next."),
    State(BEING_SET_UP, "Being Set Up", Needs.SYSTEM, says="The account is being changed."),
    State(COMPLETED, "Completed", final=True, clock_runs=False, says="Done."),
    State(REJECTED, "Rejected", final=True, clock_runs=False, says="HAND could not approve it."),
    State(WITHDRAWN, "Withdrawn", final=True, clock_runs=False, says="It was withdrawn."),
    State(CLOSED, "Closed – no response", final=True, clock_runs=False,
          says="It was closed because nobody answered."),
)  # fmt: skip

REJECTION_CODES = {
    "missing_document": "A document is missing",
    "unsigned": "A document is not signed",
    "wrong_form": "The wrong form was used",
    "unauthorized": "The submitter may not file this request",
    "courses": "Courses are incomplete or out of date",
    "duplicate": "It repeats another request",
    "personal_email": "The email address is a personal one",
    "unknown_person": "The person is not known to us",
    "no_license": "No license is available",
}

STAFF = frozenset({Party.STAFF})
SYSTEM = frozenset({Party.SYSTEM})
SUBMITTERS = frozenset({Party.AGENCY, Party.LICENSEE})


def _tell(name: str) -> tuple[Mail, ...]:
    """The same news to the licensee and to the one who filed."""
    return (Mail(name, Recipient.LICENSEE), Mail(name, Recipient.FILER))


REVIEW: tuple[TicketStep, ...] = (
    Step("take", "Take it", "took the ticket", (SUBMITTED,), IN_REVIEW, STAFF,
         marks=frozenset({Mark.ASSIGN_ACTOR})),
    Step("take", "Take it over", "took the ticket over", (IN_REVIEW, WAITING), None, STAFF,
         guards=(not_yet_yours,), marks=frozenset({Mark.ASSIGN_ACTOR})),
    Step("ask_for_more", "Ask for more", "asked for more", (IN_REVIEW,), WAITING, STAFF,
         guards=(says("message", "Say what is needed, so that the agency can mend it."),),
         form="message", effects=_tell("needed")),
    Step("answer", "Send answer", "answered", (WAITING,), IN_REVIEW, SUBMITTERS | STAFF,
         guards=(says("message", "Write your answer."),), form="message",
         effects=(Mail("answered", Recipient.ASSIGNEE),)),
    Step("reject", "Reject", "rejected the request", (IN_REVIEW,), REJECTED, STAFF,
         guards=(one_of("code", REJECTION_CODES, "Choose why it is rejected."),
                 says("message", "Say how it can be mended.")),
         form="reject", effects=_tell("rejected")),
    Step("hand_over", "Hand over", "handed the ticket over", (IN_REVIEW, WAITING, APPROVED), None,
         STAFF, guards=(new_hands,), form="hand_over", marks=frozenset({Mark.ASSIGN_NAMED})),
    Step("withdraw", "Withdraw", "withdrew the request", (SUBMITTED, IN_REVIEW, WAITING),
         WITHDRAWN, SUBMITTERS, form="confirm", effects=_tell("withdrawn")),
    Step("close_no_response", "Close – no response", "closed it: nobody answered", (WAITING,),
         CLOSED, SYSTEM, guards=(says("message", "Name what nobody has answered."),),
         effects=_tell("closed_no_response")),
)  # fmt: skip

AFTER_A_FAILURE: TicketStep = Step(
    "reject", "Reject", "rejected the request", (APPROVED,), REJECTED, STAFF,
    guards=(setup_failed, one_of("code", REJECTION_CODES, "Choose why it is rejected."),
            says("message", "Say how it can be mended.")),
    form="reject", effects=_tell("rejected"), marks=frozenset({Mark.CLEAR_ATTENTION}),
)  # fmt: skip


@dataclass(frozen=True)
class OwnRules:
    """What a request type adds to the common way.

    `fits` judges the license, and is asked three times: on filing, on approval, and again right
    before the account is changed, since days may lie between.
    """

    filers: frozenset[Party]
    fits: TicketGuard
    action: AccountAction
    completed: tuple[Effect, ...]
    filing: tuple[TicketGuard, ...] = ()
    approving: tuple[TicketGuard, ...] = ()


def ticket_workflow(name: str, label: str, own: OwnRules, version: int = 1) -> TicketWorkflow:
    """The common way of a ticket with one type's own rules on it."""
    submit: TicketStep = Step(
        "submit", "Send request to HAND", "filed the request", (NEW,), SUBMITTED, own.filers,
        guards=(own.fits, *own.filing), form=name, effects=_tell("received"),
    )  # fmt: skip
    approve: TicketStep = Step(
        "approve", "Approve", "approved the request", (IN_REVIEW,), APPROVED, STAFF,
        guards=(four_eyes, own.fits, *own.approving), form="approve",
        effects=(*_tell("approved"), own.action),
    )  # fmt: skip
    steps = (submit, approve, *REVIEW, AFTER_A_FAILURE, *_set_up(own))
    return Workflow(name, label, STATES, NEW, steps, version)


def _set_up(own: OwnRules) -> tuple[TicketStep, ...]:
    """The worker's steps: it starts, then reports success or a failure for good."""
    return (
        Step("setup_started", "Start set-up", "began to change the account", (APPROVED,),
             BEING_SET_UP, SYSTEM, guards=(own.fits,), marks=frozenset({Mark.CLEAR_ATTENTION})),
        Step("provisioned", "Finish", "changed the account", (BEING_SET_UP,), COMPLETED, SYSTEM,
             effects=own.completed),
        Step("provisioning_failed", "Report failure", "could not change the account",
             (APPROVED, BEING_SET_UP), APPROVED, SYSTEM, marks=frozenset({Mark.RAISE_ATTENTION})),
    )  # fmt: skip
