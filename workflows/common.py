"""The states every ticket shares and the steps between them, written once.

A request type brings what is its own: who files it, the guards on filing and approving, the
account action, and the mails of its ending.
"""

from dataclasses import dataclass, replace

from workflows.effects import AccountAction, Effect, LicenseStep, Mail, Recipient
from workflows.engine import Mark, Needs, Party, State, Step, Workflow
from workflows.facts import TicketFacts
from workflows.guards import (
    TicketGuard,
    four_eyes,
    new_hands,
    not_being_deleted,
    not_left_since,
    not_yet_yours,
    one_of,
    says,
    setup_failed,
    something_against,
)
from workflows.requirements import asked_for_attached
from workflows.signing_steps import (
    LINKS,
    UNSIGNED,
    Places,
    no_worksheet,
    page_attached,
    signed_on_paper,
    signing_steps,
)
from workflows.straight import ANY_TYPE, BY_RULE, RULE
from workflows.taken_dates import TAKE_DATES
from workflows.worksheet_guards import dates_contradicted

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
CONVERTED = "converted"

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
    State(CONVERTED, "Converted", final=True, clock_runs=False,
          says="It goes on as a request of the right type."),
)  # fmt: skip
ASKS = ("ask_for_more", "take_in_unfinished", UNSIGNED)
"""The steps after which HAND waits for what they name."""

NOTE = "note"
"""The step that HAND takes for itself: nobody else learns of it."""

DELETED = "documents_deleted"
"""The step by which the history tells of documents whose files are gone."""

EVERYWHERE = tuple(state.name for state in STATES if state.name != NEW)
WHILE_OPEN = tuple(state.name for state in STATES if state.name != NEW and not state.final)

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
MANAGER = frozenset({Party.MANAGER})
SYSTEM = frozenset({Party.SYSTEM})
SUBMITTERS = frozenset({Party.AGENCY, Party.LICENSEE})


def _tell(name: str) -> tuple[Mail, ...]:
    """The same news to the licensee and to the one who filed."""
    return (Mail(name, Recipient.LICENSEE), Mail(name, Recipient.FILER))


_WRITE: TicketStep = Step(
    "write", "Send message", "wrote", tuple(s for s in WHILE_OPEN if s != WAITING), None,
    SUBMITTERS, guards=(says("message", "Write your message."), page_attached), form="write",
    effects=(Mail("written", Recipient.ASSIGNEE),),
)  # fmt: skip
TALK: tuple[TicketStep, ...] = (
    Step("comment", "Send message", "wrote", WHILE_OPEN, None, STAFF,
         guards=(says("message", "Write your message."),), form="message",
         effects=_tell("message")),
    _WRITE,
    replace(_WRITE, source=(WAITING,), guards=(*_WRITE.guards, no_worksheet)),
    Step(NOTE, "Keep as internal note", "noted", EVERYWHERE, None, STAFF,
         guards=(says("message", "Write your note."),), form="message"),
    Step(DELETED, "Delete documents", "deleted documents", EVERYWHERE, None, SYSTEM,
         guards=(says("message", "Say which, and why."),)),
)  # fmt: skip

ANSWER_FIRST = "The agency has to answer first."

REVIEW: tuple[TicketStep, ...] = (
    Step("take", "Take it", "took the ticket", (SUBMITTED,), IN_REVIEW, STAFF,
         marks=frozenset({Mark.ASSIGN_ACTOR}), first="Take it first."),
    Step("take", "Take it over", "took the ticket over", (IN_REVIEW, WAITING), None, STAFF,
         guards=(not_yet_yours,), marks=frozenset({Mark.ASSIGN_ACTOR})),
    Step("ask_for_more", "Ask for more", "asked for more", (IN_REVIEW,), WAITING, STAFF,
         guards=(says("message", "Say what is needed, so that the agency can mend it."),),
         form="ask", effects=_tell("needed"), first="Ask for more first."),
    Step("record_answer", "They answered", "noted the answer", (WAITING,), IN_REVIEW, STAFF,
         guards=(says("message", "Write what they answered."),), form="message",
         effects=(Mail("answered", Recipient.ASSIGNEE),), first=ANSWER_FIRST),
    Step("hand_over", "Hand over", "handed the ticket over", (IN_REVIEW, WAITING, APPROVED), None,
         STAFF, guards=(new_hands,), form="hand_over", marks=frozenset({Mark.ASSIGN_NAMED})),
)  # fmt: skip


