"""A worksheet that came when there was no room to read it is read once there is."""

import io
from threading import BoundedSemaphore

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.models.reading import How
from helpdesk.sandbox import run
from helpdesk.services import documents, drafts
from helpdesk.services.second_readings import read_again
from helpdesk.transaction import release
from tests import factories
from tests.support import worksheets
from tests.support.papers import page
from workflows.papers import OTHER, RECERTIFICATION_WORKSHEET
from workflows.worksheets import RECERTIFICATION

KEY = "a-form-of-the-busy"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> BoundedSemaphore:
    """Every place in the sandbox is taken; whoever wants one gives up at once."""
    places = BoundedSemaphore(1)
    monkeypatch.setattr(run, "_places", places)
    monkeypatch.setattr(run, "PATIENCE", 0.01)
    places.acquire()
    return places


def arrived(cast: factories.Cast, content: bytes, kind: str = RECERTIFICATION_WORKSHEET) -> int:
    owner = cast.admin.person_id or 0
    return drafts.add(owner, KEY, kind, "Worksheet.pdf", io.BytesIO(content)).id


def anew(document_id: int) -> Document:
    release()
    return db.session.get_one(Document, document_id, populate_existing=True)


def test_it_is_read_once_there_is_room(cast: factories.Cast, full: BoundedSemaphore) -> None:
    document_id = arrived(cast, worksheets.filled(RECERTIFICATION))
    reading = anew(document_id).reading
    assert reading is not None
    assert reading.fault == "busy"
    assert read_again() == 0
    full.release()
    assert read_again() == 1
    reading = anew(document_id).reading
    assert reading is not None
    assert (reading.how, reading.fault) == (How.FIELDS, None)
    assert reading.texts["admin.name"] == "Dana Price"
    assert read_again() == 0


def test_what_is_lost_or_no_worksheet_is_left_aside(
    cast: factories.Cast, full: BoundedSemaphore
) -> None:
    arrived(cast, page("A letter"), OTHER)
    lost = arrived(cast, worksheets.filled(RECERTIFICATION, {"admin.name": "Ed Moss"}))
    documents.store().remove(anew(lost).sha256)
    full.release()
    assert read_again() == 0
