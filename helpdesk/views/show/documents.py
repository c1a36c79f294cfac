"""Documents in words, for `macros/documents.html`."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from helpdesk.documents.types import label_of
from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.services.words import size_in_words
from helpdesk.views.show.pieces import When, when
from workflows.papers import KINDS


@dataclass(frozen=True)
class DocumentShown:
    """`remove` is the address that takes a draft off its form; `kind` a name, the others words."""

    id: int
    name: str
    url: str
    kind: str
    kind_label: str
    type: str
    size: str
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
        remove=url_for("documents.remove", document_id=document.id),
    )


def documents_shown(documents: Iterable[Document]) -> list[DocumentShown]:
    """Attached to a ticket: with who sent them, and when. One query for all."""
    found = list(documents)
    owners = {document.owner_id for document in found}
    people = db.session.scalars(select(Person).where(Person.id.in_(owners))) if owners else ()
    names = {person.id: person.name for person in people}
    return [
        DocumentShown(**vars(draft_shown(document)) | {
            "remove": "", "when": when(document.created_at), "who": names[document.owner_id]})
        for document in found
    ]  # fmt: skip
