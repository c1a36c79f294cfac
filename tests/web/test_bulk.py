"""Recertifying several people at once, without scripts: everything goes with the form."""

import io
from datetime import timedelta
from typing import Any

from helpdesk.extensions import db, settings
from helpdesk.models.bulk import Bulk
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.bulks import begun, expired, held, lately, sheet
from tests.support.papers import docx
from tests.support.worksheets import encrypted
from tests.web.conftest import Visit
from tests.web.filing import day
from tests.web.markup import Answer
from tests.web.visitor import OURS, Visitor
from workflows.license import ACTIVE


def send(visitor: Visitor, page: Answer, **more: Any) -> Answer:
    """The form as it stands, with what is typed, pressed and chosen; files as a list."""
    form = page.form_with("stack" if "/recertifications/" in page.path else "list")
    pressed = {"send", "save", "leave-out", "remove-document"}
    stood = {k: v for k, v in form.values().items()
             if k not in pressed and form.fields[k].kind != "file"}  # fmt: skip
    return visitor.ask("POST", form.action or page.path, data={**stood, **more}, origin=OURS,
                       follow_redirects=True)  # fmt: skip


def files(*each: tuple[bytes, str]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(data), name) for data, name in each]


def the_bulk() -> Bulk:
    return db.session.query(Bulk).order_by(Bulk.id.desc()).first() or Bulk()


def test_people_are_ticked_the_stack_is_read_and_the_ready_ones_are_sent(
    cast: factories.Cast, visit: Visit
) -> None:
    ann, bea, cyd = expired(cast.agency, 3)
    dana = visit(cast.admin)
    page = dana.get("/recertifications")
    assert ann.name in page.words
    page = send(dana, page, person=[str(ann.id), str(bea.id)])
    assert page.words.count("Still needed") == 2
    stack = files(
        (sheet(ann, cast.agency), "a.pdf"),
        (sheet(bea, cast.agency, user__signature=""), "b.pdf"),
        (sheet(cyd, cast.agency), "c.pdf"),
    )
    page = send(dana, page, save="1", stack=stack)
    assert "2 ready" in page.words
    assert "The signature of the user is missing." in page.words
    page = send(dana, page, send="1")
    assert "2 of 3 sent" in page.words
    assert db.session.query(Ticket).count() == 2
    page = send(dana, page, save="1",
                **{f"worksheet-{bea.id}": files((sheet(bea, cast.agency), "b2.pdf"))})  # fmt: skip
    page = send(dana, page, send="1")
    assert "3 of 3 sent" in page.words
    again = dana.get(page.path)
    for ticket in db.session.query(Ticket):
        assert ticket.number in again.words


def test_what_is_typed_is_kept_and_what_is_no_day_stays_to_be_mended(
    cast: factories.Cast, visit: Visit
) -> None:
    ann, bea = expired(cast.agency, 2)
    dana = visit(cast.admin)
    path = f"/recertifications/{begun(cast.admin, cast.agency, ann, bea).bulk_id}"
    first, second = f"p{ann.id}-course_basic_privacy", f"p{bea.id}-course_basic_privacy"
    page = send(dana, dana.get(path), save="1",
                **{first: lately().isoformat(), second: "last week"})  # fmt: skip
    assert "This is no date." in page.words
    form = page.form_with(first)
    assert (form.fields[first].value, form.fields[second].value) == (
        lately().isoformat(), "last week",
    )  # fmt: skip
    assert dana.get(path).form_with(first).fields[first].value == lately().isoformat()


def test_a_worksheet_fills_in_the_days_that_nobody_has_touched(
    cast: factories.Cast, visit: Visit
) -> None:
    """The page shows them empty when the worksheet is sent with it."""
    (ann,) = expired(cast.agency)
    dana = visit(cast.admin)
    desk = begun(cast.admin, cast.agency, ann)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    page = send(dana, page, save="1", stack=files((sheet(ann, cast.agency), "a.pdf")))
    assert "1 ready" in page.words
    field = f"p{ann.id}-course_basic_privacy"
    page = send(dana, page, save="1", **{field: ""})
    assert page.form_with(field).fields[field].value == ""
    assert "is required: say when" in page.words


def test_one_that_asks_for_a_password_says_so(cast: factories.Cast, visit: Visit) -> None:
    (ann,) = expired(cast.agency)
    dana, desk = visit(cast.admin), begun(cast.admin, cast.agency)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    data = encrypted(sheet(ann, cast.agency), "a password")
    page = send(dana, page, save="1", stack=files((data, "a.pdf")))
    assert "It asks for a password, so HAND can’t open it." in page.words


