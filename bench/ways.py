"""The ways tickets go, step by step, as often as in life."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from workflows.engine import Party, Step
from workflows.facts import TicketFacts
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.registry import ticket_type

TYPES = {NEW_PASSWORD: 55, RECERTIFY: 28, REACTIVATE: 12, NEW_USER: 5}

DONE = ("approve", "setup_started", "provisioned")
ENDED: dict[tuple[str, ...], int] = {
    ("submit", "take", *DONE): 60,
    ("submit", "take", "comment", *DONE): 8,
    ("submit", "take", "ask_for_more", "answer", *DONE): 12,
    ("submit", "take", "ask_for_more", "answer", "note", *DONE): 3,
    ("submit", "take", "reject"): 10,
    ("submit", "withdraw"): 4,
    ("submit", "take", "ask_for_more", "close_no_response"): 3,
}
OPEN: dict[tuple[str, ...], int] = {
    ("submit",): 30,
    ("submit", "take"): 30,
    ("submit", "take", "ask_for_more", "answer"): 10,
    ("submit", "take", "ask_for_more"): 20,
    ("submit", "take", "approve"): 4,
    ("submit", "take", "approve", "setup_started"): 3,
    ("submit", "take", "approve", "setup_started", "provisioning_failed"): 3,
}
WATCHED = ("submit", "take", "comment", "ask_for_more", "answer")

WORDS: dict[str, dict[str, Any]] = {
    "comment": {"message": "We look at it today and will write again as soon as it is done."},
    "note": {"message": "Called the front desk: they know about it."},
    "ask_for_more": {"message": "The second page is not signed. Please sign it and attach it."},
    "answer": {"message": "Here it is, with both signatures."},
    "approve": {"identity_checked": True},
    "reject": {"code": "unsigned", "message": "Have both pages signed, then file it again."},
    "close_no_response": {"message": "The signed second page."},
    "provisioning_failed": {"message": "There is no account of that name."},
}

COURSES = {"basic_privacy": "2026-03-02", "policy_procedure": "2026-03-03",
           "informed_consent": "2026-03-04", "intake": "2026-03-05"}  # fmt: skip
FIELDS: dict[str, dict[str, Any]] = {
    NEW_PASSWORD: {"happened": "locked", "note": "She is at the front desk.", "identity": "agency"},
    REACTIVATE: {"reason": "no_log_in", "note": ""},
    RECERTIFY: {"courses": COURSES, "note": ""},
    NEW_USER: {
        "phone": "313 555 0100", "title": "Case worker", "employment": "employee",
        "supervisor": "Gwen Hughes", "supervisor_email": "gwen.hughes@agency.example",
        "access_level": "agency_staff", "provider": "Emergency Shelter",
        "further_providers": "", "permissions": "", "had_access": "", "replaces": "",
        "courses": COURSES, "note": "",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One step of a ticket, with the states around it."""

    step: Step[TicketFacts]
    source: str
    dest: str


def draw(ways: dict[tuple[str, ...], int], dice: Random) -> tuple[str, ...]:
    return dice.choices(list(ways), list(ways.values()))[0]


def draw_type(dice: Random) -> str:
    return dice.choices(list(TYPES), list(TYPES.values()))[0]


@cache
def turns(type_name: str, way: tuple[str, ...]) -> list[Turn]:
    workflow = ticket_type(type_name).workflow
    state, found = workflow.initial, []
    for trigger in way:
        step = workflow.step_from(state, trigger)
        assert step is not None, f"{trigger} from {state}"
        found.append(Turn(step, state, step.dest or state))
        state = found[-1].dest
    return found


def taken_by(step: Step[TicketFacts]) -> Party:
    """Who takes a step here: whoever files answers, and HAND does what staff may."""
    if step.trigger in {"submit", "answer", "withdraw"}:
        return Party.AGENCY
    return Party.STAFF if Party.STAFF in step.who else Party.SYSTEM
