"""The life of a license: which steps there are, who takes them, and what follows from each."""

from collections.abc import Callable
from dataclasses import replace

from workflows.effects import AccountAction, Action, Effect, Mail, Recipient
from workflows.engine import Mark, Party, State, Step, Workflow
from workflows.license_facts import (
    ABSENT,
    ACTIVE,
    CHANGES,
    DELETED,
    EXPIRED,
    HELD,
    INACTIVE,
    LOCKED,
    NOT_ISSUED,
    REQUESTED,
    SUSPENDED,
    LicenseFacts,
    after,
    strongest,
)
from workflows.license_guards import (
    decided,
    for_people,
    going,
    leaving,
    moving,
    no_departure,
    no_move,
    not_away,
    not_ones_own,
    proposed,
    seat_there,
    still_there,
    suspended,
    undecided,
    where_to,
    why_kept,
    why_lifted,
    why_suspended,
    with_a_day,
)

__all__ = [
    "ABSENT",
    "ACTIVE",
    "CHANGES",
    "DELETED",
    "EXPIRED",
    "HELD",
    "INACTIVE",
    "LOCKED",
    "MOVE",
    "NOT_ISSUED",
    "REQUESTED",
    "STATES",
    "SUSPENDED",
    "SYSTEM",
    "WORKFLOW",
    "LicenseFacts",
    "after",
    "strongest",
]

LicenseStep = Step[LicenseFacts]
SYSTEM = frozenset({Party.SYSTEM})
STAFF = frozenset({Party.STAFF})
MANAGER = frozenset({Party.MANAGER})
REPORTERS = frozenset({Party.AGENCY, Party.STAFF, Party.SYSTEM})
"""Who reports a departure or a leave; the desk itself, once the day that was told has come."""

MOVERS = STAFF | SYSTEM
"""Who moves somebody to another agency; the desk itself, once the day that was planned has come."""

DEACTIVATE = AccountAction(Action.DEACTIVATE)
OPEN = AccountAction(Action.REACTIVATE)

LOCK_MAILS = (Mail("locked", Recipient.LICENSEE),)
MISSED_MAILS = (Mail("log_in_missed", Recipient.ADMINS), Mail("log_in_missed", Recipient.STAFF))


def _tell(name: str) -> tuple[Mail, ...]:
    """The same news to the licensee and to the agency's admins."""
    return (Mail(name, Recipient.LICENSEE), Mail(name, Recipient.ADMINS))


def _tell_both(name: str) -> tuple[Mail, ...]:
    """The same news to the licensee and to the admins of both agencies."""
    to = (Recipient.LICENSEE, Recipient.FORMER_ADMINS, Recipient.NEW_ADMINS)
    return tuple(Mail(name, each) for each in to)


def _leads_to(trigger: str, dest: str) -> Callable[[LicenseFacts], bool]:
    return lambda facts: strongest(after(trigger, facts)) == dest


def _ways(
    trigger: str,
    label: str,
    done: str,
    who: frozenset[Party],
    effects: tuple[Effect, ...] = (),
    advice: tuple[Mail, ...] = (),
) -> list[LicenseStep]:
    """Every way a change of facts can lead, one step for each state it can end in. `advice` is
    mailed unless the license is suspended: then only HAND can help."""
    return [
        Step(
            trigger=trigger,
            label=label,
            done=done,
            source=(source,),
            dest=dest if dest != source else None,
            who=who,
            effects=effects + (advice if source != SUSPENDED else ()),
            when=_leads_to(trigger, dest),
        )
        for source in HELD
        for dest in HELD
        if _possible(trigger, source, dest)
    ]


def _possible(trigger: str, source: str, dest: str) -> bool:
    """Whether some set of facts that shows `source` can show `dest` after the step."""
    bits = (False, True)
    everything = (
        LicenseFacts(a, b, c, d) for a in bits for b in bits for c in bits for d in bits
    )
    return any(
        strongest(facts) == source and strongest(after(trigger, facts)) == dest
        for facts in everything
    )


STATES = (
    State(ABSENT, "No license"),
    State(REQUESTED, "Requested"),
    State(NOT_ISSUED, "Not issued"),
    State(ACTIVE, "Active"),
    State(LOCKED, "Locked"),
    State(INACTIVE, "Inactive"),
    State(EXPIRED, "Expired"),
    State(SUSPENDED, "Suspended"),
    State(DELETED, "Deleted", final=True),
)
EVERYWHERE = tuple(state.name for state in STATES)
NOT_HELD = tuple(name for name in EVERYWHERE if name not in HELD)
MOVE = "move"