def test_what_a_worksheet_lacks_is_not_asked_for_at_the_input(
    cast: factories.Cast, visit: Visit
) -> None:
    """Else it is typed, and then the worksheet is refused."""
    (ann,) = expired(cast.agency)
    dana, desk = visit(cast.admin), begun(cast.admin, cast.agency, ann)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    data = sheet(ann, cast.agency, course1__day="")
    page = send(dana, page, save="1", stack=files((data, "a.pdf")))
    assert "Basic Privacy & Security has no date on the worksheet." in page.words
    assert "is required: say when" not in page.words


def test_a_day_on_a_worksheet_is_mended_there_and_one_typed_otherwise_at_its_input(
    cast: factories.Cast, visit: Visit
) -> None:
    (ann,) = expired(cast.agency)
    dana, desk = visit(cast.admin), begun(cast.admin, cast.agency, ann)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    old = f"{today() - timedelta(days=500):%m/%d/%Y}"
    page = send(dana, page, save="1", stack=files((sheet(ann, cast.agency, course1__day=old),
                                                   "a.pdf")))  # fmt: skip
    replace, field = f'href="#worksheet-{ann.id}"', f"p{ann.id}-course_basic_privacy"
    assert page.words.count("so it has to be taken again") == 1
    assert "To mend on the worksheet" in page.words
    assert (replace in page.text, f'href="#{field}"' in page.text) == (True, False)
    page = send(dana, page, save="1", **{field: day(9)})
    assert (replace in page.text, f'href="#{field}"' in page.text) == (True, False)
    page = send(dana, page, save="1", stack=files((sheet(ann, cast.agency), "b.pdf")))
    assert "typed is" in page.words
    assert (replace in page.text, f'href="#{field}"' in page.text) == (False, True)


def test_a_worksheet_that_nobody_could_match_is_matched_by_hand(
    cast: factories.Cast, visit: Visit
) -> None:
    (ann,) = expired(cast.agency)
    dana = visit(cast.admin)
    desk = begun(cast.admin, cast.agency)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    page = send(dana, page, save="1", stack=files((docx(), "scan.docx")))
    assert "Whose is this?" in page.words
    (loose,) = desk.read().loose
    page = send(dana, page, save="1", **{f"whose-{loose.id}": str(ann.id)})
    assert "Whose is this?" not in page.words
    assert "so HAND will" not in page.words, "the days are still missing"
    names = [course.name for course in desk.line(ann).courses]
    days = {f"p{ann.id}-course_{name}": lately().isoformat() for name in names}
    page = send(dana, page, save="1", **days)
    assert "so HAND will" in page.words


