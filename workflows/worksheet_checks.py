"""Whether a worksheet is right: a sentence for each thing that is wrong or has to be looked at."""

from collections.abc import Iterator

from workflows import worksheet_rules as rules
from workflows.checking import Check, Known, Rule, Values, Verdict, check
from workflows.papers import PAPERS
from workflows.worksheet_person import newcomer, of_another, recertifies
from workflows.worksheets import NEW_USER, Sheet, newest

RECERTIFICATION: tuple[Rule, ...] = (
    recertifies,
    rules.courses,
    rules.typed,
    rules.signed("user", "the user"),
    rules.verified,
    rules.signed("admin", "the agency admin"),
)
NEWCOMER: tuple[Rule, ...] = (
    newcomer,
    rules.level,
    rules.courses,
    rules.typed,
    rules.agreements,
    rules.signed("user", "the user"),
    rules.signed("admin", "the agency admin"),
    rules.signed("director", "the executive director"),
)


def judge(paper: str, sheet: Sheet | None, values: Values, known: Known) -> list[Check]:
    """Every check of a worksheet that was sent as `paper`. `sheet` None: one of another maker, read
    by its field names."""
    if sheet is not None and sheet.paper != paper:
        return [_wrong_sheet(paper, sheet)]
    if another := of_another(values, known):
        return [another]
    found = list(_paper(sheet, known))
    for rule in NEWCOMER if paper == NEW_USER.paper else RECERTIFICATION:
        found += rule(values, known)
    return found


def _wrong_sheet(paper: str, sheet: Sheet) -> Check:
    """Nothing else about it is worth telling."""
    fault = f"This is a {sheet.title}. Attach the {PAPERS[paper]}."
    return check("paper", f"It is the {PAPERS[paper]}.", fault)


def _paper(sheet: Sheet | None, known: Known) -> Iterator[Check]:
    yield check("version", "The worksheet is the present one.", _version(sheet),
                otherwise=Verdict.LOOK)  # fmt: skip
    if sheet is None:
        return
    label = "The check code is right."
    if known.code_right is None:
        unread = "There is no check code on it that can be read."
        yield check("code", label, unread, otherwise=Verdict.LOOK)
    else:
        yield check("code", label, None if known.code_right else _another(known))


def _version(sheet: Sheet | None) -> str | None:
    if sheet is None:
        return "This is not HAND’s own worksheet: check by hand that it asks for the same."
    if newest(sheet.paper) != sheet:
        return f"This is version {sheet.version} of the worksheet; there is a newer one by now."
    return None


def _another(known: Known) -> str:
    return (
        "The worksheet was made for somebody else or another role. Download the one for"
        f" {known.name}, and fill that in."
    )