def _shows(dest: str) -> Callable[[LicenseFacts], bool]:
    return lambda facts: strongest(facts) == dest


TAKEN_BACK = [
    Step("disown", "Take back", "took the license back, which an import had brought",
         (*HELD, DELETED), ABSENT, SYSTEM),
    *(Step("take_back", "Take back", "took back what an import had brought", (*HELD, DELETED),
           dest, SYSTEM, when=_shows(dest)) for dest in HELD),
]  # fmt: skip
"""The undo of an import: judged by the facts as they were before it."""

BIRTH_AND_DEATH: list[LicenseStep] = [
    Step("request", "Request a license", "asked for the license", (ABSENT, NOT_ISSUED, DELETED),
         REQUESTED, SYSTEM),
    Step("refuse", "Do not issue", "ended the request for the license", (REQUESTED,), NOT_ISSUED,
         SYSTEM, when=lambda facts: not facts.deleted),
    Step("refuse", "Do not issue", "ended the request for the license", (REQUESTED,), DELETED,
         SYSTEM, when=lambda facts: facts.deleted),
    Step("create", "Create", "created the license", (REQUESTED,), ACTIVE, SYSTEM,
         when=lambda facts: not facts.suspended),
    Step("create", "Create", "created the license", (REQUESTED,), SUSPENDED, SYSTEM,
         when=lambda facts: facts.suspended),
    Step("miss_log_in", "Note the missing log-in", "saw no log-in after the reactivation", HELD,
         None, SYSTEM, effects=MISSED_MAILS),
    Step("remind", "Remind of the expiry", "sent a reminder of the expiry",
         (ACTIVE, LOCKED, INACTIVE), None, SYSTEM, effects=_tell("expires_soon")),
    Step("notice_idle", "Notice of no log-in", "sent a notice that nobody logs in", (ACTIVE,),
         None, SYSTEM, effects=_tell("idle")),
    Step("adopt", "Take over", "took the license over as the HMIS lists it", (ABSENT,), ACTIVE,
         SYSTEM),
    Step("note_roster", "Note what the HMIS says", "noted what the HMIS says of the license", HELD,
         None, SYSTEM),
    Step("warn_deletion", "Warn of the deletion", "warned that it may be deleted",
         (INACTIVE, EXPIRED), None, SYSTEM, effects=_tell("deletion_warning")),
    Step("propose_deletion", "Propose to delete", "proposed to delete the license",
         (INACTIVE, EXPIRED), None, SYSTEM),
    Step("confirm_deletion", "Confirm the deletion", "confirmed the deletion", HELD, None, STAFF,
         guards=(proposed, undecided, not_ones_own), effects=(AccountAction(Action.DELETE),)),
    Step("keep", "Keep the license", "decided to keep the license", HELD, None, STAFF,
         guards=(proposed, not_ones_own, why_kept)),
    Step("delete", "Delete", "deleted the license", HELD, DELETED, SYSTEM, guards=(decided,),
         marks=frozenset({Mark.SIGN_OUT, Mark.FORGET_SECRETS})),
    Step("note_deletion", "Note the deletion", "noted that the HMIS has deleted the license", HELD,
         DELETED, SYSTEM),
]  # fmt: skip

MOVE_LABEL = "Move to another agency"
MOVES: list[LicenseStep] = [
    Step(MOVE, MOVE_LABEL, "moved the license to another agency", HELD, None, MOVERS,
         guards=(where_to, seat_there), effects=_tell_both("moved"),
         marks=frozenset({Mark.END_ROLES}), when=lambda facts: not facts.unassigned),
    Step(MOVE, MOVE_LABEL, "moved the license to another agency", NOT_HELD, None, MOVERS,
         guards=(where_to,), marks=frozenset({Mark.END_ROLES}),
         when=lambda facts: not facts.unassigned),
    Step(MOVE, MOVE_LABEL, "gave the license to an agency", EVERYWHERE, None, MOVERS,
         guards=(where_to, seat_there), when=lambda facts: facts.unassigned),
    Step("plan_move", "Plan a move to another agency", "planned a move to another agency", HELD,
         None, STAFF, guards=(still_there, no_departure, with_a_day, where_to, seat_there),
         effects=_tell_both("move_planned")),
    Step("cancel_move", "Take the move back", "took the planned move back", HELD, None, STAFF,
         guards=(moving,), effects=_tell_both("move_canceled")),
    Step("miss_move", "Drop a move to an inactive agency",
         "did not move the license: the other agency is inactive", HELD, None, SYSTEM,
         guards=(moving,), effects=(Mail("move_missed", Recipient.STAFF),)),
]
"""Between agencies; one that belonged to none is given to one, and nobody need hear of it."""

