"""The papers a request may need, by the names HAND gives them, and the kinds of documents that
bring them.

One document can bring two papers: the User Agreement and the Code of Ethics are often one file.
"""

from collections.abc import Collection
from dataclasses import dataclass

NEW_USER_WORKSHEET = "new_user_worksheet"
RECERTIFICATION_WORKSHEET = "recertification_worksheet"
USER_AGREEMENT = "user_agreement"
CODE_OF_ETHICS = "code_of_ethics"

PAPERS = {
    NEW_USER_WORKSHEET: "New User License Worksheet",
    RECERTIFICATION_WORKSHEET: "User License Recertification Worksheet",
    USER_AGREEMENT: "User Agreement",
    CODE_OF_ETHICS: "Code of Ethics",
}
WORKSHEETS = (NEW_USER_WORKSHEET, RECERTIFICATION_WORKSHEET)


@dataclass(frozen=True)
class DocumentKind:
    """What somebody says a document is; `brings` names the papers that are in it."""

    name: str
    label: str
    brings: frozenset[str] = frozenset()


AGREEMENT_AND_ETHICS = "agreement_and_ethics"
OTHER = "other"

KINDS = {
    kind.name: kind
    for kind in (
        *(DocumentKind(name, label, frozenset({name})) for name, label in PAPERS.items()),
        DocumentKind(
            AGREEMENT_AND_ETHICS,
            "User Agreement and Code of Ethics in one",
            frozenset({USER_AGREEMENT, CODE_OF_ETHICS}),
        ),
        DocumentKind(OTHER, "Something else"),
    )
}


ORDER = {name: place for place, name in enumerate(KINDS)}


def place_of(kind: str) -> int:
    """In the order in which documents are looked at: worksheets, agreements, then the rest."""
    return ORDER.get(kind, len(ORDER))


def in_a_sentence(paper: str) -> str:
    """What HAND asks for, by its name."""
    return f"the {PAPERS[paper]}" if paper in PAPERS else "another document"


def kinds_for(papers: Collection[str]) -> list[DocumentKind]:
    """The kinds that a request which needs `papers` offers, `other` last."""
    return [kind for kind in KINDS.values() if kind.brings & set(papers) or kind.name == OTHER]


def missing(papers: Collection[str], kinds: Collection[str]) -> list[str]:
    """The papers that documents of these kinds do not bring, in the order they are needed.
    Something else is brought by a document of that kind."""
    brought = {paper for name in kinds if name in KINDS for paper in KINDS[name].brings}
    return [paper for paper in papers if paper not in brought and paper not in kinds]
