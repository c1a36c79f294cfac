"""Documents in words, for `macros/documents.html`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from helpdesk.documents.types import label_of
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.services.page_images import drawable
from helpdesk.services.words import local, size_in_words
from helpdesk.services.worksheets import replaced
from helpdesk.views.show.pieces import When, when
from helpdesk.views.show.worksheets import WorksheetShown, worksheets_shown
from workflows.checking import Judged
from workflows.dates import in_words
from workflows.papers import KINDS, kinds_for, missing, place_of
from workflows.worksheets import newest


@dataclass(frozen=True)
class DocumentShown:
    """`url` is empty while nobody is given it, and `note` says why. `view` is the address of its
    pages as pictures, empty where there are none; `remove` the one that takes a draft off its form;
    `kind` a name, the others words. `worksheet`: what its checks say, of a worksheet; `replaced`:
    a newer one has come instead."""

    id: int
    name: str
    url: str
    kind: str
    kind_label: str
    type: str
    size: str
    view: str = ""
    note: str = ""
    remove: str = ""
    when: When | None = None
    who: str = ""
    worksheet: WorksheetShown | None = None
    replaced: bool = False


def draft_shown(document: Document, worksheet: WorksheetShown | None = None) -> DocumentShown:
    """Still on a form, and its owner's own."""
    there = not (document.held or document.gone)
    return DocumentShown(
        id=document.id,
        name=document.name,
        url=url_for("documents.show", document_id=document.id) if there else "",
        kind=document.kind,
        kind_label=KINDS[document.kind].label if document.kind in KINDS else document.kind,
        type=label_of(document.content_type),
        size=size_in_words(document.size),
        view=url_for("documents.view", document_id=document.id)
        if there and drawable(document.content_type)
        else "",
        note=_note(document),
        remove=url_for("documents.remove", document_id=document.id),
        worksheet=worksheet,
    )


CHECKED = "Being checked for viruses. Nobody can open it until then."


PRIVATE = "Something in it looks like an SSN. If it is a client’s, take it out and send it anew."


def _note(document: Document) -> str:
    if document.held:
        return CHECKED
    if document.gone:
        return why_gone(document)
    return PRIVATE if document.looks_private else ""


def why_gone(document: Document) -> str:
    on = in_words(local(document.deleted_at).date()) if document.deleted_at else ""
    if document.virus:
        return f"Deleted on {on}: there was a virus in it ({document.virus})."
    return f"Deleted on {on}, as it is kept for {document.kept_days} days."


def documents_shown(
    documents: Iterable[Document], people: Mapping[int, Person], judged: Iterable[Judged] = ()
) -> list[DocumentShown]:
    """Attached to a ticket, worksheets first: with who sent them, and when. `people` holds their
    owners."""
    sheets, attached = worksheets_shown(judged), list(documents)
    earlier = replaced(attached)
    return [
        DocumentShown(**vars(draft_shown(document, sheets.get(document.id))) | {
            "remove": "", "when": when(document.created_at),
            "who": people[document.owner_id].name, "replaced": document.id in earlier})
        for document in sorted(attached, key=lambda each: (place_of(each.kind), each.id))
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

    @property
    def unsaid(self) -> list[str]:
        """What is wrong, less what the checks of its worksheet say already."""
        sheets = (draft.worksheet for draft in self.drafts if draft.worksheet is not None)
        said = {check.words for sheet in sheets for check in sheet.wrong}
        return [sentence for sentence in self.errors if sentence not in said]


@dataclass(frozen=True)
class DocumentBox:
    """`incomplete`: what is wrong is that papers were missing, or not right, when the form was
    sent. `ticket_id` is the ticket that the form answers, `held` the number of documents there;
    `about`: whom and what the form is about, as parts of an address; `downloads`: where the
    worksheets can be had, by the names of their kinds; `done`: what has just come."""

    kinds: list[KindShown]
    incomplete: bool = False
    ticket_id: int | None = None
    held: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)
    downloads: Mapping[str, str] = field(default_factory=dict)
    done: str = ""

    @property
    def worksheets(self) -> bool:
        """Whether one may come."""
        return any(newest(kind.name) is not None for kind in self.kinds)

    @property
    def waits(self) -> bool:
        """Whether a worksheet is on the form that others are asked to sign."""
        drafts = (draft for kind in self.kinds for draft in kind.drafts)
        return any(draft.worksheet is not None and draft.worksheet.waits for draft in drafts)

    @property
    def heading(self) -> str:
        """Above what is wrong."""
        wrong = [kind for kind in self.kinds if kind.errors]
        if self.incomplete and all(kind.there for kind in wrong):
            return "The worksheet is not right yet"
        if self.incomplete:
            return "Documents are missing"
        one = len(self.errors) == 1
        return "One file was not taken" if one else "Some files were not taken"

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


def downloads(
    type_name: str, papers: Iterable[str], person_id: int | None, level: str | None
) -> dict[str, str]:
    """Where the worksheets among these papers can be had."""
    url = url_for("worksheets.download", type_name=type_name, person=person_id, level=level or None)
    return {paper: url for paper in papers if newest(paper) is not None}


def document_box(
    papers: Collection[str],
    drafts: Iterable[Document],
    errors: Mapping[str, list[str]],
    kept: Collection[str] = (),
    judged: Iterable[Judged] = (),
) -> DocumentBox:
    """The checklist of a form that needs `papers`; `errors` as `uploads.take_files` gives them.
    `kept` are the kinds of what is attached already."""
    sheets = worksheets_shown(judged)
    shown = [draft_shown(draft, sheets.get(draft.id)) for draft in drafts]
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
