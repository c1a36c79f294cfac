"""What became of a ticket's effects, in words."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.person import Person
from helpdesk.views.show.pieces import when

MAIL_NAMES = {
    "received": "Received",
    "needed": "Something is needed",
    "reminder": "An answer is still needed",
    "answered": "The agency answered",
    "approved": "Approved",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
    "completed": "Completed",
    "closed_no_response": "Closed without response",
    "message": "A message",
    "written": "The agency wrote",
    "converted": "Changed type",
    "sign": "Please sign",
    "not_signed": "Somebody can’t sign",
    "all_signed": "All have signed",
    "last_signed": "All have signed",
    "signed_meanwhile": "All have signed",
    "expires_soon": "The license expires soon",
    "expired": "The license has expired",
    "idle": "Nobody has logged in",
    "inactivated": "The license is inactive",
    "corrected": "What is on file was corrected",
    "address_left": "The email was changed, to the old address",
    "address_gone": "No email is on file any more",
    "deletion_warning": "The license may be deleted",
    "suspended": "The license is suspended",
    "lifted": "The suspension is lifted",
    "sweep_waits": "The daily sweep waits",
    "rule_stopped": "A rule has stopped by itself",
    "log_ins_old": "Newer log-ins are needed",
}
ACTION_NAMES = {
    "create": "Create the account of {}",
    "unlock": "Unlock the account of {}",
    "reactivate": "Reactivate the account of {}",
    "deactivate": "Deactivate the account of {}",
    "delete": "Delete the account of {}",
    "extend": "Extend the account of {}",
    "correct": "Correct name and email of {}",
}


@dataclass(frozen=True)
class Fate:
    """A line of “Sent and done”."""

    what: str
    fate: str
    words: str
    url: str | None = None


def what_of(effect: Effect, person: Person) -> str:
    """“Completed” to a name: the address is the person's own business."""
    if effect.kind is Kind.ACCOUNT:
        action = effect.payload["action"]
        return ACTION_NAMES.get(action, f"{action.capitalize()} the account of {{}}").format(
            person.name
        )
    name = effect.payload["folders"][0].rpartition("/")[2]
    words = MAIL_NAMES.get(name, name.replace("_", " ").capitalize())
    return f"Email “{words}” to {reader_of(effect, person)}"


def reader_of(effect: Effect, person: Person) -> str:
    """The name of whoever a mail goes to: it may be somebody who is not on file."""
    return str((effect.payload.get("to") or {}).get("name") or person.name)


def fate_of(effect: Effect, person: Person) -> Fate:
    what = what_of(effect, person)
    settled = when(effect.settled_at).words if effect.settled_at else ""
    done = "Sent" if effect.kind is Kind.MAIL else "Done"
    if effect.status is Status.DONE:
        return Fate(what, "done", f"{done} {settled}")
    if effect.status is Status.DEAD:
        return Fate(what, "failed", f"Failed: {effect.error}", url_for("effects.index"))
    if effect.status in {Status.GIVEN_UP, Status.RECALLED}:
        word = "Given up" if effect.status is Status.GIVEN_UP else "Recalled"
        return Fate(what, effect.status.value, f"{word} {settled}: {effect.closed_reason}")
    if effect.status is Status.HANDED_OVER:
        return Fate(what, "waiting", "Waits for staff to carry it out")
    if effect.error:
        again = when(effect.due_at).words
        return Fate(what, "waiting", f"Tried {effect.attempts} times; next {again}. {effect.error}")
    return Fate(what, "waiting", "On its way")
