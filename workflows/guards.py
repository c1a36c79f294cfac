"""Rules that several request types share, each with the sentence people read."""

from collections.abc import Collection, Iterable

from workflows import license as licenses
from workflows.engine import Attempt, Guard, Reason
from workflows.facts import TicketFacts
from workflows.taken_dates import readers

TicketAttempt = Attempt[TicketFacts]
TicketGuard = Guard[TicketFacts]

NEW_USER = "new_user_license"
NEW_PASSWORD = "request_new_password"
REACTIVATE = "reactivate_license"
RECERTIFY = "recertification"

LABELS = {
    NEW_USER: "New User License",
    NEW_PASSWORD: "Request New Password",
    REACTIVATE: "Reactivate License",
    RECERTIFY: "Recertification",
}
"""The requests by the names HAND writes: a reason can name one that is not offered yet."""

WAY_BACK: dict[str, tuple[str, str | None]] = {
    licenses.ABSENT: ("has no license yet", NEW_USER),
    licenses.NOT_ISSUED: ("was never given a license", NEW_USER),
    licenses.DELETED: ("had a license that has been deleted", NEW_USER),
    licenses.REQUESTED: ("has a license that is still being made", None),
    licenses.ACTIVE: ("has an active license", NEW_PASSWORD),
    licenses.LOCKED: ("has a locked license", NEW_PASSWORD),
    licenses.INACTIVE: ("has an inactive license", REACTIVATE),
    licenses.EXPIRED: ("has a license that has expired", RECERTIFY),
    licenses.SUSPENDED: ("has a suspended license. Please call HAND about it", None),
}
"""For each license state: how it reads after a person's name, and the request that helps."""


YOURS = {"has": "have", "was": "were"}
STANDS = {
    licenses.ABSENT: "not there yet",
    licenses.NOT_ISSUED: "not issued",
    licenses.DELETED: "deleted",
    licenses.REQUESTED: "asked for",
    licenses.ACTIVE: "active",
    licenses.LOCKED: "locked",
    licenses.INACTIVE: "inactive",
    licenses.EXPIRED: "expired",
    licenses.SUSPENDED: "suspended",
}
"""For each license state how a rule calls it: “The license is …”."""


def license_is(*states: str) -> TicketGuard:
    """The license stands in one of `states`; if not, the reason names the right request."""

    def unmet(attempt: TicketAttempt) -> Reason | None:
        state = attempt.facts.license_state
        if state in states:
            return None
        words, instead = WAY_BACK[state]
        return Reason(f"{_who_has(attempt.facts, words)}.", instead)

    return Guard(f"The license is {_either(STANDS[state] for state in states)}.", unmet)


def _who_has(facts: TicketFacts, words: str) -> str:
    if not facts.about_actor:
        return f"{facts.person_name} {words}"
    verb, _, rest = words.partition(" ")
    return f"You {YOURS.get(verb, verb)} {rest}"


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _not_your_own(attempt: TicketAttempt) -> Reason | None:
    facts = attempt.facts
    if facts.actor_id == facts.person_id:
        return Reason(f"This request is about you. {_others(facts.approvers)}")
    if facts.actor_id in facts.filer_ids:
        return Reason(f"You filed this request. {_others(facts.approvers)}")
    if facts.actor_id in facts.moved_by:
        return Reason(f"{MOVED} {_others(facts.approvers)}")
    if facts.actor_id in facts.read_by | readers(facts.fields):
        return Reason(f"{READ} {_others(facts.approvers)}")
    return None


def _others(approvers: Collection[str]) -> str:
    if not approvers:
        return "Somebody else has to approve it, and nobody else can at the moment."
    return f"Somebody else has to approve it: {', '.join(approvers)}."


MOVED = "You changed the email of the licensee, or of who filed or signs this, not long ago."
READ = "A date or score counts as you read it on the worksheet, not as the program did."

