"""Signatures by mailed links: each given once, none lost, and no file or row without the other."""

import io
import os
from datetime import timedelta

import pypdf
import pytest

from helpdesk.documents.errors import CannotStore
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.document import Scan, drafts_of
from helpdesk.models.effect import Kind
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.role import Grant
from helpdesk.models.signature_request import SignatureRequest, signature_requests
from helpdesk.models.ticket import Ticket
from helpdesk.services import documents, drafts, signing, tickets, worksheets
from helpdesk.services.drafts import Upload
from helpdesk.services.filing import Request
from helpdesk.services.signing import CannotSign, Why
from helpdesk.services.sweep.report import Taken
from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import transaction
from tests import factories, filings
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.helpdesk.replay import check_everything
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.papers import pdf
from tests.support.signatures import put_to_form, renewal, token_of, tokens, worksheet_of
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import RECERTIFY
from workflows.papers import OTHER, RECERTIFICATION_WORKSHEET

DAY = timedelta(days=1)


@pytest.fixture
def ann(cast: Cast, clock: FakeClock) -> Person:
    return factories.licensee(life.EXPIRED, of=cast.agency)


@pytest.fixture
def unsigned(cast: Cast, ann: Person) -> Ticket:
    """Ann and her admin have to sign what HAND filed for her."""
    return renewal(cast, ann)


def triggers(ticket_id: int) -> list[str]:
    return [event.trigger for event in history(db.session(), ticket_id)]


def state_of(ticket_id: int) -> str:
    return db.session.get_one(Ticket, ticket_id, populate_existing=True).state


def texts_of(ticket_id: int) -> dict[str, str]:
    db.session.expire_all()
    reading = worksheet_of(ticket_id).reading
    assert reading is not None
    return reading.texts


def why(token: str) -> Why:
    with pytest.raises(CannotSign) as error:
        signing.opened(token)
    return error.value.why


def kept_files() -> set[str]:
    return {path.parent.name + path.name for path in documents.store().folder.glob("??/*")}


def test_each_is_mailed_a_link_of_their_own(
    unsigned: Ticket, ann: Person, cast: Cast, mailer: FakeMailer
) -> None:
    drain(Kind.MAIL)
    asked = [mail for mail in mailer.posted if "Please sign" in mail.subject]
    links = tokens(unsigned.id)
    assert {mail.to: links[who] in mail.text for mail, who in zip(asked, links, strict=True)} == {
        ann.email: True, db.session.get_one(Person, cast.admin.person_id).email: True,
    }  # fmt: skip
    assert links["user"] != links["admin"]
    (received,) = (mail for mail in mailer.posted if "received" in mail.subject)
    assert f"{ann.name}, as the user ({ann.email})" in received.text
    assert not any(token in received.text for token in links.values())


def test_a_mail_that_is_sent_again_carries_the_same_link(unsigned: Ticket) -> None:
    row = signature_requests(db.session(), unsigned.id)[0]
    assert signing.opened(token_of(f"ticket:{unsigned.id}:1:sign:{row.who}")).asked.id == row.id


def test_two_at_once_both_stand_on_the_worksheet(
    unsigned: Ticket, ann: Person, cast: Cast, race: Race
) -> None:
    links, number = tokens(unsigned.id), unsigned.id
    admin = cast.admin.name
    ends = race(lambda: signing.sign(links["user"], "Ann Lee"),
                lambda: signing.sign(links["admin"], admin))  # fmt: skip
    assert not any(isinstance(end, Exception) for end in ends), ends
    told = texts_of(number)
    assert (told["user.signature"], told["admin.signature"]) == ("Ann Lee", admin)
    assert triggers(number) == ["submit_unsigned", "sign", "sign", "all_signed"]
    assert worksheet_of(number).sha256 in kept_files()
    check_everything(db.session())


def test_the_same_link_twice_at_once_signs_once(unsigned: Ticket, race: Race) -> None:
    token, number = tokens(unsigned.id)["user"], unsigned.id
    ends = race(*[lambda: signing.sign(token, "Ann Lee")] * 3)
    failed = [end for end in ends if isinstance(end, Exception)]
    assert [end.why for end in failed if isinstance(end, CannotSign)] == [Why.SIGNED] * 2
    assert triggers(number) == ["submit_unsigned", "sign"]


