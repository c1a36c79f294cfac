"""A worksheet as somebody reads it who is asked to sign, for `sign/page.html`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpdesk.services.signing import Paper, Why
from helpdesk.views.show.pieces import day
from helpdesk.views.show.web_worksheet import STATEMENTS
from workflows.signing import SIGNATURE, SIGNED_ON, says, signers, title_of, unsigned
from workflows.worksheets import MOST_COURSES, Blank, Kind, Part
from workflows.written import day_of


@dataclass(frozen=True)
class ReadPart:
    """`facts`: what is filled in, by the labels of the worksheet."""

    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class SignedLine:
    """`how`: empty where nobody has signed; `mine`: the reader’s own."""

    title: str
    words: str
    how: str
    mine: bool


def parts_read(paper: Paper) -> list[ReadPart]:
    """Every part of the worksheet in which something is filled in; signatures are told apart."""
    texts = paper.reading.texts
    found = (ReadPart(part.title, list(_facts(part, texts))) for part in paper.sheet.parts)
    return [part for part in found if part.facts]


def _facts(part: Part, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if part.courses:
        yield from _courses(texts)
    for blank in (blank for line in part.lines for blank in line):
        text = texts.get(blank.name, "")
        if text and not blank.name.endswith((SIGNATURE, SIGNED_ON)):
            yield _ticked(blank) if blank.kind is Kind.TICK else (blank.label, _as_read(text))


TICKED = {"level": "Access level", "employment": "Works as"}


def _ticked(blank: Blank) -> tuple[str, str]:
    return TICKED[blank.name.partition(".")[0]], blank.label


def _courses(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for line in range(1, MOST_COURSES + 1):
        name, told = texts.get(f"course{line}.name"), texts.get(f"course{line}.day", "")
        if name:
            score = texts.get(f"course{line}.score", "")
            percent = f", score {score.removesuffix('%').strip()} %" if score else ""
            yield name, f"{_as_read(told) or 'no date'}{percent}"


def _as_read(text: str) -> str:
    """A day in words; anything else as it was typed."""
    found = day_of(text)
    return day(found).words if found else text


def lines_signed(paper: Paper) -> list[SignedLine]:
    texts = paper.reading.texts
    return [_line(who, texts, who == paper.asked.who) for who in signers(paper.sheet)]


def _line(who: str, texts: Mapping[str, str], mine: bool) -> SignedLine:
    title = title_of(who)
    name = texts.get(f"{who}{SIGNATURE}", "")
    if name:
        return SignedLine(title, name, texts.get(says(who), ""), mine)
    waits = who in unsigned(texts)
    words = "has still to sign" if waits else "signed a page that is attached"
    return SignedLine(title, "you are asked to sign" if mine else words, "", mine)


def statement(paper: Paper) -> str:
    return STATEMENTS[paper.asked.who]


TITLES = {
    Why.UNKNOWN: "This link does not work",
    Why.SIGNED: "You have signed",
    Why.DECLINED: "You said that you can’t sign this",
    Why.REPLACED: "There is nothing to sign here any more",
    Why.ENDED: "There is nothing to sign here any more",
    Why.CONVERTED: "There is nothing to sign here any more",
    Why.OLD: "This link is too old",
    Why.BUSY: "You have not signed yet",
    Why.NO_LONGER: "This link no longer works",
}
"""Why there is nothing to sign."""

WAYS = {
    Why.UNKNOWN: "A newer one was mailed, perhaps: look for the newest email, and open its link. "
    "Or the address is not all there: copy it in full.",
    Why.SIGNED: "Thank you. There is nothing left for you to do.",
    Why.DECLINED: "{told} was told. If that has changed, ask them to send you the link again.",
    Why.REPLACED: "The worksheet was replaced, or signed on paper. If you are asked to sign a "
    "newer one, an email with its link comes.",
    Why.ENDED: "The request has ended, so nobody needs this signature.",
    Why.CONVERTED: "The request goes on as one of another type. If it still has to be signed, an "
    "email with a new link comes: open that.",
    Why.OLD: "Ask {asker} to send you the link again.",
    Why.BUSY: "The worksheet has changed while you signed it. Open the link in your email "
    "once more, and try again.",
    Why.NO_LONGER: "Your address on file or your role has changed since it was mailed. Ask {asker} "
    "to send the link again, or to ask somebody else.",
}
"""What there is to do then."""


def ending(why: Why, paper: Paper | None) -> tuple[str, str]:
    return TITLES[why], WAYS[why].format(
        told=paper.told if paper else "", asker=paper.filled_in_by if paper else ""
    )
