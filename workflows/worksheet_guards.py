"""Guards on worksheets: what a program could read of one has to be right before it is sent."""

from collections.abc import Collection, Iterator

from workflows.asked import Asked
from workflows.checking import Check, Judged, Verdict
from workflows.engine import Guard, Reason
from workflows.guards import TicketAttempt, TicketGuard
from workflows.papers import OTHER
from workflows.requirements import COURSE_FIELD, DOCUMENT
from workflows.signing import NOT_YET, REFUSED, SIGNED_PAGE, SIGNERS

CLOSED = "The worksheet asks for a password, so HAND can’t open it. Save it without one."


def _unfit(attempt: TicketAttempt) -> list[Reason]:
    faults = _faults(attempt) if attempt.facts.rules.worksheets_block else ()
    return [*faults, *_pages_gone(attempt)]


def _pages_gone(attempt: TicketAttempt) -> Iterator[Reason]:
    """Somebody signed a page, and it is not attached any more."""
    checks = (check for each in attempt.facts.worksheets for check in each.having(Verdict.LOOK))
    if OTHER in attempt.facts.documents or all(check.field != SIGNED_PAGE for check in checks):
        return
    yield Reason("Attach the page with the signatures that the worksheet lacks.", field=SIGNED_PAGE)


def _unfit_anew(attempt: TicketAttempt) -> list[Reason]:
    """Only one that comes with this answer: the others have been judged. Or it says why not."""
    comes = attempt.data.get("kinds") and not attempt.data.get("without")
    return _unfit(attempt) if comes else []


def _faults(attempt: TicketAttempt) -> Iterator[Reason]:
    brought = attempt.data.get("kinds")
    for worksheet in attempt.facts.worksheets:
        if brought is None or worksheet.paper in brought:
            if worksheet.closed:
                yield Reason(CLOSED, field=f"{DOCUMENT}{worksheet.paper}")
            for check in worksheet.having(Verdict.FAIL):
                yield Reason(check.sentence, field=_place(check, worksheet.paper, attempt))


def _place(check: Check, paper: str, attempt: TicketAttempt) -> str:
    """The input that tells the same, if the form has it; else the document."""
    name = check.field or ""
    asked = name.startswith(COURSE_FIELD) or name in attempt.facts.fields
    return name if asked else f"{DOCUMENT}{paper}"


def _agreeing(attempt: TicketAttempt) -> Reason | None:
    """`course`: one that is to be taken over alone."""
    chosen = attempt.data.get("course")
    found = {name for each in attempt.facts.worksheets for name in each.contradicted}
    if chosen in found or (chosen is None and found):
        return None
    return Reason("The dates typed in the request are those on the worksheet.")


dates_contradicted: TicketGuard = Guard(
    "A date typed in the request is not the one on the worksheet.", _agreeing
)


def all_passed(papers: Collection[str]) -> TicketGuard:
    """A program has read each of these worksheets, and each check of them passes: where one cannot
    tell, a person has to."""

    def unmet(attempt: TicketAttempt) -> list[Reason]:
        found = {worksheet.paper: worksheet for worksheet in attempt.facts.worksheets}
        return [reason for paper in papers for reason in _open(found.get(paper))]

    return Guard("A program has read the worksheet, and every check passes.", unmet)


def _open(worksheet: Judged | None) -> list[Reason]:
    if worksheet is None or worksheet.by_hand or not worksheet.checks:
        return [Reason("No program can read the worksheet.")]
    checks = worksheet.checks
    return [Reason(each.sentence) for each in checks if each.verdict is not Verdict.PASS]


def _unsigned(attempt: TicketAttempt) -> list[Reason]:
    """By who was asked, whatever is read of the worksheet by now."""
    asked = attempt.facts.asked_to_sign
    return [Reason(_not_signed(each)) for each in asked]


def _not_signed(asked: Asked) -> str:
    words = REFUSED if asked.declined else NOT_YET
    return words.format(name=asked.name, who=SIGNERS[asked.who], address=asked.address)


everybody_signed: TicketGuard = Guard(
    "Everybody who was asked to sign by a mailed link has signed.", _unsigned
)
worksheets_right: TicketGuard = Guard(
    "What can be read of the worksheet passes every check.", _unfit, on_form=True
)
worksheets_right_anew: TicketGuard = Guard(
    "What can be read of a worksheet that is sent anew passes every check, or the answer says why "
    "not.",
    _unfit_anew,
    on_form=True,
)
