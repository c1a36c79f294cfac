"""Staff look at what came with a request: what they say of each check and each document, and what
has to be asked for once they have seen all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.document import Document
from helpdesk.models.document_mark import THE_WHOLE, DocumentMark, Marks, Said, marks_of
from helpdesk.models.reading import How, Reading
from helpdesk.models.ticket import Ticket
from helpdesk.services import worksheets
from helpdesk.services.facts import asked_of
from helpdesk.services.letters import Parties
from helpdesk.services.worksheets import Asked
from helpdesk.transaction import hold, transaction
from workflows.checking import Check, Judged, Verdict
from workflows.dates import in_words
from workflows.facts import TicketFacts
from workflows.papers import KINDS, OTHER, PAPERS, missing, place_of
from workflows.registry import ticket_type
from workflows.requirements import COURSE_FIELD
from workflows.training import ACCESS_LEVELS, completed
from workflows.worksheet_places import level_blank

SAYS = {Said.FINE: Verdict.PASS, Said.DESPITE: Verdict.PASS, Said.NOT_FINE: Verdict.FAIL}
NO_GOOD = "We could not accept it as it is."
MEND = "Please mend this and send it again."


@dataclass(frozen=True)
class Finding:
    """A check, and what staff say of it: their word counts before the program's. `on_file`: what a
    person compares the worksheet with, where no program did."""

    check: Check
    mark: DocumentMark | None = None
    on_file: str = ""

    @property
    def verdict(self) -> Verdict:
        return SAYS[self.mark.said] if self.mark else self.check.verdict

    @property
    def sentence(self) -> str:
        """What the agency is told of it."""
        if self.mark and self.mark.note:
            return self.mark.note
        return self.check.sentence or f"We could not see that {_within_a_sentence(self.check)}"


@dataclass(frozen=True)
class Reviewed:
    """A document with its checks. `fault`: why no program could read a worksheet, so that each of
    its checks is a person's to make. `mark`: what staff say of the whole."""

    document: Document
    findings: tuple[Finding, ...] = ()
    fault: str | None = None
    mark: DocumentMark | None = None

    @property
    def accepted(self) -> bool:
        return self.mark is not None and SAYS[self.mark.said] is Verdict.PASS

    @property
    def failing(self) -> list[Finding]:
        return self.having(Verdict.FAIL)

    def having(self, verdict: Verdict) -> list[Finding]:
        return [each for each in self.findings if each.verdict is verdict]

    @property
    def unsettled(self) -> list[str]:
        """Which checks don't pass, in words."""
        left = [*self.failing, *self.having(Verdict.LOOK)]
        if self.fault is not None and not self.failing and left:
            return [f"{len(left)} of its checks were not made one by one."]
        return [each.sentence for each in left]

    @property
    def lacking(self) -> bool:
        """Whether the agency has to do something about it."""
        return not self.accepted and (self.mark is not None or bool(self.failing))


@dataclass(frozen=True)
class Needs:
    """What to ask the agency for: in words, and the papers by their names."""

    message: str
    papers: tuple[str, ...]


def newest(documents: Iterable[Document]) -> list[Document]:
    """Those that count: whoever sends a paper anew means it in place of the earlier one, and one
    whose file is deleted is there no more. Those that the request needs come first."""
    found: dict[object, Document] = {}
    there = (document for document in documents if not document.gone)
    for each in sorted(there, key=lambda document: document.id):
        found[each.id if each.kind == OTHER else each.kind] = each
    return sorted(found.values(), key=lambda document: (place_of(document.kind), document.id))


def review(
    session: Session, ticket: Ticket, people: Parties, facts: TicketFacts
) -> list[Reviewed]:
    """Every document of a ticket that counts, in the order in which they came."""
    current = newest(people.documents)
    marks = marks_of(session, [each.id for each in current])
    agency = people.agency.name if people.agency else None
    asked = asked_of(ticket_type(ticket.type), facts, people.licensee, agency)
    judged = {each.document_id: each for each in facts.worksheets}
    return [_reviewed(each, judged.get(each.id), asked, marks) for each in current]