def test_more_files_than_are_read_in_one_go_are_named(cast: factories.Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.get(f"/recertifications/{begun(cast.admin, cast.agency).bulk_id}")
    stack = files(*((b"no document", f"{number}.pdf") for number in range(22)))
    page = send(dana, page, save="1", stack=stack)
    assert "20 worksheets are read in one go. Choose again: “20.pdf”, “21.pdf”." in page.words


def test_what_no_page_of_ours_sends_does_no_harm(cast: factories.Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    (stranger,) = expired(factories.agency())
    desk = begun(cast.admin, cast.agency)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    page = send(dana, page, **{
        "leave-out": "9" * 30, "remove-document": "x", f"whose-{'9' * 5000}": str(stranger.id),
        f"worksheet-{'9' * 5000}": files((docx(), "a.docx")),
        f"worksheet-{stranger.id}": files((docx(), "b.docx")),
    })  # fmt: skip
    assert (page.status, desk.read().lines, desk.read().loose) == (200, (), ())


def test_somebody_is_left_out_but_not_once_they_are_sent(
    cast: factories.Cast, visit: Visit
) -> None:
    ann, bea = expired(cast.agency, 2)
    dana = visit(cast.admin)
    desk = begun(cast.admin, cast.agency, ann, bea)
    desk.bring(sheet(ann, cast.agency))
    page = send(dana, dana.get(f"/recertifications/{desk.bulk_id}"), send="1")
    page = send(dana, page, **{"leave-out": str(ann.id)})
    page = send(dana, page, **{"leave-out": str(bea.id)})
    assert "1 of 1 sent" in page.words


def test_with_nobody_chosen_nothing_is_begun(cast: factories.Cast, visit: Visit) -> None:
    expired(cast.agency, 2)
    dana = visit(cast.admin)
    page = send(dana, dana.get("/recertifications"))
    assert "Choose at least one person, or a list." in page.words
    assert db.session.query(Bulk).count() == 0


def test_a_list_brings_people_and_days(cast: factories.Cast, visit: Visit) -> None:
    ann, bea = expired(cast.agency, 2)
    day = f"{lately():%m/%d/%Y}"
    text = (
        "Email,Basic Privacy & Security,Basic Privacy & Security score,Policy & Procedure date\n"
        f"{ann.email},{day},92,{day}\n"
        f"{bea.email},{day},55,soon\n"
        "nobody@agency.example,,,\n"
    )
    dana = visit(cast.admin)
    page = send(dana, dana.get("/recertifications"), list=files((text.encode(), "people.csv"))[0])
    form = page.form_with(f"p{ann.id}-course_basic_privacy")
    assert form.fields[f"p{ann.id}-course_policy_procedure"].value == lately().isoformat()
    assert form.fields[f"p{bea.id}-course_basic_privacy"].value == ""
    assert "Line 3: Basic Privacy & Security: 55 % is less than the 80 % it takes." in page.words
    assert "Line 3: Policy & Procedure: “soon” is no day" in page.words
    assert "Line 4: “nobody@agency.example” is nobody among these people." in page.words


def test_a_list_without_names_is_refused_at_its_input(cast: factories.Cast, visit: Visit) -> None:
    expired(cast.agency)
    dana = visit(cast.admin)
    page = send(dana, dana.get("/recertifications"), list=files((b"a,b\n1,2\n", "x.csv"))[0])
    assert "x.csv has no column of usernames or emails" in page.words
    assert db.session.query(Bulk).count() == 0


def test_staff_choose_the_agency_and_whom_they_file_for(cast: factories.Cast, visit: Visit) -> None:
    (ann,) = expired(cast.agency)
    sam = visit(cast.sam)
    page = sam.get("/recertifications")
    assert ann.name not in page.words
    page = sam.get(f"/recertifications?agency={cast.agency.id}")
    page = send(sam, page, person=[str(ann.id)])
    assert f"for {cast.admin.name}" in page.words
    page = send(sam, page, send="1", stack=files((sheet(ann, cast.agency), "a.pdf")))
    assert "1 of 1 sent" in page.words
    (ticket,) = db.session.query(Ticket)
    assert ticket.filer_id == cast.admin.person_id


def test_staff_are_told_where_nobody_could_ask(cast: factories.Cast, visit: Visit) -> None:
    page = visit(cast.sam).get(f"/recertifications?agency={factories.agency().id}")
    assert "it has no admin who signs in" in page.words
    assert not any("list" in form.fields for form in page.forms)


def test_nobody_is_recertified_for_an_agency_that_is_not_theirs_any_more(
    cast: factories.Cast, visit: Visit
) -> None:
    """Ann has moved since: she is neither shown nor sent."""
    ann, bea = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, ann, bea)
    desk.bring(sheet(ann, cast.agency))
    other = factories.agency()
    with transaction() as session:
        held(ann).agency_id = other.id
        session.flush()
    dana = visit(cast.admin)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    assert ann.name not in page.words
    page = send(dana, page, save="1", send="1")
    assert db.session.query(Ticket).count() == 0


def test_why_somebody_cant_be_recertified_is_said_instead_of_what_is_missing(
    cast: factories.Cast, visit: Visit
) -> None:
    (ann,) = expired(cast.agency, 1, ACTIVE)
    with transaction() as session:
        held(ann).expires_on = lately().replace(year=lately().year + 1)
        session.flush()
    name = db.session.get_one(Person, ann.id).name
    page = visit(cast.admin).get(
        f"/recertifications/{begun(cast.admin, cast.agency, ann).bulk_id}"
    )
    assert "Can’t be sent" in page.words
    assert f"{name}’s license runs until" in page.words
    assert "Still needed" not in page.words


def test_the_script_is_told_whose_a_worksheet_is(cast: factories.Cast, visit: Visit) -> None:
    (ann,) = expired(cast.agency)
    dana = visit(cast.admin)
    desk = begun(cast.admin, cast.agency)
    page = dana.get(f"/recertifications/{desk.bulk_id}")
    token = page.form_with("stack").fields["csrf_token"].value

    def add(data: bytes, **more: str) -> Answer:
        (file,) = files((data, "a.pdf"))
        return dana.ask("POST", f"/recertifications/{desk.bulk_id}/worksheets", origin=OURS,
                        data={"csrf_token": token, "file": file, **more})  # fmt: skip

    assert ann.name in add(sheet(ann, cast.agency)).text
    answer = add(b"no document")
    assert (answer.status, "sentence" in answer.text) == (422, True)
    assert settings().BULK_PEOPLE == 100
