"""A worksheet is looked at without scripts: its checks, their places, what staff say and read."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.document import Document, Scan
from helpdesk.models.document_mark import Said
from helpdesk.models.reading import How, corrections_of_reading
from helpdesk.models.ticket import Ticket
from helpdesk.services import reviews, worksheets
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.support.reviews import sent_anew, to_review, unread
from tests.web.conftest import Visit
from tests.web.counted import queries
from tests.web.markup import Answer, Form
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, SUBMITTED, WITHDRAWN
from workflows.dates import in_words
from workflows.guards import NEW_USER
from workflows.papers import OTHER
from workflows.training import STANDARD


def form_about(page: Answer, name: str, value: str) -> Form:
    return next(form for form in page.forms if form.values().get(name) == value)


def say(sam: Visitor, page: Answer, about: str, said: str, note: str = "") -> Answer:
    return sam.send(page, form_about(page, "about", about), said=said, note=note)


def read(sam: Visitor, page: Answer, blank: str, text: str) -> Answer:
    return sam.send(page, form_about(page, "blank", blank), text=text)


def test_a_ticket_leads_to_its_review_while_it_is_open(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    assert f'href="/tickets/{ticket.id}/review"' in sam.get(f"/tickets/{ticket.id}").text
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert page.path == f"/tickets/{ticket.id}/review/{document_id}"
    ended, _document_id = to_review(cast, WITHDRAWN)
    assert "/review" not in sam.get(f"/tickets/{ended.id}").text


def test_each_check_is_marked_where_it_stands(cast: factories.Cast, visit: Visit) -> None:
    ticket, _document_id = to_review(cast, user__signature="")
    page = visit(cast.sam).get(f"/tickets/{ticket.id}/review")
    assert page.text.count('class="r-page"') == 1
    assert 'id="place-user_signed" class="place v-fail"' in page.text
    assert 'id="place-name" class="place v-pass"' in page.text
    assert 'href="#place-user_signed"' in page.text
    assert "The signature of the user is missing." in page.words
    assert " style=" not in page.text


def test_a_wrong_reading_is_put_right_and_judged_anew(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, admin__signed_on="13/45/2026")
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "“13/45/2026” is no date" in page.words
    day = form_about(page, "blank", "user.signed_on").values()["text"]
    page = read(sam, page, "admin.signed_on", day)
    assert page.path.endswith("?check=admin_signed")
    assert "is no date" not in page.words
    assert f"{cast.sam.name} read this" in page.words
    assert "Before: “13/45/2026”." in page.words
    assert "You read it so: a colleague approves it." in page.words


def test_no_impossible_date_is_read(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    page = sam.get(f"/tickets/{ticket.id}/review")
    refused = read(sam, page, "course1.day", "10/32/2026")
    assert "That is no date." in refused.words
    assert 'value="10/32/2026"' in refused.text
    assert not corrections_of_reading(db.session(), document_id)


def test_a_date_that_was_typed_as_it_was_misread_is_taken_over(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    read_so, meant = today() - timedelta(days=30), today() - timedelta(days=90)
    ticket, _document_id = to_review(cast)
    with transaction() as session:
        days = {course.name: read_so.isoformat() for course in STANDARD.courses}
        session.get_one(Ticket, ticket.id).fields = {"courses": days}
    page = read(sam, sam.get(f"/tickets/{ticket.id}/review"), "course1.day", meant.isoformat())
    button = f"Take {in_words(meant)} into the request"
    assert button in page.words
    taken = sam.send(page, page.form_with("about", "version"))
    assert f"The request says {in_words(meant)} now. You read it so" in taken.words
    assert button not in taken.words
    assert "No date was changed" in sam.send(page, page.form_with("about", "version")).words
    shown = sam.get(f"/tickets/{ticket.id}").words
    change = f"Basic Privacy & Security: {in_words(meant)}, typed was {in_words(read_so)}."
    assert f"{cast.sam.name} took over dates of the worksheet" in shown
    assert change in shown
    assert change in visit(cast.admin).get(f"/tickets/{ticket.id}").words
    assert "as you read it on the worksheet" in sam.get(f"/tickets/{ticket.id}/approve").words
    assert visit(cast.joan).get(f"/tickets/{ticket.id}/approve").forms


def test_what_is_too_long_stays_typed_with_its_sentence(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast)
    page = sam.get(f"/tickets/{ticket.id}/review")
    refused = read(sam, page, "name", "x" * 300)
    assert "x" * 300 in refused.text
    assert "too long" in refused.words
    refused = say(sam, page, "name", "not_fine", "y" * 501)
    assert "y" * 501 in refused.text
    assert "too long" in refused.words
    assert "SSN" not in refused.words.partition("Never write")[0]
    refused = say(sam, page, "name", "not_fine", "Of 123-45-6789.")
    assert "looks like a Social Security number" in refused.words


def test_needs_leads_to_the_message_that_names_each_missing_thing(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, user__signature="")
    page = sam.get(f"/tickets/{ticket.id}/review")
    page = say(sam, page, "agency", "not_fine", "The agency is crossed out.")
    assert f"Not fine, says {cast.sam.name}" in page.words
    page = say(sam, page, "", "not_fine", "Please sign in ink.")
    assert page.path == f"/tickets/{ticket.id}/ask_for_more?review=1"
    form = page.form_with("message")
    assert form.values()["message"].split("\n")[2:] == [
        "User License Recertification Worksheet:", "– Please sign in ink.",
        "– The agency is crossed out.", "– The signature of the user is missing."]  # fmt: skip
    assert form.values()["papers"] == "recertification_worksheet"
    sent = sam.send(page, form)
    assert "You asked for more" in sent.words
    assert "The agency is crossed out." in visit(cast.admin).get(f"/tickets/{ticket.id}").words


CODE = "There is no check code on it that can be read."


def test_what_is_wrong_on_a_worksheet_stands_among_the_checks_of_the_ticket(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, user__signature="")
    words = sam.get(f"/tickets/{ticket.id}").words
    assert "On the worksheet: The signature of the user is missing." in words


def test_accepting_leads_to_the_approval(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast)
    page = say(sam, sam.get(f"/tickets/{ticket.id}/review"), "code", "fine")
    page = say(sam, page, "", "fine")
    assert page.path == f"/tickets/{ticket.id}/approve"
    assert "All documents are accepted." in page.words
    assert "You approved the request" in sam.confirm(page).words


def test_what_is_accepted_all_the_same_is_named_at_the_approval(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, user__signature="")
    page = say(sam, sam.get(f"/tickets/{ticket.id}/review"), "", "fine")
    assert page.path == f"/tickets/{ticket.id}/approve"
    assert "All documents are accepted" not in page.words
    assert "accepted all the same, though 2 checks do not pass." in page.words
    assert "The signature of the user is missing." in page.words
    assert CODE in page.words
    again = sam.get(f"/tickets/{ticket.id}/review").words
    assert f"Accepted all the same, says {cast.sam.name}" in again


def test_what_staff_said_is_in_the_history_for_staff_alone(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, admin__signed_on="13/45/2026")
    page = sam.get(f"/tickets/{ticket.id}/review")
    page = read(sam, page, "admin.signed_on", "11/20/2026")
    page = say(sam, page, "name", "fine")
    page = say(sam, page, "agency", "not_fine", "It is crossed out.")
    say(sam, page, "", "fine")
    shown = sam.get(f"/tickets/{ticket.id}").words
    assert f"{cast.sam.name} looked at the User License Recertification Worksheet" in shown
    for line in ("Date of the agency admin: “11/20/2026”, before “13/45/2026”.",
                 "Fine: The name is the one on file.",
                 "Not fine: The agency is the one on file. It is crossed out.",
                 "Accepted all the same. It is crossed out."):  # fmt: skip
        assert line in shown
    assert shown.count("looked at the") == 1
    told = visit(cast.admin).get(f"/tickets/{ticket.id}").words
    assert "looked at" not in told
    assert "crossed out" not in told


def test_a_newcomers_documents_come_one_after_the_other(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket = factories.ticket(IN_REVIEW, by=cast, type=NEW_USER)
    page, kinds = sam.get(f"/tickets/{ticket.id}/review"), []
    for said in ("fine", "not_fine", "fine"):
        kinds.append(page.text.partition("<h1>")[2].partition("<")[0])
        page = say(sam, page, "", said)
    assert kinds == ["New User License Worksheet", "User Agreement", "Code of Ethics"]
    assert page.path.startswith(f"/tickets/{ticket.id}/ask_for_more")
    assert "User Agreement:" in page.form_with("message").values()["message"]
    assert page.form_with("message").values()["papers"] == "user_agreement"
    again = sam.get(f"/tickets/{ticket.id}/review").words
    assert again.count("Accepted") >= 2


def test_a_scan_is_checked_by_hand_one_check_after_the_other(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    unread(document_id)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Each check is yours to make." in page.words
    assert 'name="blank"' not in page.text
    for about in ("version", "name", "username"):
        page = say(sam, page, about, "fine")
    assert page.path.endswith("?check=email")
    assert "3 fine" in page.words


def test_nobody_corrects_what_was_not_read(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    page = sam.get(f"/tickets/{ticket.id}/review")
    reading, marking = form_about(page, "blank", "name"), form_about(page, "about", "name")
    assert sam.send(page, reading, blank="office", text="x").status == 404
    assert sam.send(page, marking, about="nonsense", said="fine").status == 404
    unread(document_id)
    assert sam.send(page, reading, text="x").status == 404


def test_what_has_ended_is_marked_no_more(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, _document_id = to_review(cast, SUBMITTED)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Nobody has taken this request yet." in page.words
    factories.step(ticket, "withdraw", cast)
    assert say(sam, page, "name", "fine").status == 409
    assert read(sam, page, "name", "Another").status == 409
    shown = sam.get(page.path)
    assert "nothing is marked any more" in shown.words
    assert 'name="said"' not in shown.text


def test_an_earlier_worksheet_is_there_to_compare(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    before = sam.get(f"/tickets/{ticket.id}/review")
    later = sent_anew(document_id)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert page.path.endswith(f"/{later}")
    assert "Sent before this one:" in page.words
    assert sam.get(before.path).path == page.path
    told = say(sam, before, "", "fine")
    assert told.path == page.path
    assert "A newer one has come meanwhile." in told.words
    assert "Accepted" not in sam.get(page.path).words


def test_a_worksheet_is_compared_with_the_one_before(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    assert "Compare with" not in sam.get(f"/tickets/{ticket.id}/review").words
    later = sent_anew(document_id)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Compare with the one before The same is filled in." in page.words
    worksheets.correct(later, "course2.score", "95", cast.sam)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Field Before Now Policy & Procedure, Score, % 92 95" in page.words


def test_a_comparison_tells_of_what_is_on_the_worksheet_and_of_nothing_else(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    later = sent_anew(document_id)
    for blank in ("admin.asked_name", "admin.asked_at", "admin.asked_person", "user.addressed_by"):
        worksheets.correct(later, blank, "7", cast.sam)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Compare with the one before The same is filled in." in page.words
    worksheets.correct(later, "admin.name", "Dora Price", cast.sam)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert "Dana Price Dora Price" in page.words
    assert "Dora Price, " not in page.words


def test_what_was_filled_in_on_the_desks_own_page_is_not_read_otherwise(
    cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    page = sam.get(f"/tickets/{ticket.id}/review")
    blanks = ("user.signature", "course1.day", "name")
    forms = [form_about(page, "blank", blank) for blank in blanks]
    with transaction() as session:
        document = session.get_one(Document, document_id)
        assert document.reading is not None
        document.reading = replace(document.reading, how=How.WEB)
    page = sam.get(f"/tickets/{ticket.id}/review")
    assert 'name="blank"' not in page.text
    for form in forms:
        assert sam.send(page, form, text="Another").status == 404


def test_worksheets_come_first_on_the_ticket(cast: factories.Cast, visit: Visit) -> None:
    ticket, document_id = to_review(cast)
    later = sent_anew(document_id)
    with transaction() as session:
        session.get_one(Document, document_id).kind = OTHER
        session.get_one(Document, later).name = "worksheet.pdf"
    for reader in (cast.sam, cast.admin):
        shown = visit(reader).get(f"/tickets/{ticket.id}").text
        assert shown.index(f"/documents/{later}") < shown.index(f"/documents/{document_id}")


def test_what_is_checked_for_viruses_waits(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket, document_id = to_review(cast)
    before = sam.get(f"/tickets/{ticket.id}/review")
    with transaction() as session:
        session.get_one(Document, document_id).scan = Scan.HELD
    page = sam.get(before.path)
    assert "Being checked for viruses." in page.words
    assert "place-name" not in page.text
    assert 'name="said"' not in page.text
    assert say(sam, before, "", "fine").status != 302
    assert "Accepted" not in sam.get(before.path).words


def test_the_review_takes_few_queries(app: Flask, cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    ticket = factories.ticket(IN_REVIEW, by=cast, type=NEW_USER)
    first = sam.get(f"/tickets/{ticket.id}/review").path
    document_id = int(first.rpartition("/")[2])
    for number in range(5):
        reviews.mark(document_id, f"check{number}", Said.FINE, "", cast.sam)
    with queries(app) as seen:
        assert sam.get(first).status == 200
    assert len(seen) <= 12, "\n\n".join(seen)
