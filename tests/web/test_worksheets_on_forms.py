"""A worksheet on a request's form: read as it arrives, told of, and mended before it is sent."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import today
from tests import factories
from tests.factories import Cast
from tests.support import worksheets as sheets
from tests.web import worksheets
from tests.web.conftest import Visit
from tests.web.filing import day
from tests.web.markup import Answer
from tests.web.visitor import OURS, Visitor
from workflows.common import IN_REVIEW, WAITING
from workflows.dates import in_words
from workflows.guards import NEW_USER, RECERTIFY
from workflows.license import EXPIRED
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    NEW_USER_WORKSHEET,
    RECERTIFICATION_WORKSHEET,
)
from workflows.training import STANDARD

LEVEL = "agency_staff"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(EXPIRED, of=cast.agency)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


def send(dana: Visitor, page: Answer, files: dict[str, bytes], **typed: str) -> Answer:
    """The form of a page with these documents, by their kinds."""
    came = {f"document-{kind}": (io.BytesIO(data), f"{kind}.pdf") for kind, data in files.items()}
    form = next(f for f in page.forms if "key" in f.values())
    return dana.ask("POST", form.action or page.path, origin=OURS, follow_redirects=True,
                    data={**form.values(), **typed, **came})  # fmt: skip


def renewal(dana: Visitor, ann: Person) -> Answer:
    return dana.get(f"/requests/new/{RECERTIFY}?person={ann.id}")


def days(ago: int = 30) -> dict[str, str]:
    return {"course_basic_privacy": day(ago), "course_policy_procedure": day(ago)}


def ticket_of(ann: Person) -> Ticket | None:
    return db.session.query(Ticket).filter_by(person_id=ann.id).one_or_none()


def test_a_right_worksheet_is_sent_and_its_days_need_no_typing(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id)
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data})
    assert "HAND has your request" in page.words, page.words
    ticket = ticket_of(ann)
    assert ticket is not None
    assert ticket.fields["courses"]["basic_privacy"] == days()["course_basic_privacy"]
    assert "Every check passes." in page.words
    (document,) = documents_of(db.session(), ticket.id)
    assert document.reading is not None


@pytest.mark.parametrize("way", sheets.WAYS.values(), ids=sheets.WAYS)
def test_however_it_was_filled_in(dana: Visitor, ann: Person, way: sheets.Way) -> None:
    data = way(worksheets.recertification(dana, ann.id))
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data})
    assert "Every check passes." in page.words, page.words


def test_a_wrong_one_is_not_sent_and_says_what_to_mend(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id, user__signature="", admin__name="")
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data}, **days())
    assert ticket_of(ann) is None
    assert "The worksheet is not right yet" in page.words
    assert "2 things are not right:" in page.words
    for sentence in ("The signature of the user is missing.",
                     "The name of the agency admin who verified it is missing."):  # fmt: skip
        assert page.words.count(sentence) == 2, "once on top, once beside the document"
    mended = send(dana, page, {RECERTIFICATION_WORKSHEET: worksheets.recertification(dana, ann.id)})
    assert "HAND has your request" in mended.words


def test_a_score_that_is_missing_is_for_hand_to_look_at(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id, course1__score="")
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data})
    assert "HAND has your request" in page.words, page.words
    assert "HAND looks at 1 thing:" in page.words
    assert "Basic Privacy & Security has no score on the worksheet" in page.words
    ticket = ticket_of(ann)
    assert ticket is not None
    assert ticket.fields["courses"]["basic_privacy"] == days()["course_basic_privacy"]


def test_files_alone_are_judged_and_fill_in_the_days(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id, course2__day="")
    shown = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data},
                 **{"add-documents": "1"})  # fmt: skip
    values = shown.form_with("course_basic_privacy").values()
    assert values["course_basic_privacy"] == days()["course_basic_privacy"]
    assert values["course_policy_procedure"] == ""
    assert values["read-course_basic_privacy"] == days()["course_basic_privacy"]
    assert values["read-course_policy_procedure"] == ""
    assert "1 thing is not right:" in shown.words
    assert "Please mend this first" not in shown.words


def test_a_course_is_told_of_at_its_input(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id)
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data}, **days(29))
    assert ticket_of(ann) is None
    first, other = (in_words(today() - timedelta(days=ago)) for ago in (29, 30))
    sentence = f"Policy & Procedure: typed is {first}, the worksheet says {other}."
    assert f"#course_policy_procedure\">{sentence}".replace("&", "&amp;") in page.text
    sent = send(dana, page, {}, **days(30))
    assert "HAND has your request" in sent.words


def test_one_made_for_somebody_else_is_refused(dana: Visitor, ann: Person, cast: Cast) -> None:
    bea = factories.licensee(EXPIRED, of=cast.agency)
    data = worksheets.recertification(dana, bea.id)
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data}, **days())
    assert "1 thing is not right:" in page.words
    assert f"This worksheet is {bea.name}’s, the request is for {ann.name}" in page.words
    assert ticket_of(ann) is None


def test_the_days_of_somebody_else_are_not_taken_over(
    dana: Visitor, ann: Person, cast: Cast
) -> None:
    bea = factories.licensee(EXPIRED, of=cast.agency)
    data = worksheets.recertification(dana, bea.id)
    shown = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data},
                 **{"add-documents": "1"})  # fmt: skip
    values = shown.form_with("course_basic_privacy").values()
    assert values["course_basic_privacy"] == values["read-course_basic_privacy"] == ""


def test_the_days_on_another_form_are_not_taken_over(dana: Visitor, ann: Person) -> None:
    data = worksheets.recertification(dana, ann.id)
    shown = send(dana, dana.get(f"/requests/new/{NEW_USER}"), {NEW_USER_WORKSHEET: data},
                 **{**newcomer(), "add-documents": "1"})  # fmt: skip
    assert "Attach the New User License Worksheet." in shown.words
    assert shown.words.count("If the worksheet is right as it is") == 1  # the script's
    values = shown.form_with("course_basic_privacy").values()
    assert values["course_basic_privacy"] == values["read-course_basic_privacy"] == ""


def test_a_scan_is_sent_and_waits_for_a_person(dana: Visitor, ann: Person) -> None:
    data = sheets.scanned(worksheets.recertification(dana, ann.id))
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data}, **days())
    assert "HAND has your request" in page.words
    assert "HAND checks this one by hand." in page.words


def test_one_with_a_password_is_not_sent_and_one_that_is_locked_against_changes_is(
    dana: Visitor, ann: Person
) -> None:
    data = worksheets.recertification(dana, ann.id)
    page = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: sheets.encrypted(data, "x")},
                **days())  # fmt: skip
    assert "The worksheet asks for a password, so HAND can’t open it." in page.words
    assert "HAND can’t open this one." in page.words
    assert ticket_of(ann) is None
    sent = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: sheets.encrypted(data, "")},
                **days())  # fmt: skip
    assert "HAND has your request" in sent.words
    assert "It is locked against changes, so no program reads it." in sent.words


@pytest.fixture
def telling(app: Flask) -> Iterator[None]:
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(kept, WORKSHEETS="tell")
    yield
    app.extensions["settings"] = kept


@pytest.mark.usefixtures("telling")
def test_where_staff_judge_a_wrong_one_is_sent_and_shown_to_them(
    dana: Visitor, ann: Person, cast: Cast, visit: Visit
) -> None:
    data = worksheets.recertification(dana, ann.id, user__signature="")
    sent = send(dana, renewal(dana, ann), {RECERTIFICATION_WORKSHEET: data}, **days())
    assert "HAND has your request" in sent.words
    ticket = ticket_of(ann)
    assert ticket is not None
    page = visit(cast.sam).get(f"/tickets/{ticket.id}")
    assert "The signature of the user is missing." in page.words


def newcomer() -> dict[str, str]:
    told = {"first_name": "Nia", "last_name": "Brandt", "email": "nia@harbor.example",
            "employment": "employee", "supervisor": "Robin Ames", "provider": "Harbor Shelter",
            "access_level": LEVEL}  # fmt: skip
    return told | {f"course_{course.name}": "" for course in STANDARD.courses}


NAMED = {"first_name": "Nia", "last_name": "Brandt", "email": "nia@harbor.example"}


def test_a_newcomers_is_held_against_what_is_typed(dana: Visitor) -> None:
    data = worksheets.new_user(dana, LEVEL, NAMED | {"last_name": "Brand"})
    files = {NEW_USER_WORKSHEET: data, AGREEMENT_AND_ETHICS: sheets.flattened(data)}
    page = send(dana, dana.get(f"/requests/new/{NEW_USER}"), files, **newcomer())
    sentence = "The name on the worksheet is Nia Brand, on file it is Nia Brandt."
    assert page.words.count(sentence) >= 1, page.words
    mended = {NEW_USER_WORKSHEET: worksheets.new_user(dana, LEVEL, NAMED)}
    sent = send(dana, page, mended)
    assert "HAND has your request" in sent.words, sent.words
    assert "Every check passes." in sent.words


def test_the_script_is_told_what_the_page_would_say(dana: Visitor, ann: Person) -> None:
    page = renewal(dana, ann)
    form = page.form_with("note").values()
    data = worksheets.recertification(dana, ann.id, user__signature="")
    answer = dana.client.post(
        f"/documents/drafts?type={RECERTIFY}&person={ann.id}", headers={"Origin": OURS},
        data={**form, "kind": RECERTIFICATION_WORKSHEET, "file": (io.BytesIO(data), "w.pdf")},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    (wrong,) = told["worksheet"]["wrong"]
    assert wrong["words"] == "The signature of the user is missing."
    assert told["courses"] == days()


def asked_again(dana: Visitor, ann: Person, cast: Cast) -> tuple[Ticket, Answer]:
    """HAND wants the worksheet once more; the page where the agency answers."""
    ticket = factories.ticket(IN_REVIEW, by=cast, about=ann, type=RECERTIFY)
    more = {"papers": [RECERTIFICATION_WORKSHEET]}
    factories.step(ticket, "ask_for_more", cast, **more)
    return ticket, dana.get(f"/tickets/{ticket.id}/answer")


def state_of(ticket: Ticket) -> str:
    return db.session.query(Ticket.state).filter_by(id=ticket.id).scalar() or ""


def test_a_worksheet_that_is_sent_anew_is_judged_too(
    dana: Visitor, ann: Person, cast: Cast
) -> None:
    ticket, page = asked_again(dana, ann, cast)
    wrong = worksheets.recertification(dana, ann.id, user__signature="")
    refused = send(dana, page, {RECERTIFICATION_WORKSHEET: wrong}, message="Here it is.")
    assert "The signature of the user is missing." in refused.words
    assert state_of(ticket) == WAITING
    right = {RECERTIFICATION_WORKSHEET: worksheets.recertification(dana, ann.id)}
    send(dana, refused, right, message="Here it is.")
    assert state_of(ticket) == IN_REVIEW


def test_an_answer_may_say_why_it_is_not_right_yet(dana: Visitor, ann: Person, cast: Cast) -> None:
    ticket, page = asked_again(dana, ann, cast)
    wrong = worksheets.recertification(dana, ann.id, user__signature="")
    refused = send(dana, page, {RECERTIFICATION_WORKSHEET: wrong}, message="She is away.")
    assert "without" in refused.text
    send(dana, refused, {}, message="She is away until Monday.", without="y")
    assert state_of(ticket) == IN_REVIEW
