"""What a request of each type brings, with nothing to be said against it."""

import io
from datetime import timedelta
from typing import Any

from helpdesk.actor import Actor
from helpdesk.models.document import Document
from helpdesk.services import documents
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from workflows import license as life
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.training import STANDARD

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

FITTING_STATES = {
    NEW_USER: life.ABSENT,
    NEW_PASSWORD: life.LOCKED,
    REACTIVATE: life.INACTIVE,
    RECERTIFY: life.EXPIRED,
}
"""For each type a state of the license in which it can be filed."""


def answers(kind: str) -> dict[str, Any]:
    """What the form of a type brings, with nothing to be said against it."""
    day = (today() - timedelta(days=30)).isoformat()
    courses = {course.name: day for course in STANDARD.courses}
    found: dict[str, dict[str, Any]] = {
        NEW_USER: {"access_level": "agency_staff", "provider": "Harbor Shelter",
                   "employment": "employee", "courses": courses, "note": ""},
        NEW_PASSWORD: {"happened": "locked", "note": "", "identity": "agency"},
        REACTIVATE: {"reason": "leave", "returned_on": today().isoformat(), "note": ""},
        RECERTIFY: {"courses": courses, "note": ""},
    }  # fmt: skip
    return found.get(kind, {})


def upload(by: Actor, form_key: str, *kinds: str) -> list[Document]:
    """Drafts of a form, one of each kind; the file is the same."""
    if not kinds:
        return []
    kept = documents.store().put(io.BytesIO(PDF), len(PDF))
    with transaction() as session:
        rows = [
            Document(owner_id=by.person_id, form_key=form_key, kind=kind, name=f"{kind}.pdf",
                     content_type="application/pdf", size=kept.size, sha256=kept.sha256)
            for kind in kinds
        ]  # fmt: skip
        session.add_all(rows)
    return rows
