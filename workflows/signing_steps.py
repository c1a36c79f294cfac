"""The steps of a request whose worksheet is signed by mailed links.

It is filed while signatures are outstanding, waits for them as for anything else, and goes to HAND
when the last has come. Who signs has no other right than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workflows.effects import Link, Mail, Recipient
from workflows.engine import Guard, Party, Reason, Step
from workflows.facts import TicketFacts
from workflows.guards import TicketAttempt, TicketGuard, says
from workflows.papers import OTHER, WORKSHEETS
from workflows.requirements import DOCUMENT
from workflows.signing import SIGNED_PAGE
from workflows.worksheet_guards import everybody_signed

TicketStep = Step[TicketFacts]

UNSIGNED = "submit_unsigned"
"""The step by which a request is filed that others have still to sign."""

SIGN, DECLINE, ASK_AGAIN, ALL_SIGNED = "sign", "decline_to_sign", "ask_to_sign", "all_signed"

LAST_SIGNED = "last_signed"
"""The step that tells HAND of the last signature where it has the request already, or has asked for
nothing else."""

MEANWHILE = "signed_meanwhile"
"""The step that tells HAND of the last signature where it waits for more."""

MOST_SENT = 10
"""So many links are mailed for one signature, wherever they go; then somebody has to call."""

LINKS = Mail("sign", Recipient.SIGNERS, Link.SIGN)


def _nobody(attempt: TicketAttempt) -> Reason | None:
    asked = attempt.facts.asked_to_sign
    return None if asked else Reason("Nobody is asked to sign by a mailed link.")


somebody_signs: TicketGuard = Guard("Somebody is asked to sign by a mailed link.", _nobody)


def _something_else(attempt: TicketAttempt) -> Reason | None:
    if attempt.facts.awaits_signatures:
        return None
    return Reason("HAND waits for more than signatures.")


only_signatures: TicketGuard = Guard("Nothing but signatures was waited for.", _something_else)


ON_THE_PAGE = "on_page"
"""What an answer or a message says of who has signed the page that comes with it."""


STILL = (
    "{names} can still sign by email, and HAND goes on by itself then. Tick who signed a page "
    "instead, and attach it. If not all of them did, or for anything else, send a message."
)


def _no_page(attempt: TicketAttempt) -> Reason | None:
    if attempt.data.get(ON_THE_PAGE) and OTHER not in (attempt.data.get("kinds") or ()):
        return Reason("Attach the page that they signed.", field=SIGNED_PAGE)
    return None


page_attached: TicketGuard = Guard(
    "Whoever is said to have signed a page has it attached.", _no_page, on_form=True
)


def _worksheet_came(attempt: TicketAttempt) -> list[Reason]:
    came = [kind for kind in attempt.data.get("kinds") or () if kind in WORKSHEETS]
    return [Reason("Send the worksheet as your answer.", field=f"{DOCUMENT}{kind}")
            for kind in dict.fromkeys(came)]  # fmt: skip


no_worksheet: TicketGuard = Guard(
    "A worksheet that is waited for comes as an answer.", _worksheet_came, on_form=True
)


def _unsigned_still(attempt: TicketAttempt) -> Iterator[Reason]:
    facts, kinds = attempt.facts, attempt.data.get("kinds") or ()
    if no_page := _no_page(attempt):
        yield no_page
    elif facts.awaits_signatures and not any(each.paper in kinds for each in facts.worksheets):
        names = " and ".join(each.name for each in facts.asked_to_sign)
        if names:
            yield Reason(STILL.format(names=names), field=ON_THE_PAGE)


signed_on_paper: TicketGuard = Guard(
    "While nothing but signatures is waited for, an answer brings them.",
    lambda attempt: [*_unsigned_still(attempt)],
    on_form=True,
)


def _more(attempt: TicketAttempt) -> Reason | None:
    return None if attempt.facts.asked_for_signatures else Reason("HAND has asked for more.")


asked_for_signatures: TicketGuard = Guard(
    "HAND has asked for nothing but the signatures that were outstanding.", _more
)


def _whom(attempt: TicketAttempt) -> Reason | None:
    asked = {each.who: each for each in attempt.facts.asked_to_sign}
    chosen = asked.get(str(attempt.data.get("who")))
    if chosen is None:
        return Reason("Choose who is asked again.", field="who")
    if chosen.sent >= MOST_SENT:
        words = (f"{chosen.sent} links were mailed for this signature. Call {chosen.name}, or have"
                 " a page signed and attach that.")  # fmt: skip
        return Reason(words, field="who")
    return None


one_of_them: TicketGuard = Guard(
    "One who has not signed is chosen, and few enough links were mailed for that.",
    _whom,
    on_form=True,
)


@dataclass(frozen=True)
class Places:
    """The states that the steps lead from and to."""

    waiting: str
    submitted: str
    in_review: str
    while_open: tuple[str, ...]


def signing_steps(submit: TicketStep, at: Places) -> tuple[TicketStep, ...]:
    """`submit`: how it is filed otherwise."""
    named = says("message", "Name who has still to sign.")
    last: TicketStep = Step(
        LAST_SIGNED, "Tell HAND", "told HAND: all have signed", (at.in_review,), None,
        frozenset({Party.SYSTEM}), guards=(everybody_signed,),
        effects=(Mail("last_signed", Recipient.ASSIGNEE), Mail("all_signed", Recipient.FILER)),
    )  # fmt: skip
    return (
        replace(submit, trigger=UNSIGNED, dest=at.waiting, effects=(*submit.effects, LINKS),
                done="filed the request, and others have still to sign",
                guards=(*submit.guards, somebody_signs, named)),
        Step(SIGN, "Sign", "signed the worksheet", at.while_open, None, frozenset({Party.SIGNER})),
        Step(DECLINE, "I can’t sign this", "can’t sign the worksheet", at.while_open, None,
             frozenset({Party.SIGNER}), guards=(says("message", "Say why you can’t sign."),),
             effects=(Mail("not_signed", Recipient.FILER),
                      Mail("not_signed", Recipient.ASSIGNEE))),
        Step(ASK_AGAIN, "Ask again to sign", "asked again for a signature", at.while_open, None,
             frozenset({Party.AGENCY, Party.LICENSEE, Party.STAFF}), guards=(somebody_signs,
             one_of_them), form="ask_to_sign", effects=(LINKS,)),
        Step(ALL_SIGNED, "Give it to HAND", "gave it to HAND: all have signed", (at.waiting,),
             at.submitted, frozenset({Party.SYSTEM}), guards=(only_signatures, everybody_signed),
             effects=(Mail("all_signed", Recipient.FILER),)),
        replace(last, source=(at.waiting,), dest=at.in_review,
                guards=(asked_for_signatures, everybody_signed)),
        replace(last, trigger=MEANWHILE, source=(at.waiting,),
                effects=(Mail("signed_meanwhile", Recipient.ASSIGNEE),)),
        last,
    )  # fmt: skip