def _reviewed(
    document: Document, judged: Judged | None, asked: Asked, marks: Marks
) -> Reviewed:
    mark = marks.get((document.id, THE_WHOLE))
    if judged is None or document.held:
        return Reviewed(document, mark=mark)
    checks = by_hand(judged.paper, asked) if judged.by_hand else judged.checks
    known = on_file(asked) if judged.by_hand else {}
    findings = (Finding(each, marks.get((document.id, each.name)), known.get(each.name, ""))
                for each in checks)  # fmt: skip
    return Reviewed(document, tuple(findings), judged.fault, mark)


def by_hand(paper: str, asked: Asked) -> list[Check]:
    """The checks of a worksheet that no program could read: each is for a person to make."""
    found = worksheets.checks(paper, Reading(How.NOT), asked)
    return [replace(check, verdict=Verdict.LOOK, sentence="") for check in found]


def on_file(asked: Asked) -> dict[str, str]:
    """What a worksheet is held against, in words, by the names of the checks."""
    told = completed(asked.fields)
    days = {f"{COURSE_FIELD}{course.name}": f"typed in the request: {in_words(told[course.name])}"
            for course in asked.courses if course.name in told}  # fmt: skip
    level = ACCESS_LEVELS.get(asked.level or "", "")
    known = {"name": asked.name, "username": asked.username, "email": asked.email,
             "agency": asked.agency, "level": level, **days}  # fmt: skip
    return {name: text for name, text in known.items() if text}


def mark(document_id: int, about: str, said: Said, note: str, actor: Actor) -> None:
    """`about`: the name of a check, or `THE_WHOLE`."""
    with transaction() as session:
        hold(session, Document.id, document_id)
        session.add(DocumentMark(
            document_id=document_id, about=about, said=said, note=note.strip(),
            actor_id=actor.person_id, actor_name=actor.name,
        ))  # fmt: skip


def accept(reviewed: Reviewed, note: str, actor: Actor) -> None:
    """The whole document, whatever its checks say: which of them don't pass is kept."""
    despite = reviewed.unsettled
    said = Said.DESPITE if despite else Said.FINE
    mark(reviewed.document.id, THE_WHOLE, said, " ".join([*despite, note.strip()]), actor)


def correct_level(document_id: int, level: str, actor: Actor) -> None:
    """Staff read another access level: that one is ticked, and no other."""
    with transaction():
        for name in ACCESS_LEVELS:
            text = "x" if name == level else ""
            worksheets.correct(document_id, level_blank(name), text, actor)


def needs(reviewed: Sequence[Reviewed], papers: Sequence[str]) -> Needs:
    """`papers`: what the request needs. Empty where there is nothing to ask for."""
    lacking = [each for each in reviewed if each.lacking]
    gone = missing(papers, [each.document.kind for each in reviewed])
    parts = [_part(each) for each in lacking]
    parts += [f"{PAPERS[paper]}:\n– It is missing. Please attach it." for paper in gone]
    brought = {paper for each in lacking for paper in KINDS[each.document.kind].brings}
    brought |= {OTHER for each in lacking if each.document.kind == OTHER}
    named = (paper for paper in (*papers, OTHER) if paper in brought or paper in gone)
    return Needs("\n\n".join([MEND, *parts]) if parts else "", tuple(named))


def _part(reviewed: Reviewed) -> str:
    note = reviewed.mark.note if reviewed.mark else ""
    sentences = [note, *(each.sentence for each in reviewed.failing)]
    told = list(dict.fromkeys(filter(None, sentences))) or [NO_GOOD]
    document = reviewed.document
    kind = KINDS[document.kind].label if document.kind != OTHER else document.name
    return "\n".join([f"{kind}:", *(f"– {sentence}" for sentence in told)])


def _within_a_sentence(check: Check) -> str:
    """A label that begins with a name keeps its capital."""
    first, rest = check.label.split(" ", 1)
    return f"{first.lower() if first in {'The', 'An', 'It'} else first} {rest}"
