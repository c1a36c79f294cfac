"""A document to look at: its pages as pictures, or why it can't be shown."""

from typing import Any

from flask import url_for

from helpdesk.documents.drawing import CannotDraw, Paged
from helpdesk.models.document import Document
from helpdesk.models.ticket import Ticket
from helpdesk.services.page_images import pages_of
from helpdesk.transaction import release
from helpdesk.views.show.documents import draft_shown

WHY_NOT = {
    "kind": "A Word file can’t be shown here. Download it to read it.",
    "encrypted": "It has a password, so it can’t be shown here. Ask for one without.",
    "damaged": "It is damaged, so it can’t be shown here. Whoever sent it may have a whole one.",
    "pixels": "It has too many pixels to be shown here. Download it to see it.",
    "memory": "It is too large to be shown here. Download it to see it.",
    "busy": "Too many documents are being drawn just now. Load the page again in a minute.",
    "time": "It takes too long to draw, so it can’t be shown here. Download it to see it.",
}
"""By `CannotDraw.fault`."""

BROKEN = "It can’t be shown here. Download it to see it."


def document_page(document: Document, ticket: Ticket | None) -> dict[str, Any]:
    """Context of `documents/view.html`. The database is let go before anything is drawn."""
    shown = draft_shown(document)
    back = _back(ticket) if ticket else None
    sha256, content_type, document_id = document.sha256, document.content_type, document.id
    release()
    cannot, paged = None, Paged(0, ())
    try:
        paged = pages_of(sha256, content_type)
    except CannotDraw as error:
        cannot = WHY_NOT.get(error.fault, BROKEN)
    return {"document": shown, "back": back, "cannot": cannot,
            "pages": _pages(document_id, paged), "count": paged.count}  # fmt: skip


def _back(ticket: Ticket) -> dict[str, str]:
    return {"url": url_for("tickets.show", ticket_id=ticket.id), "label": ticket.number}


def _pages(document_id: int, paged: Paged) -> list[dict[str, Any]]:
    return [
        {"number": number, "width": round(page.width) or 1, "height": round(page.height) or 1,
         "url": url_for("documents.page", document_id=document_id, number=number)}
        for number, page in enumerate(paged.pages, 1)
    ]  # fmt: skip
