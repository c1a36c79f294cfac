"""Documents in words, for `macros/documents.html`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from helpdesk.documents.types import label_of
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.services.page_images import drawable
from helpdesk.services.words import size_in_words
from helpdesk.views.show.pieces import When, when
from workflows.papers import KINDS, kinds_for, missing


@dataclass(frozen=True)
class DocumentShown:
    """`view` is the address of its pages as pictures, empty where there are none; `remove` the one
    that takes a draft off its form; `kind` a name, the others words."""

    id: int
    name: str
    url: str
    kind: str
    kind_label: str
    type: str
    size: str
    view: str = ""
    remove: str = ""
    when: When | None = None
    who: str = ""


def draft_shown(document: Document) -> DocumentShown:
    """Still on a form, and its owner's own."""
    return DocumentShown(
        id=document.id,
        name=document.name,
        url=url_for("documents.show", document_id=document.id),
        kind=document.kind,
        kind_label=KINDS[document.kind].label if document.kind in KINDS else document.kind,
        type=label_of(document.content_type),
        size=size_in_words(document.size),
        view=url_for("documents.view", document_id=document.id)
        if drawable(document.content_type)
        else "",
        remove=url_for("documents.remove", document_id=document.id),
    )


def documents_shown(
    documents: Iterable[Document], people: Mapping[int, Person]
) -> list[DocumentShown]:
    """Attached to a ticket: with who sent them, and when. `people` holds their owners."""
    return [
        DocumentShown(**vars(draft_shown(document)) | {
            "remove": "", "when": when(document.created_at),
            "who": people[document.owner_id].name})
        for document in documents
    ]  # fmt: skip


@dataclass(frozen=True)
class KindShown:
    """A line of the checklist. `needed`: it is a paper of its own; `there`: some file brings it."""

    name: str
    label: str
    brings: list[str]
    needed: bool
    there: bool
    drafts: list[DocumentShown]
    errors: list[str]


@dataclass(frozen=True)
class DocumentBox:
    """`incomplete`: what is wrong is that papers were missing when the form was sent. `ticket_id`
    is the ticket that the form answers, `held` the number of documents there."""

    kinds: list[KindShown]
    incomplete: bool = False
    ticket_id: int | None = None
    held: int = 0

    @property
    def needed(self) -> bool:
        """Whether some paper is still to come."""
        return any(kind.needed and not kind.there for kind in self.kinds)

    @property
    def arrived(self) -> bool:
        """Whether a file has come with this form already."""
        return any(kind.drafts for kind in self.kinds)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each sentence with the name of its kind."""
        return [(kind.name, sentence) for kind in self.kinds for sentence in kind.errors]


def document_box(
    papers: Collection[str],
    drafts: Iterable[Document],
    errors: Mapping[str, list[str]],
    kept: Collection[str] = (),
) -> DocumentBox:
    """The checklist of a form that needs `papers`; `errors` as `uploads.take_files` gives them.
    `kept` are the kinds of what is attached already."""
    shown = [draft_shown(draft) for draft in drafts]
    lacking = missing(papers, [*(draft.kind for draft in shown), *kept])
    return DocumentBox([
        KindShown(
            name=kind.name,
            label=kind.label,
            brings=sorted(kind.brings & set(papers)),
            needed=kind.name in papers,
            there=kind.name in papers and kind.name not in lacking,
            drafts=[draft for draft in shown if draft.kind == kind.name],
            errors=errors.get(kind.name, []),
        )
        for kind in kinds_for(papers)
    ])  # fmt: skip