ABSENCES: list[LicenseStep] = [
    Step("plan_departure", "Report a departure to come", "reported a departure to come", HELD,
         None, REPORTERS, guards=(still_there, no_move, with_a_day),
         effects=_tell("departure_planned")),
    Step("plan_leave", "Report a leave to come", "reported a leave of absence to come", HELD, None,
         REPORTERS, guards=(still_there, not_away, with_a_day), effects=_tell("leave_planned")),
    Step("cancel_departure", "Take the report back", "took the reported departure back", HELD,
         None, REPORTERS, guards=(leaving,), effects=_tell("departure_canceled")),
    Step("cancel_leave", "Take the report back", "took the reported leave back", HELD, None,
         REPORTERS, guards=(going,), effects=_tell("leave_canceled")),
    Step("end_leave", "Note the end of the leave", "noted that the leave was to end", HELD, None,
         SYSTEM, effects=_tell("leave_over")),
    *(
        replace(step, guards=(still_there, for_people(no_move), with_a_day),
                marks=frozenset({Mark.SIGN_OUT, Mark.END_ROLES}))
        for step in _ways("depart", "Report a departure", "reported that the licensee has left",
                          REPORTERS, (DEACTIVATE, *_tell("departed")))
    ),
    *(
        replace(step, guards=(still_there, with_a_day))
        for step in _ways("take_leave", "Report a leave", "reported a leave of absence", REPORTERS,
                          (DEACTIVATE, *_tell("on_leave")))
    ),
]  # fmt: skip

SUSPENSION: list[LicenseStep] = [
    *(
        replace(step, guards=(not_ones_own, why_suspended), marks=frozenset({Mark.SIGN_OUT}))
        for step in _ways("suspend", "Suspend", "suspended the license", STAFF,
                          (DEACTIVATE, *_tell("suspended")))
        if step.source != (SUSPENDED,)
    ),
    *(
        replace(step, guards=(not_ones_own, why_lifted),
                effects=(*((OPEN,) if step.dest in {ACTIVE, LOCKED} else ()), *step.effects))
        for step in _ways("lift", "Lift the suspension", "lifted the suspension", MANAGER,
                          _tell("lifted"))
        if step.source == (SUSPENDED,)
    ),
    Step("lift", "Lift the suspension", "lifted the suspension", (REQUESTED, DELETED), None,
         MANAGER, guards=(suspended, not_ones_own, why_lifted), effects=_tell("lifted")),
]  # fmt: skip
"""A suspension outlives the license: whoever is hired again waits until a manager has lifted it."""

WORKFLOW: Workflow[LicenseFacts] = Workflow(
    name="license",
    label="License",
    states=STATES,
    initial=ABSENT,
    steps=[
        *BIRTH_AND_DEATH,
        *TAKEN_BACK,
        *_ways("lock", "Lock", "locked the license", SYSTEM, LOCK_MAILS),
        *_ways("unlock", "Unlock", "unlocked the license", SYSTEM),
        *_ways("inactivate", "Inactivate", "inactivated the license", SYSTEM,
               advice=_tell("inactivated")),
        *_ways("reactivate", "Reactivate", "reactivated the license", SYSTEM),
        *_ways("expire", "Expire", "let the license expire", SYSTEM,
               advice=_tell("expired")),
        *_ways("lapse", "Expire after a departure", "let the license of somebody who left expire",
               SYSTEM),
        *_ways("extend", "Extend", "extended the license", SYSTEM),
        *_ways("note_renewal", "Note the renewal", "noted that the HMIS has renewed the license",
               SYSTEM),
        *_ways("note_inactive", "Note the inactivation",
               "noted that the HMIS has inactivated the license", SYSTEM),
        *_ways("note_lock", "Note the lock", "noted that the HMIS has locked the license", SYSTEM),
        *MOVES,
        *ABSENCES,
        *SUSPENSION,
    ],
)  # fmt: skip
