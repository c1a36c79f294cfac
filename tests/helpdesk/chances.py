"""What may happen to the desk: the choices of `desk_machine`, and what is likely among them."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.directory.base import DirectoryBusy, DirectoryRefused
from helpdesk.extensions import db
from helpdesk.mail import MailBusy, MailRefused, MailUncertain
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.services.filing import LeadsElsewhere
from helpdesk.services.gateway import Stale
from tests import filings
from tests.support.fakes import Fails
from workflows import license as life
from workflows.engine import Party, Refused, Step
from workflows.registry import ticket_type, ticket_types

TYPES = sorted(ticket_types())
TRIGGERS = sorted({s.trigger for kind in ticket_types().values() for s in kind.workflow.steps})
LICENSE_TRIGGERS = sorted({step.trigger for step in life.WORKFLOW.steps})
NONSENSE = ["to_completed", "Approve", ""]

MAIL_ENDS = (None, None, None, MailBusy("busy"), MailRefused("refused"), MailUncertain("uncertain"))
DIRECTORY_ENDS = (
    None, None, Fails(DirectoryBusy("busy")), Fails(DirectoryBusy("lost"), after=True),
    Fails(DirectoryRefused("refused")),
)  # fmt: skip

SAM, MANAGER, ADMIN, DESK = 0, 2, 3, 7
STAFF = (0, 1, 2)
SET_UP = {"setup_started", "hand_to_staff", "provisioned", "provisioning_failed"}

triggers = st.sampled_from(TRIGGERS * 3 + NONSENSE)
anybody = st.integers(0, 9)
somebody = st.integers(0, 59)
words = st.fixed_dictionaries(
    {},
    optional={
        "message": st.sampled_from(["", "Which site?", "ü\n=1+1", 7]),
        "code": st.sampled_from(["duplicate", "because", None]),
        "identity_checked": st.booleans(),
        "assignee": anybody,
        "to": st.sampled_from([*TYPES, "wish", "", 7]),
        "another_person": st.booleans(),
        "fields": st.sampled_from([{}, {"courses": {}}, {"note": "More"}]),
    },
)
ALL_WORDS = {
    "message": "Which site?", "code": "duplicate", "identity_checked": True,
    "another_person": True,
}  # fmt: skip
FITS = {
    "new_user_license": {life.ABSENT, life.NOT_ISSUED, life.DELETED},
    "request_new_password": {life.LOCKED, life.ACTIVE},
    "reactivate_license": {life.INACTIVE},
    "recertification": {life.EXPIRED, life.ACTIVE},
}
"""The states of a license in which each type can be filed."""

FLAWS: dict[str, dict[str, Any]] = {
    "empty": {},
    "courses": {"courses": {"basic_privacy": "2031-01-01", "policy_procedure": "2020-02-29"}},
    "identity": {"identity": "psychic"},
    "email": {"email": "ann@gmail.com"},
    "reason": {"reason": "leave", "returned_on": "2031-01-01"},
    "note": {"note": "ü\n=1+1"},
}
flaws = st.sampled_from([None, None, None, "papers", *FLAWS])
"""What is wrong with a form, or only odd about it; `papers`: none is attached."""


def answers(kind: str, flaw: str | None) -> dict[str, Any]:
    if flaw == "empty":
        return {}
    return filings.answers(kind) | FLAWS.get(flaw or "", {})


def papers(kind: str, flaw: str | None) -> tuple[str, ...]:
    return () if flaw == "papers" else ticket_type(kind).papers


def fitting_type(state: str, number: int) -> str:
    """One that can be filed for a license in this state, where there is one."""
    fitting = [kind for kind in TYPES if state in FITS[kind]] or TYPES
    return fitting[number % len(fitting)]


def one_of_each_state() -> list[Ticket]:
    return list({ticket.state: ticket for ticket in db.session.scalars(select(Ticket))}.values())


def open_tickets(kind: str, person_id: int) -> list[int]:
    query = select(Ticket.id).where(Ticket.type == kind, Ticket.person_id == person_id, Ticket.open)
    return list(db.session.scalars(query))


def likely_step(ticket: Ticket, which: int) -> Step[Any] | None:
    """One out of this state, rather one that leads on, else often none: the worker has the turn."""
    workflow = ticket_type(ticket.type).workflow
    here = [s for s in workflow.steps if ticket.state in s.source and s.trigger not in SET_UP]
    leading_on = [s for s in here if s.dest and not workflow.states[s.dest].final]
    if not leading_on and which % 4:
        return None
    weighed = leading_on * 5 + here + [s for s in here if s.trigger == "convert"] * 3
    return weighed[which % len(weighed)] if weighed else None


def fit_for(step: Step[Any], number: int) -> int:
    if Party.STAFF in step.who:
        return STAFF[number % len(STAFF)]
    if Party.MANAGER in step.who:
        return MANAGER
    return ADMIN if Party.AGENCY in step.who else DESK


def declares(ticket: Ticket, trigger: str) -> bool:
    steps = ticket_type(ticket.type).workflow.steps
    return any(step.trigger == trigger and ticket.state in step.source for step in steps)


def outcome(verb: Callable[[], Ticket | License]) -> Ticket | License | Exception:
    """What came of it, a refusal of whatever kind included."""
    try:
        return verb()
    except (Refused, Stale, LeadsElsewhere) as refusal:
        return refusal
