"""Drafts of a form and documents of a ticket, on both databases; no row without file."""

import io
from datetime import timedelta

import pypdf
import pytest
from flask.ctx import AppContext

from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db, settings
from helpdesk.models.document import Document, documents_of
from helpdesk.services import documents, drafts
from helpdesk.services.drafts import Upload
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import Race
from tests.helpdesk.hostile_files import GOOD, HOSTILE
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from tests.support.papers import docx, pdf, png
from workflows.papers import CODE_OF_ETHICS, NEW_USER_WORKSHEET

KEY, OTHER_KEY = "a-form-of-these-tests", "another-form-of-these"


def add(owner_id: int, content: bytes, **other: str) -> Document:
    values = {"form_key": KEY, "kind": NEW_USER_WORKSHEET, "filename": "Agreement.pdf"} | other
    return drafts.add(owner_id, **values, stream=io.BytesIO(content), held=0)


def drafts_of(owner_id: int, form_key: str = KEY) -> list[Document]:
    return drafts.on_form(db.session(), owner_id, form_key)


def content_of(document: Document) -> bytes:
    with documents.store().open(document.sha256) as file:
        return file.read()


def files() -> list[str]:
    return [str(path) for path in documents.store().folder.rglob("*") if path.is_file()]


@pytest.fixture
def ann(app_context: AppContext) -> int:
    return factories.person().id


@pytest.mark.parametrize("what", GOOD)
def test_a_good_file_is_kept_byte_for_byte(what: str, ann: int) -> None:
    name, content = GOOD[what]
    add(ann, content, filename=name)
    (draft,) = drafts_of(ann)
    assert (draft.name, draft.size) == (name, len(content))
    assert content_of(draft) == content


def test_nothing_is_kept_of_a_file_that_is_refused(ann: int) -> None:
    for name, content, words in HOSTILE.values():
        with pytest.raises(NotAllowed, match=words):
            add(ann, content, filename=name)
    assert drafts_of(ann) == []
    assert files() == []


def test_the_same_file_of_the_same_kind_is_kept_once_on_a_form(ann: int) -> None:
    first = add(ann, pdf())
    assert add(ann, pdf(), filename="again.pdf").id == first.id
    add(ann, pdf(), kind=CODE_OF_ETHICS)
    add(ann, pdf(), form_key=OTHER_KEY)
    assert [draft.kind for draft in drafts_of(ann)] == [NEW_USER_WORKSHEET, CODE_OF_ETHICS]
    assert len(files()) == 1


def test_a_draft_is_on_its_own_form_and_its_owners_alone(ann: int) -> None:
    add(ann, pdf())
    assert drafts_of(ann, OTHER_KEY) == []
    assert drafts_of(factories.person().id) == []


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a key with spaces", "ключ-этой-формы-тут"])
def test_a_key_that_is_none_holds_no_drafts(key: str, ann: int) -> None:
    with pytest.raises(NotAllowed):
        add(ann, pdf(), form_key=key)
    assert drafts_of(ann, key) == []


@pytest.mark.parametrize("kind", ["", "nonsense", "x" * 9000])
def test_a_kind_that_is_none_is_refused(kind: str, ann: int) -> None:
    with pytest.raises(NotAllowed):
        add(ann, pdf(), kind=kind)


def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_larger(make_app: MakeApp) -> None:
    with make_app(DOCUMENT_MAX_BYTES=len(pdf())).app_context():
        ann = factories.person().id
        add(ann, pdf())
        with pytest.raises(NotAllowed, match=r"“x{56}….pdf” is larger than 1\d\d bytes"):
            add(ann, pdf("an agreement"), filename="x" * 90 + ".pdf")
        assert len(files()) == 1


def test_a_form_takes_ten_files(ann: int) -> None:
    for number in range(10):
        add(ann, pdf(str(number)))
    with pytest.raises(NotAllowed, match="A request takes 10 files"):
        add(ann, pdf("one more"))
    assert add(ann, pdf("one more"), form_key=OTHER_KEY).form_key == OTHER_KEY
    drafts.remove(drafts_of(ann)[0])
    add(ann, pdf("one more"))
    assert len(drafts_of(ann)) == 10


def send(owner_id: int, *files: tuple[str, bytes]) -> list[Document | NotAllowed]:
    """As they come with a form, in one go."""
    uploads = [Upload(NEW_USER_WORKSHEET, name, io.BytesIO(content)) for name, content in files]
    return drafts.add_all(owner_id, KEY, uploads)


def test_of_files_that_come_together_each_good_one_is_kept(ann: int) -> None:
    first, bad, second, again = send(
        ann, ("a.pdf", pdf("a")), ("b.pdf", b"nothing"), ("c.pdf", pdf("c")), ("d.pdf", pdf("a"))
    )
    assert isinstance(bad, NotAllowed)
    assert "“b.pdf”" in bad.sentence
    assert drafts_of(ann) == [first, second]
    assert again is first
    assert len(files()) == 2


def test_of_files_that_come_together_as_many_are_kept_as_there_is_room_for(ann: int) -> None:
    for number in range(8):
        add(ann, pdf(str(number)))
    *kept, refused = send(ann, *((f"{letter}.pdf", pdf(letter)) for letter in "abc"))
    assert isinstance(refused, NotAllowed)
    assert drafts_of(ann)[8:] == kept
    assert len(files()) == 10


def test_two_at_once_do_not_both_take_the_last_place(ann: int, race: Race) -> None:
    for number in range(9):
        add(ann, pdf(str(number)))
    ends = race(*(lambda n=n: add(ann, pdf(f"last {n}")) for n in range(4)))
    assert sorted(type(end).__name__ for end in ends) == ["Document", *["NotAllowed"] * 3]
    assert len(drafts_of(ann)) == 10


