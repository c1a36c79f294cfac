"""A request holds so many documents and no more, over all the answers that bring some."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from tests import factories
from tests.factories import Cast
from tests.filings import upload
from tests.helpdesk.conftest import dump_rows
from tests.support.apps import MakeApp
from tests.support.papers import pdf
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, WAITING, WITHDRAWN
from workflows.engine import Refused
from workflows.guards import NEW_USER, RECERTIFY
from workflows.papers import CODE_OF_ETHICS, OTHER, RECERTIFICATION_WORKSHEET

MOST = 3  # as many as a New User License comes with
KEY = "the-answer-of-this-test"
FULL = f"This request has {MOST} files, and takes no more. Ask HAND how to send the rest."
TWO_MORE = f"A request takes {MOST} files, and this one has 1. Please add 2 at most."


@pytest.fixture
def small(make_app: MakeApp) -> Iterator[Flask]:
    app = make_app(DOCUMENTS_PER_TICKET=MOST)
    with app.app_context():
        yield app


@pytest.fixture
def cast(small: Flask) -> Cast:
    return factories.cast()


@pytest.fixture
def dana(small: Flask, cast: Cast) -> Visitor:
    return Visitor(small).sign_in(cast.admin.person_id)


def count(ticket: Ticket) -> int:
    return len(documents_of(db.session(), ticket.id))


def files(*numbers: int) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(pdf(str(number))), f"page {number}.pdf") for number in numbers]


def answer(dana: Visitor, ticket: Ticket, *numbers: int) -> Answer:
    """Sends what HAND waits for, with so many files."""
    page = dana.get(f"/tickets/{ticket.id}")
    form = page.form_with("message", "key")
    data = {**form.values(), "message": "Here.", f"document-{OTHER}": files(*numbers)}
    return dana.ask("POST", form.action, data=data, origin="http://localhost",
                    follow_redirects=True)  # fmt: skip


def test_answers_fill_a_ticket_up_and_never_beyond(cast: Cast, dana: Visitor) -> None:
    ticket = factories.ticket(WAITING, by=cast, type=RECERTIFY)
    page = answer(dana, ticket, 1, 2, 3)
    assert TWO_MORE in page.words
    assert "page 1.pdf" in page.words
    assert "page 2.pdf" in page.words
    assert page.form_with("message").fields["message"].value == "Here."
    assert (ticket.state, count(ticket)) == (WAITING, 1)
    assert "The request has 1." in page.words
    dana.send(page, page.form_with("message"))
    db.session.refresh(ticket)
    assert (ticket.state, count(ticket)) == (IN_REVIEW, MOST)


def test_a_full_one_takes_words_all_the_same(cast: Cast, dana: Visitor) -> None:
    ticket = factories.ticket(WAITING, by=cast, type=NEW_USER)
    page = answer(dana, ticket, 1)
    assert FULL in page.words
    dana.send(page, page.form_with("message"))
    db.session.refresh(ticket)
    assert (ticket.state, count(ticket)) == (IN_REVIEW, MOST)


def test_the_script_is_told_as_soon_as_a_file_arrives(cast: Cast, dana: Visitor) -> None:
    ticket = factories.ticket(WAITING, by=cast, type=NEW_USER)
    page = dana.get(f"/tickets/{ticket.id}")
    token = page.form_with("message").fields["csrf_token"].value
    assert f'data-url="/documents/drafts?ticket={ticket.id}"' in page.text
    for about, status in ((ticket.id, 422), (ticket.id + 1, 404), ("x", 201)):
        data = {"key": KEY, "kind": OTHER, "csrf_token": token, "file": files(1)[0]}
        path = f"/documents/drafts?ticket={about}"
        told = dana.ask("POST", path, data=data, origin="http://localhost")
        assert told.status == status
        assert ("takes no more" in told.text) == (status == 422)


@pytest.mark.parametrize("brought", [(OTHER,), (OTHER, CODE_OF_ETHICS)])
def test_files_that_came_another_way_are_refused_with_the_answer(
    cast: Cast, brought: tuple[str, ...]
) -> None:
    """A form that was open in two windows: each had room for its own."""
    ticket = factories.ticket(WAITING, by=cast, type=NEW_USER)
    upload(cast.admin, KEY, *brought)
    before = dump_rows()
    with pytest.raises(Refused, match="takes no more"):
        tickets.act(ticket.id, "answer", cast.admin, {"message": "Here."}, form_key=KEY)
    assert dump_rows() == before


def test_what_is_kept_of_an_earlier_request_counts(cast: Cast, dana: Visitor) -> None:
    first = factories.ticket(WITHDRAWN, by=cast, type=RECERTIFY)
    (kept,) = documents_of(db.session(), first.id)
    request = factories.request(
        factories.licensee("expired", of=cast.agency), cast.admin, type=RECERTIFY,
        papers=(OTHER, OTHER, RECERTIFICATION_WORKSHEET), keep=(kept.id,),
    )  # fmt: skip
    before = dump_rows()
    with pytest.raises(Refused, match=TWO_MORE):
        tickets.open_ticket(request, cast.admin)
    assert dump_rows() == before
    form = dana.get(f"/requests/new/{RECERTIFY}?person={first.person_id}&again={first.id}")
    data = {**form.form_with("key").values(), "keep": str(kept.id),
            f"document-{OTHER}": files(1, 2, 3)}  # fmt: skip
    page = dana.ask("POST", form.path, data=data, origin="http://localhost")
    assert TWO_MORE in page.words