four_eyes: TicketGuard = Guard(
    "The one who approves is neither the one who filed nor the licensee, nor changed their email,"
    " nor read a date or score on the worksheet.",
    _not_your_own,
)


def _for_yourself(attempt: TicketAttempt) -> Reason | None:
    facts = attempt.facts
    if facts.person_id not in facts.filer_ids | {facts.actor_id}:
        return None
    if not facts.about_actor:
        return Reason("Nobody files this for themselves. An admin of the agency can, or HAND.")
    who = _either([*facts.admins, "HAND"])
    return Reason(f"Nobody files this for themselves. Ask {who} to file it for you.")


def _suspended(attempt: TicketAttempt) -> Reason | None:
    if not attempt.facts.suspended:
        return None
    whose = attempt.facts.whose
    return Reason(f"{whose} license was suspended. A HAND manager has to lift that first.")


not_suspended: TicketGuard = Guard("The license is not suspended.", _suspended)


def _being_deleted(attempt: TicketAttempt) -> Reason | None:
    if not attempt.facts.being_deleted:
        return None
    return Reason(f"{attempt.facts.whose} license is being deleted; HAND can keep it.")


not_being_deleted: TicketGuard = Guard("The license is not being deleted.", _being_deleted)


def _no_username(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.has_username:
        return None
    return Reason(
        f"{attempt.facts.whose} username is not on file, so the account cannot be found. "
        "A HAND manager can add it on the person’s page, under Manage."
    )


username_known: TicketGuard = Guard("The person’s username is on file.", _no_username)


def _left(attempt: TicketAttempt) -> Reason | None:
    if not attempt.facts.left_since:
        return None
    name = attempt.facts.person_name
    return Reason(f"{name} has left the agency since this was filed. Reject it, or ask the agency.")


not_left_since: TicketGuard = Guard("The licensee has not left since it was filed.", _left)


def something_against(guards: Collection[TicketGuard]) -> TicketGuard:
    """At least one of `guards` is unmet: there is something to override."""

    def unmet(attempt: TicketAttempt) -> Reason | None:
        if any(guard.reasons(attempt) for guard in guards):
            return None
        return Reason("Nothing speaks against approving it: approve it the ordinary way.")

    return Guard("Something speaks against approving it.", unmet)


for_somebody_else: TicketGuard = Guard(
    "The one who files is not the licensee.", _for_yourself
)


def says(field: str, sentence: str) -> TicketGuard:
    """The form brought a text in `field`."""

    def unmet(attempt: TicketAttempt) -> Reason | None:
        text = attempt.data.get(field)
        return None if isinstance(text, str) and text.strip() else Reason(sentence)

    return Guard(sentence, unmet, on_form=True)


def one_of(field: str, choices: Collection[str], sentence: str) -> TicketGuard:
    """The form brought one of `choices` in `field`."""

    def unmet(attempt: TicketAttempt) -> Reason | None:
        return None if attempt.data.get(field) in choices else Reason(sentence)

    return Guard(sentence, unmet, on_form=True)


def _set_up_failed(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.needs_attention:
        return None
    return Reason("The account is being changed right now. Wait until that is done.")


setup_failed: TicketGuard = Guard("The account action has failed.", _set_up_failed)


def _somebody_else(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.assignee_id is None or attempt.facts.assignee_id != attempt.facts.actor_id:
        return None
    return Reason("It is already yours.")


not_yet_yours: TicketGuard = Guard("Somebody else, or nobody, has the ticket.", _somebody_else)


def _named(attempt: TicketAttempt) -> Reason | None:
    chosen = attempt.data.get("assignee")
    if chosen is None:
        return Reason("Say who takes it over.")
    if chosen not in attempt.facts.takers:
        return Reason("Only HAND staff who can sign in may be given it.")
    if chosen == attempt.facts.assignee_id:
        return Reason("That person already has it.")
    return None


new_hands: TicketGuard = Guard(
    "A colleague of HAND’s who doesn’t have it yet is named.", _named, on_form=True
)