def test_the_same_file_sent_twice_at_once_is_one_row(ann: int, race: Race) -> None:
    ends = race(*[lambda: add(ann, pdf())] * 4)
    assert {end.id for end in ends} == {drafts_of(ann)[0].id}
    assert len(drafts_of(ann)) == 1


@pytest.mark.parametrize("kind", [CODE_OF_ETHICS, NEW_USER_WORKSHEET])
def test_a_pdf_of_too_many_pages_is_refused_and_nothing_of_it_is_kept(
    make_app: MakeApp, kind: str
) -> None:
    with make_app(DOCUMENT_PAGES_TAKEN=12).app_context():
        ann = factories.person().id
        with pytest.raises(NotAllowed, match=r"has 13 pages; we take up to 12\. Please choose"):
            add(ann, empty_pages(13), kind=kind)
        assert not any(path.is_file() for path in settings().DOCUMENTS.rglob("*"))
        assert add(ann, empty_pages(12), kind=kind).size


def empty_pages(count: int) -> bytes:
    writer, target = pypdf.PdfWriter(), io.BytesIO()
    for _page in range(count):
        writer.add_blank_page(612, 792)
    writer.write(target)
    return target.getvalue()


def test_what_is_removed_counts_in_the_quota_until_a_day_has_passed(make_app: MakeApp) -> None:
    app = make_app(DRAFTS_MAX_BYTES=2 * len(pdf("1")))
    clock = app.extensions["clock"] = FakeClock()
    with app.app_context():
        ann = factories.person().id
        for number in "12":
            drafts.remove(add(ann, pdf(number)))
        assert drafts_of(ann) == []
        with pytest.raises(NotAllowed, match="try again tomorrow"):
            add(ann, pdf("3"))
        add(factories.person().id, pdf("3"))
        clock.pass_by(timedelta(hours=24, seconds=1))
        add(ann, pdf("3"))


def test_what_was_sent_does_not_count_in_the_quota(make_app: MakeApp) -> None:
    with make_app(DRAFTS_MAX_BYTES=len(pdf())).app_context():
        cast = factories.cast()
        ticket = factories.ticket(by=cast)
        owner = cast.admin.person_id or 0
        add(owner, pdf())
        with transaction() as session:
            documents.attach(session, ticket.id, owner, KEY)
        again = add(owner, pdf())
        assert [row.id for row in drafts_of(owner)] == [again.id]


def test_sending_the_form_makes_its_drafts_the_tickets(cast: factories.Cast) -> None:
    owner = cast.admin.person_id or 0
    ticket = factories.ticket(by=cast)
    sent = [add(owner, pdf()), add(owner, docx(), filename="a.docx")]
    drafts.remove(add(owner, png(), filename="a.png"))
    add(owner, pdf(), form_key=OTHER_KEY)
    with transaction() as session:
        attached = documents.attach(session, ticket.id, owner, KEY)
        assert documents.attach(session, ticket.id, owner, KEY) == []
    assert [d.id for d in attached] == [d.id for d in sent]
    assert [d.ticket_id for d in documents_of(db.session(), ticket.id)] == [ticket.id] * 2
    assert drafts_of(owner) == []
    assert len(drafts_of(owner, OTHER_KEY)) == 1


def test_what_is_attached_is_not_a_draft_any_more(cast: factories.Cast) -> None:
    document, ticket = attached(cast)
    drafts.remove(document)
    assert [d.form_key for d in documents_of(db.session(), ticket)] == [KEY]


def attached(cast: factories.Cast, content: bytes = b"") -> tuple[Document, int]:
    owner = cast.admin.person_id or 0
    ticket = factories.ticket(by=cast)
    add(owner, content or pdf())
    with transaction() as session:
        (document,) = documents.attach(session, ticket.id, owner, KEY)
    return document, ticket.id


def test_a_copy_for_another_ticket_shares_the_file(cast: factories.Cast, clock: FakeClock) -> None:
    document, first = attached(cast)
    second = factories.ticket(by=cast).id
    clock.pass_by(timedelta(days=3))
    with transaction() as session:
        (copied,) = documents.copy_to_ticket(session, first, second)
    assert copied.id != document.id
    assert (copied.ticket_id, copied.form_key) == (second, None)
    same = ("kind", "name", "content_type", "size", "sha256", "owner_id", "created_at")
    assert [getattr(copied, name) for name in same] == [getattr(document, name) for name in same]
    assert len(files()) == 1
    assert len(documents_of(db.session(), first)) == 1


def test_a_request_that_is_filed_again_has_the_documents_that_were_chosen(
    cast: factories.Cast, clock: FakeClock, ann: int
) -> None:
    document, _first = attached(cast)
    second = factories.ticket(by=cast).id
    add(ann, pdf())  # a draft is nobody's to copy
    clock.pass_by(timedelta(hours=1))
    with transaction() as session:
        draft_ids = [draft.id for draft in drafts_of(ann)]
        (copied,) = documents.copy(session, [document.id, *draft_ids], second)
    assert (copied.ticket_id, copied.sha256) == (second, document.sha256)
    assert copied.created_at == clock()


def test_a_document_whose_file_is_lost_is_not_copied(cast: factories.Cast) -> None:
    document, first = attached(cast)
    for path in files():
        documents.store().folder.joinpath(path).unlink()
    with transaction() as session:
        assert documents.copy(session, [document.id], first) == []
    assert documents_of(db.session(), first)[0].sha256 == document.sha256