def test_signing_and_withdrawing_at_once_leave_one_story(
    unsigned: Ticket, cast: Cast, race: Race
) -> None:
    token, number = tokens(unsigned.id)["user"], unsigned.id
    race(lambda: signing.sign(token, "Ann Lee"),
         lambda: tickets.act(number, "withdraw", cast.admin))  # fmt: skip
    assert state_of(number) == "withdrawn"
    signed = "sign" in triggers(number)
    assert ("user.signature" in texts_of(number)) == signed
    assert why(token) is (Why.SIGNED if signed else Why.ENDED)
    check_everything(db.session())


def test_what_was_drawn_before_is_swept_and_what_counts_stays(unsigned: Ticket) -> None:
    before = worksheet_of(unsigned.id).sha256
    signing.sign(tokens(unsigned.id)["user"], "Ann Lee")
    for name in kept_files():
        path = documents.store().folder / name[:2] / name[2:]
        os.utime(path, (0, 0))
    documents.tidy()
    db.session.expire_all()
    after = worksheet_of(unsigned.id).sha256
    assert before not in kept_files()
    assert after in kept_files()


def test_reminders_bring_new_links_and_name_who_has_not_signed(
    unsigned: Ticket, ann: Person, cast: Cast, clock: FakeClock
) -> None:
    first, number = tokens(unsigned.id), unsigned.id
    signing.sign(first["admin"], cast.admin.name)
    clock.pass_by(2 * DAY)
    sweep()
    reminded = history(db.session(), number)[-1]
    assert reminded.trigger == "remind"
    assert reminded.data["unsigned"] == [f"{ann.name}, as the user ({ann.email})"]
    assert cast.admin.name not in reminded.data["asked"]
    second = tokens(number)
    assert second["admin"] == first["admin"]
    assert second["user"] != first["user"]
    assert why(first["user"]) is Why.UNKNOWN
    signing.sign(second["user"], "Ann Lee")
    assert state_of(number) == "submitted"


def test_whom_a_reminder_goes_to_is_told_by_the_address_it_goes_to(
    unsigned: Ticket, clock: FakeClock
) -> None:
    with transaction() as session:
        row = signature_requests(session, unsigned.id)[1]
        row.name, row.address, row.person_id = "Ed Moss", "ed@harbor.example", None
    clock.pass_by(2 * DAY)
    taken: list[Taken] = []
    sweep(taken.append)
    assert ("Ed Moss", "ed@harbor.example") in [each for one in taken for each in one.told]


def test_what_nobody_signs_is_closed(unsigned: Ticket, clock: FakeClock) -> None:
    number = unsigned.id
    for _ in range(12):
        clock.pass_by(DAY)
        sweep()
    assert state_of(number) == "closed_no_response"
    assert why(tokens(number)["user"]) is Why.ENDED


def test_who_is_no_admin_any_more_does_not_sign_as_one(unsigned: Ticket, cast: Cast) -> None:
    token = tokens(unsigned.id)["admin"]
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.admin.person_id).delete()
    assert why(token) is Why.NO_LONGER


def test_another_worksheet_ends_the_links_and_asks_anew(
    unsigned: Ticket, ann: Person, cast: Cast
) -> None:
    old, number = tokens(unsigned.id), unsigned.id
    put_to_form(cast, ann, cast.admin, "the-answer-with-a-worksheet")
    answer = {"message": "With the right dates."}
    tickets.act(number, "answer", cast.admin, answer, form_key="the-answer-with-a-worksheet")
    assert why(old["user"]) is Why.REPLACED
    rows = [row for row in signature_requests(db.session(), number) if row.outstanding]
    assert [row.who for row in rows] == ["user", "admin"]


def test_a_page_ends_the_links_of_those_who_signed_it(unsigned: Ticket, cast: Cast) -> None:
    old, number = tokens(unsigned.id), unsigned.id
    key = "the-answer-with-a-page"
    drafts.add_all(cast.admin.person_id or 0, key, [Upload(OTHER, "page.pdf", io.BytesIO(pdf()))])
    said = {"message": "Both signed a page.", "on_page": ["user", "admin"]}
    tickets.act(number, "answer", cast.admin, said, form_key=key)
    assert {why(old["user"]), why(old["admin"])} == {Why.REPLACED}
    told = texts_of(number)
    assert (told["user.where"], told["admin.where"]) == ("page", "page")


def page_with(cast: Cast, key: str = "the-message-with-a-page") -> str:
    drafts.add_all(cast.admin.person_id or 0, key, [Upload(OTHER, "page.pdf", io.BytesIO(pdf()))])
    return key