@dataclass(frozen=True)
class OwnRules:
    """What a request type adds to the common way.

    `fits` judges the license on filing. `still_fits` (None: the same) judges it on approval and
    again right before the account is changed, since days may lie between. `needs` judge the person
    at all three. `amending` judges what an answer brings. `straight`: what must hold besides where
    the desk may approve by a manager's rule; nothing, where only people do. `opening` and `dropped`
    follow from filing it, and from every end without the account action. `by_link`: its worksheet
    can be signed by mailed links.
    """

    filers: frozenset[Party]
    fits: TicketGuard
    action: AccountAction
    completed: tuple[Effect, ...]
    needs: tuple[TicketGuard, ...] = ()
    filing: tuple[TicketGuard, ...] = ()
    approving: tuple[TicketGuard, ...] = ()
    amending: tuple[TicketGuard, ...] = ()
    straight: tuple[TicketGuard, ...] = ()
    still_fits: TicketGuard | None = None
    opening: tuple[LicenseStep, ...] = ()
    dropped: tuple[LicenseStep, ...] = ()
    by_link: bool = False

    @property
    def ready(self) -> TicketGuard:
        return self.still_fits or self.fits


def ticket_workflow(name: str, label: str, own: OwnRules, version: int = 1) -> TicketWorkflow:
    """The common way of a ticket with one type's own rules on it."""
    filed = _filed(name, own)
    steps = (*filed, *_approved(own), *_straight(own), *REVIEW, *_dated(own), _reminded(own),
             _answered(own), *_dropped(own), *TALK, *_set_up(own))  # fmt: skip
    if own.by_link:
        steps += signing_steps(filed[0], Places(WAITING, SUBMITTED, IN_REVIEW, WHILE_OPEN))
    return Workflow(name, label, STATES, NEW, steps, version)


def _filed(name: str, own: OwnRules) -> tuple[TicketStep, ...]:
    """How a ticket begins: on its form, or in place of another that was of the wrong type."""
    guards = (own.fits, not_being_deleted, *own.needs, *own.filing)
    known_before = (guard for guard in guards if not guard.on_form)
    instead = (*own.opening, *_tell("converted"), *((LINKS,) if own.by_link else ()))
    return (
        Step("submit", "Send request to HAND", "filed the request", (NEW,), SUBMITTED, own.filers,
             guards=guards, form=name, effects=(*own.opening, *_tell("received"))),
        Step("take_in", "Go on as this type", "opened it in place of another request", (NEW,),
             IN_REVIEW, STAFF, guards=guards, effects=instead),
        Step("take_in_unfinished", "Go on as this type, and ask for the rest",
             "opened it in place of another request and asked for more", (NEW,), WAITING, STAFF,
             guards=(*known_before, says("message", "Name what is missing.")),
             effects=instead),
    )  # fmt: skip


def _owed(own: OwnRules) -> tuple[Effect, ...]:
    """What every approval owes, whoever gives it."""
    return (*_tell("approved"), own.action)


def _approved(own: OwnRules) -> tuple[TicketStep, ...]:
    owed = _owed(own)
    approve: TicketStep = Step(
        "approve", "Approve", "approved the request", (IN_REVIEW,), APPROVED, STAFF,
        guards=(four_eyes, not_left_since, own.ready, *own.needs, *own.approving),
        form="approve", effects=owed,
    )  # fmt: skip
    if not own.approving:
        return (approve,)  # there is nothing to go past
    return (
        approve,
        Step("override", "Approve anyway", "approved the request against the rules", (IN_REVIEW,),
             APPROVED, MANAGER, form="override", effects=owed,
             guards=(four_eyes, not_left_since, own.ready, *own.needs,
                     something_against(own.approving),
                     says("message", "Say why it is approved anyway."))),
    )  # fmt: skip


def _straight(own: OwnRules) -> tuple[TicketStep, ...]:
    """The desk's own approval, of what nobody has looked at: all that a person would be asked, and
    the rule's own guards before it."""
    if not own.straight:
        return ()  # this type is for people alone
    guards = (*RULE, *own.straight, *ANY_TYPE, not_left_since, not_being_deleted, own.ready,
              *own.needs, *own.approving)  # fmt: skip
    return (
        Step(BY_RULE, "Approve by rule", "approved the request by rule", (SUBMITTED,), APPROVED,
             SYSTEM, guards=guards, effects=_owed(own)),
    )  # fmt: skip


