"""Correcting a name or an email on the page: errors at the field, nothing typed is lost."""

import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.services import corrections
from helpdesk.services.corrections import OnFile
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.second_steps import grow_stale
from tests.web.conftest import Visit
from tests.web.markup import Answer
from workflows import license as life
from workflows.common import IN_REVIEW

FIELDS = ("first_name", "last_name", "email", "reason")


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(life.ACTIVE, of=cast.agency, email="ann.lea@agency.example")


def path(person: Person) -> str:
    return f"/people/{person.id}/correct"


def fresh(person: Person) -> Person:
    return db.session.get_one(Person, person.id, populate_existing=True)


def typed(page: Answer) -> dict[str, str | None]:
    form = page.form_with("first_name")
    return {name: form.fields[name].value for name in FIELDS if name in form.fields}


def test_an_admin_corrects_from_my_people_and_staff_read_it_in_the_history(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    dana, was = visit(cast.admin), ann.name
    assert f'href="{path(ann)}"' in dana.get(f"/people/{ann.id}").text
    page = dana.fill(path(ann), "email", first_name="Anne", email="ann.lee@agency.example",
                     reason="It was misspelled.")  # fmt: skip
    assert f"What is on file for {fresh(ann).name} is corrected." in page.words
    assert "ann.lee@agency.example" in page.words
    assert "corrected the name" not in page.words
    history = visit(cast.sam).get(f"/people/{ann.id}").words
    said = (f"{cast.admin.name} corrected the name from {was} to {ann.name} and the email from"
            " ann.lea@agency.example to ann.lee@agency.example")  # fmt: skip
    assert said in history
    assert "It was misspelled." in history


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"first_name": " "}, "Type the first name."),
        ({"last_name": ""}, "Type the last name."),
        ({"last_name": "x" * 121}, "This is too long"),
        ({"email": "ann at home"}, "This is no email address."),
        ({"email": "ann@gmail.com"}, "This is a personal address."),
        ({"email": "ann@agency.example\nbcc: all@agency.example"}, "This is no email address."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    wrong: dict[str, str], error: str, ann: Person, cast: Cast, visit: Visit
) -> None:
    page = visit(cast.admin).fill(path(ann), "email", **{"reason": "Ah.", **wrong})
    assert page.status == 200
    assert error in page.words
    assert page.title.startswith("Error: ")
    assert page.areas == ["Ah."]
    assert fresh(ann).email == "ann.lea@agency.example"


def test_an_email_of_a_colleague_is_told_with_the_way_to_them(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    bea = factories.licensee(life.ACTIVE, of=cast.agency)
    page = visit(cast.admin).fill(path(ann), "email", first_name="Anne", email=bea.email or "")
    assert f"This email is on file for {bea.name}." in page.words
    assert f'href="{path(bea)}"' in page.text
    assert typed(page)["first_name"] == "Anne"


def test_there_is_no_way_to_whom_the_reader_has_no_page_of(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    """Who works for HAND may have no license, and is for managers to look at."""
    joan = db.session.get_one(Person, cast.joan.person_id)
    for who, seen in ((cast.sam, False), (factories.staff(manager=True), True)):
        page = visit(who).fill(path(ann), "email", email=joan.email or "")
        assert f"This email is on file for {joan.name}." in page.words
        assert (f'href="{path(joan)}"' in page.text) is seen


def test_an_admins_new_email_is_refused_at_its_field(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    page = visit(cast.sam).fill(path(ann), "email", first_name="Anne", email="x@agency.example")
    assert "one of HAND’s managers can change the email" in page.words
    assert typed(page)["email"] == "x@agency.example"
    assert fresh(ann).email == "ann.lea@agency.example"


def test_of_an_email_in_other_letters_nobody_is_told(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    page = visit(cast.sam).fill(path(ann), "email", email="Ann.Lea@agency.example")
    assert "is corrected." in page.words
    assert "is told by email" not in page.words


def test_a_colleague_who_was_faster_is_named_and_sending_again_goes_through(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    page = dana.get(path(ann))
    told = OnFile("Anna", ann.last_name, "anna@agency.example")
    corrections.correct(ann.id, told, 0, cast.sam)
    late = dana.send(page, page.form_with("email"), first_name="Anne")
    assert late.status == 409
    assert "Somebody was faster" in late.words
    assert f"{cast.sam.name} corrected the name" in late.words
    assert (fresh(ann).first_name, typed(late)["first_name"]) == ("Anna", "Anne")
    dana.send(late, late.form_with("email"))
    assert fresh(ann).first_name == "Anne"


def test_the_form_sent_twice_says_that_it_is_done(ann: Person, cast: Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.get(path(ann))
    for words in ("is corrected.", "is on file for"):
        assert words in dana.send(page, page.form_with("email"), first_name="Anne").words


def test_what_is_for_others_to_correct_says_who_can(cast: Cast, visit: Visit) -> None:
    herself = factories.licensee(life.ACTIVE, of=cast.agency)
    factories.grant(herself, Role.AGENCY_ADMIN, cast.agency.id)
    page = visit(factories.as_licensee(herself)).get(path(herself))
    assert "Nobody corrects their own name or email." in page.words
    assert "Save what is right" not in page.text


def test_a_manager_corrects_somebody_without_a_license(cast: Cast, visit: Visit) -> None:
    sam = db.session.get_one(Person, cast.sam.person_id)
    morgan = visit(factories.staff(manager=True))
    page = morgan.fill(path(sam), "email", last_name="Reid")
    assert page.path == f"/manage/people/{sam.id}"
    assert "corrected the name" in page.words


def test_whoever_judges_a_ticket_sees_that_the_email_was_changed_lately(
    cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    ann = db.session.get_one(Person, ticket.person_id)
    sam = visit(cast.sam)
    assert f'href="{path(ann)}"' in sam.get(f"/tickets/{ticket.id}").text
    told = OnFile(ann.first_name, ann.last_name, "new@agency.example")
    corrections.correct(ann.id, told, 0, cast.admin)
    page = sam.get(f"/tickets/{ticket.id}")
    assert f"The email was changed by {cast.admin.name}" in page.words
    assert "The email was changed" not in visit(cast.admin).get(f"/tickets/{ticket.id}").words


def test_after_a_while_it_is_asked_who_sits_there(cast: Cast, ann: Person, visit: Visit) -> None:
    boss: Actor = factories.admin(cast.agency, password=PASSWORD)
    dana = visit(boss)
    grow_stale()
    page = dana.fill(path(ann), "email", first_name="Anne")
    assert (page.status, fresh(ann).first_name) == (403, "Person")
    dana.send(page, page.form_with("proof_password"), proof_password=PASSWORD)
    assert fresh(ann).first_name == "Anne"