def test_one_who_has_still_to_sign_keeps_the_request_where_it_is(
    unsigned: Ticket, cast: Cast
) -> None:
    number, said = unsigned.id, {"message": "I signed a page.", "on_page": ["admin"]}
    with pytest.raises(Refused, match="can still sign by email"):
        tickets.act(number, "answer", cast.admin, said, form_key=page_with(cast))
    old = tokens(number)
    moved = tickets.act(number, "write", cast.admin, said, form_key=page_with(cast))
    assert moved.state == "waiting"
    assert (why(old["admin"]), texts_of(number)["admin.where"]) == (Why.REPLACED, "page")
    signing.sign(old["user"], "Ann Lee")
    assert triggers(number)[-2:] == ["sign", "all_signed"]


def test_a_page_that_brings_the_last_signature_gives_the_request_to_hand(
    unsigned: Ticket, cast: Cast
) -> None:
    number, said = unsigned.id, {"message": "I signed a page.", "on_page": ["admin"]}
    signing.sign(tokens(number)["user"], "Ann Lee")
    moved = tickets.act(number, "write", cast.admin, said, form_key=page_with(cast))
    assert moved.state == "submitted"
    assert triggers(number)[-2:] == ["write", "all_signed"]


def test_where_hand_has_it_already_a_page_lets_it_go_on(unsigned: Ticket, cast: Cast) -> None:
    number, said = unsigned.id, {"message": "Here.", "on_page": ["admin", "user"]}
    tickets.act(number, "record_answer", cast.joan, {"message": "They sign today."})
    tickets.act(number, "write", cast.admin, said, form_key=page_with(cast))
    assert triggers(number)[-2:] == ["write", "last_signed"]
    tickets.act(number, "take", cast.joan)
    assert tickets.act(number, "approve", cast.joan).state == "approved"


def test_a_worksheet_that_is_held_for_the_scanner_ends_the_links_all_the_same(
    unsigned: Ticket, cast: Cast
) -> None:
    old, number, key = tokens(unsigned.id), unsigned.id, "the-answer-on-a-paper"
    upload = Upload(RECERTIFICATION_WORKSHEET, "signed.pdf", io.BytesIO(pdf()))
    drafts.add_all(cast.admin.person_id or 0, key, [upload])
    with transaction() as session:
        (held,) = drafts_of(session, cast.admin.person_id or 0, key)
        held.scan, held.reading = Scan.HELD, None
    moved = tickets.act(number, "answer", cast.admin, {"message": "Signed."}, form_key=key)
    assert moved.state == "in_review"
    assert {why(old["user"]), why(old["admin"])} == {Why.REPLACED}
    assert not any(row.outstanding for row in signature_requests(db.session(), number))


def test_filed_again_with_its_worksheet_each_is_asked_anew(
    unsigned: Ticket, ann: Person, cast: Cast
) -> None:
    signing.sign(tokens(unsigned.id)["user"], "Ann Lee")
    tickets.act(unsigned.id, "withdraw", cast.admin)
    kept = (worksheet_of(unsigned.id).id,)
    fields = filings.answers(RECERTIFY)
    again = Request(RECERTIFY, ann.id, ann.id, "filed-again-0000001", fields, keep=kept)
    ticket = tickets.open_ticket(again, cast.sam)
    assert ticket.state == "waiting"
    assert list(tokens(ticket.id)) == ["admin"]


def test_what_is_signed_is_what_was_filled_in(unsigned: Ticket, cast: Cast) -> None:
    number = unsigned.id
    with pytest.raises(Refused, match="nothing to read otherwise"):
        worksheets.correct(worksheet_of(number).id, "level", "Case Manager I", cast.sam)
    signing.sign(tokens(number)["user"], "Ann Lee")
    assert texts_of(number)["level"] == "Agency Staff"
    with documents.store().open(worksheet_of(number).sha256) as file:
        told = pypdf.PdfReader(file).pages[0].extract_text()
    assert "Agency Staff" in told
    assert "Case Manager I" not in told


def test_a_file_that_cannot_be_kept_changes_nothing(
    unsigned: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, number = tokens(unsigned.id)["user"], unsigned.id
    folder = documents.store().folder
    monkeypatch.setattr("helpdesk.documents.store._write", _full)
    with pytest.raises(CannotStore):
        signing.sign(token, "Ann Lee")
    monkeypatch.undo()
    assert folder.is_dir()
    assert triggers(number) == ["submit_unsigned"]
    signing.sign(token, "Ann Lee")
    assert db.session.query(SignatureRequest).filter_by(who="user").one().signed_at is not None


def _full(*_what: object) -> None:
    raise OSError("No space left on device")