def _dated(own: OwnRules) -> tuple[TicketStep, ...]:
    """Where a program has read a date wrongly and it was typed so, staff have the worksheet's in
    its place. Whose word that is, and who may approve it then: see `workflows.taken_dates`."""
    if not own.amending:
        return ()  # there are no dates
    return (
        Step(TAKE_DATES, "Take over the worksheet’s dates", "took over dates of the worksheet",
             (IN_REVIEW,), None, STAFF, guards=(dates_contradicted,),
             marks=frozenset({Mark.TAKE_DATES})),
    )  # fmt: skip


def _reminded(own: OwnRules) -> TicketStep:
    """Of links to sign, too: each is mailed anew."""
    links = (LINKS,) if own.by_link else ()
    return Step("remind", "Remind", "reminded of what is needed", (WAITING,), None, SYSTEM,
                guards=(says("asked", "Name what is still needed."),),
                effects=(*_tell("reminder"), *links))  # fmt: skip


def _answered(own: OwnRules) -> TicketStep:
    """Only those who are asked can amend what was filed: staff who did would approve their own."""
    links, paper = ((LINKS,), (signed_on_paper,)) if own.by_link else ((), ())
    return Step("answer", "Send answer", "answered", (WAITING,), IN_REVIEW, SUBMITTERS,
                guards=(says("message", "Write your answer."), asked_for_attached, *paper,
                        *own.amending),
                form="answer",
                effects=(Mail("answered", Recipient.ASSIGNEE), *links),
                marks=frozenset({Mark.AMEND}), first=ANSWER_FIRST)  # fmt: skip


def _dropped(own: OwnRules) -> tuple[TicketStep, ...]:
    """Every way a ticket can end without its account action."""
    why = (one_of("code", REJECTION_CODES, "Choose why it is rejected."),
           says("message", "Say how it can be mended."))  # fmt: skip
    rejected: tuple[Effect, ...] = (*own.dropped, *_tell("rejected"))
    return (
        Step("reject", "Reject", "rejected the request", (IN_REVIEW, WAITING), REJECTED, STAFF,
             guards=why, form="reject", effects=rejected),
        Step("reject", "Reject", "rejected the request", (APPROVED,), REJECTED, STAFF,
             guards=(setup_failed, *why), form="reject", effects=rejected,
             marks=frozenset({Mark.CLEAR_ATTENTION})),
        Step("convert", "Change the type", "changed the type of the request",
             (SUBMITTED, IN_REVIEW, WAITING), CONVERTED, STAFF, form="convert",
             guards=(says("to", "Choose the right type."),), effects=own.dropped,
             marks=frozenset({Mark.CONVERT})),
        Step("withdraw", "Withdraw", "withdrew the request", (SUBMITTED, IN_REVIEW, WAITING),
             WITHDRAWN, SUBMITTERS, form="confirm", effects=(*own.dropped, *_tell("withdrawn"))),
        Step("close_no_response", "Close – no response", "closed it: nobody answered", (WAITING,),
             CLOSED, SYSTEM, guards=(says("message", "Name what nobody has answered."),),
             effects=(*own.dropped, *_tell("closed_no_response"))),
    )  # fmt: skip


def _set_up(own: OwnRules) -> tuple[TicketStep, ...]:
    """The worker's steps: it starts, then reports success or a failure for good. What a person has
    to do waits for staff meanwhile."""
    return (
        Step("setup_started", "Start set-up", "began to change the account", (APPROVED,),
             BEING_SET_UP, SYSTEM, guards=(not_left_since, own.ready, *own.needs),
             marks=frozenset({Mark.CLEAR_ATTENTION})),
        Step("hand_to_staff", "Hand to staff", "gave it to HAND staff to carry out",
             (BEING_SET_UP,), None, SYSTEM, marks=frozenset({Mark.WAIT_FOR_STAFF})),
        Step("provisioned", "Finish", "changed the account", (BEING_SET_UP,), COMPLETED, SYSTEM,
             guards=(not_left_since,), effects=own.completed),
        Step("provisioning_failed", "Report failure", "could not change the account",
             (APPROVED, BEING_SET_UP), APPROVED, SYSTEM, marks=frozenset({Mark.RAISE_ATTENTION})),
    )  # fmt: skip
