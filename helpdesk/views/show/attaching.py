"""The part of a form that takes documents: what is needed, what has arrived, what was wrong."""

from collections.abc import Collection, Mapping

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.services import drafts
from helpdesk.views.show.documents import DocumentBox, document_box


def attaching(
    me: Actor,
    form_key: str,
    papers: Collection[str],
    kept: Collection[Document] = (),
    errors: Mapping[str, list[str]] | None = None,
) -> DocumentBox:
    """`kept` is attached already, or comes along from elsewhere; `errors` are sentences by kind."""
    assert me.person_id is not None, "the desk itself sees no pages"
    came = drafts.on_form(db.session(), me.person_id, form_key)
    return document_box(papers, came, errors or {}, [document.kind for document in kept])
