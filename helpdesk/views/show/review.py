"""The page on which staff look at a document: its pages beside its checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from helpdesk.documents.drawing import CannotDraw, Paged
from helpdesk.models.document import Document
from helpdesk.models.document_mark import DocumentMark, Said
from helpdesk.models.reading import How, ReadingCorrection
from helpdesk.models.ticket import Ticket
from helpdesk.services.letters import Parties
from helpdesk.services.page_images import pages_of
from helpdesk.services.reviews import Finding, Reviewed
from helpdesk.transaction import release
from helpdesk.views.show import pieces
from helpdesk.views.show.document_page import BROKEN, WHY_NOT
from helpdesk.views.show.documents import CHECKED, draft_shown
from helpdesk.views.show.review_places import PageShown, badges, page_of
from helpdesk.views.show.review_readings import (
    LevelShown,
    ValueShown,
    changed,
    level_shown,
    values_shown,
)
from workflows.checking import Verdict
from workflows.common import IN_REVIEW, SUBMITTED
from workflows.dates import in_words

WORDS = {Verdict.PASS: "Fine", Verdict.LOOK: "Look", Verdict.FAIL: "To mend"}
SAID = {Said.FINE: "Seen: fine", Said.DESPITE: "Seen: fine", Said.NOT_FINE: "Not fine"}
HOW_READ = {
    How.FIELDS: "Read from the fields of the form.",
    How.PRINTED: "Read from a printed form: compare what was read with the page.",
    How.NAMES: "Read by the names of the fields: this is not HAND’s own form.",
    How.WEB: "Filled in on the desk’s own page.",
}
BY_HAND = {
    "unread": "No program reads this kind of file. Each check is yours to make.",
    "unknown": "It could not be read: it is a scan, or no worksheet of HAND’s. Each check is yours"
               " to make.",
}  # fmt: skip
NOT_READ = "It could not be read. Each check is yours to make."


@dataclass(frozen=True)
class Wrong:
    """What was sent and could not be taken: at which check or blank, what was typed, and why."""

    about: str
    typed: str
    sentence: str


@dataclass(frozen=True)
class MarkShown:
    """`despite`: accepted all the same."""

    said: str
    fine: bool
    despite: bool
    who: str
    when: pieces.When
    note: str


@dataclass(frozen=True)
class CheckShown:
    """`page` counts from 1; `settled`: nobody has to look at it any more; `take`: the worksheet's
    date, which the request can take over."""

    name: str
    number: int
    label: str
    verdict: str
    words: str
    sentence: str
    on_file: str
    page: int | None
    values: list[ValueShown]
    level: LevelShown | None
    mark: MarkShown | None
    settled: bool
    take: str | None


@dataclass(frozen=True)
class TabShown:
    """One of the documents of the ticket."""

    url: str
    label: str
    name: str
    current: bool
    accepted: bool | None


@dataclass(frozen=True)
class Looked:
    """A ticket and its documents, of which one is looked at."""

    ticket: Ticket
    people: Parties
    all: Sequence[Reviewed]
    one: Reviewed
    corrections: Sequence[ReadingCorrection]


def review_page(looked: Looked, chosen: str, wrong: Wrong | None) -> dict[str, Any]:
    """Context of `documents/review.html`. `chosen`: the check that is open at first. The database
    is let go before anything is drawn."""
    one, document = looked.one, looked.one.document
    checks = _checks(looked)
    context = {
        "ticket": _ticket(looked),
        "document": draft_shown(document),
        "tabs": [_tab(looked, each) for each in looked.all],
        "earlier": _earlier(looked),
        "changed": _changed(looked),
        "checks": checks,
        "chosen": _chosen(checks, chosen),
        "focus": bool(chosen) and wrong is None,
        "how": _how(one),
        "counts": _counts(one),
        "mark": _mark(one.mark),
        "wrong": wrong,
        "mark_url": _url(looked, "mark"),
        "correct_url": _url(looked, "correct"),
        "take_url": _url(looked, "take_date"),
        "may_mark": looked.ticket.open and not document.held,
    }
    drawn = _drawn(one)  # lets the database go
    return context | drawn


def _url(looked: Looked, act: str) -> str:
    return url_for(f"review.{act}", ticket_id=looked.ticket.id,
                   document_id=looked.one.document.id)  # fmt: skip


def _ticket(looked: Looked) -> dict[str, Any]:
    ticket, people = looked.ticket, looked.people
    return {
        "number": ticket.number,
        "type": pieces.type_label(ticket),
        "url": url_for("tickets.show", ticket_id=ticket.id),
        "open": ticket.open,
        "version": ticket.version,
        "state": pieces.state_of(ticket),
        "person": people.licensee.name,
        "agency": people.agency.name if people.agency else None,
        "take_url": url_for("tickets.step", ticket_id=ticket.id, trigger="take")
        if ticket.state == SUBMITTED
        else None,
    }


def _tab(looked: Looked, each: Reviewed) -> TabShown:
    shown = draft_shown(each.document)
    return TabShown(
        url=url_for("review.show", ticket_id=looked.ticket.id, document_id=each.document.id),
        label=shown.kind_label,
        name=shown.name,
        current=each is looked.one,
        accepted=each.accepted if each.mark else None,
    )


def _earlier(looked: Looked) -> list[dict[str, Any]]:
    """What the newest of its kind was sent in place of."""
    counts = {each.document.id for each in looked.all}
    there = (each for each in looked.people.documents if not (each.held or each.gone))
    return [_older(each) for each in there
            if each.kind == looked.one.document.kind and each.id not in counts]  # fmt: skip


def _changed(looked: Looked) -> list[tuple[str, str, str]] | None:
    """Against the last of them; None where there is nothing to compare."""
    document = looked.one.document
    before = [each for each in looked.people.documents
              if each.kind == document.kind and each.id < document.id and each.reading
              and not (each.held or each.gone or each.reading.fault)]  # fmt: skip
    read = document.reading is not None and document.reading.fault is None
    return changed(before[-1], document) if before and read else None


def _older(document: Document) -> dict[str, Any]:
    shown = draft_shown(document)
    return {"name": shown.name, "url": shown.view or shown.url,
            "when": pieces.when(document.created_at)}  # fmt: skip


def _checks(looked: Looked) -> list[CheckShown]:
    numbered = enumerate(looked.one.findings, 1)
    return [_check(number, finding, looked) for number, finding in numbered]


def _check(number: int, finding: Finding, looked: Looked) -> CheckShown:
    check, mark, reading = finding.check, finding.mark, looked.one.document.reading
    page = page_of(finding, reading)
    readable = reading is not None and looked.one.fault is None
    return CheckShown(
        name=check.name,
        number=number,
        label=check.label,
        verdict=finding.verdict.value,
        words=SAID[mark.said] if mark else WORDS[check.verdict],
        sentence=finding.sentence if finding.verdict is Verdict.FAIL else check.sentence,
        on_file=finding.on_file,
        page=None if page is None else page + 1,
        values=values_shown(check, looked.one.document, looked.corrections) if readable else [],
        level=level_shown(check, reading) if reading is not None and readable else None,
        mark=_mark(mark),
        settled=mark is not None or check.verdict is Verdict.PASS,
        take=in_words(check.day) if check.day and looked.ticket.state == IN_REVIEW else None,
    )


def _chosen(checks: Sequence[CheckShown], chosen: str) -> str:
    """The one that was asked for, else the first that is not settled."""
    if any(check.name == chosen for check in checks):
        return chosen
    return next((check.name for check in checks if not check.settled), "")


def _mark(mark: DocumentMark | None) -> MarkShown | None:
    if mark is None:
        return None
    fine, despite = mark.said is not Said.NOT_FINE, mark.said is Said.DESPITE
    when = pieces.when(mark.at)
    return MarkShown(SAID[mark.said], fine, despite, mark.actor_name, when, mark.note)


def _how(one: Reviewed) -> str:
    if one.fault is not None:
        return BY_HAND.get(one.fault, NOT_READ)
    reading = one.document.reading
    return HOW_READ.get(reading.how, "") if reading and one.findings else ""


def _counts(one: Reviewed) -> list[tuple[str, str]]:
    """How many of each: the verdict's name, and words."""
    words = {Verdict.FAIL: "to mend", Verdict.LOOK: "to look at", Verdict.PASS: "fine"}
    counted = ((verdict, len(one.having(verdict))) for verdict in words)
    return [(verdict.value, f"{count} {words[verdict]}") for verdict, count in counted if count]


def _drawn(one: Reviewed) -> dict[str, Any]:
    """The pages, or the sentence why there are none."""
    if one.document.held:
        return {"pages": [], "count": 0, "cannot": CHECKED}
    document, findings, reading = one.document, one.findings, one.document.reading
    document_id, sha256, content_type = document.id, document.sha256, document.content_type
    release()
    try:
        paged = pages_of(sha256, content_type)
    except CannotDraw as error:
        return {"pages": [], "count": 0, "cannot": WHY_NOT.get(error.fault, BROKEN)}
    placed = badges(enumerate(findings, 1), reading, dict(enumerate(paged.pages)))
    return {"pages": _pages(document_id, paged, placed), "count": paged.count, "cannot": None}


def _pages(document_id: int, paged: Paged, placed: Mapping[int, list[Any]]) -> list[PageShown]:
    return [
        PageShown(
            number=number + 1,
            url=url_for("documents.page", document_id=document_id, number=number + 1),
            width=round(page.width) or 1,
            height=round(page.height) or 1,
            badges=placed.get(number, []),
        )
        for number, page in enumerate(paged.pages)
    ]
