"""A request that does not fit the license is refused in words that lead to the one that does."""

import re

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows import license as life
from workflows.guards import LABELS, NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY

WAY_BACK: dict[str, tuple[str, str | None]] = {
    life.ABSENT: ("has no license yet", NEW_USER),
    life.NOT_ISSUED: ("was never given a license", NEW_USER),
    life.DELETED: ("has been deleted", NEW_USER),
    life.REQUESTED: ("still being made", None),
    life.ACTIVE: ("has an active license", NEW_PASSWORD),
    life.LOCKED: ("has a locked license", NEW_PASSWORD),
    life.INACTIVE: ("has an inactive license", REACTIVATE),
    life.EXPIRED: ("has expired", RECERTIFY),
    life.SUSPENDED: ("Please call HAND", None),
}
FITS = {
    NEW_USER: {life.ABSENT, life.NOT_ISSUED, life.DELETED},
    NEW_PASSWORD: {life.ACTIVE, life.LOCKED},
    REACTIVATE: {life.INACTIVE},
    RECERTIFY: {life.ACTIVE, life.EXPIRED},
}
TABLE = [(type_name, state) for type_name in FITS for state in WAY_BACK]


@pytest.mark.parametrize(("type_name", "state"), TABLE)
def test_every_form_for_every_state_of_a_license(
    type_name: str, state: str, cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(state, of=cast.agency)
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{type_name}?person={about.id}")
    assert page.status == 200
    assert about.name in page.words
    if state in FITS[type_name]:
        assert_can_be_sent(page)
        return
    words, instead = WAY_BACK[state]
    assert f"{LABELS[type_name]} does not fit here" in page.words
    assert words in page.words
    assert "Send request to HAND" not in page.words
    assert leads_to(page) == instead
    if instead:
        right = dana.get(f"/requests/new/{instead}?person={about.id}")
        assert_can_be_sent(right)
        assert about.name in right.words
        assert (about.username or "") in right.words


def assert_can_be_sent(page: Answer) -> None:
    assert "does not fit here" not in page.words
    assert "Send request to HAND" in page.words


def leads_to(page: Answer) -> str | None:
    """The type of the form that the page offers instead, for the same person."""
    person = page.path.partition("person=")[2]
    found = re.search(rf'href="/requests/new/(\w+)\?person={person}"', page.text)
    if found is None:
        return None
    assert f"The right request is {LABELS[found[1]]}." in page.words
    assert f"File {LABELS[found[1]]} instead" in page.words
    return found[1]


@pytest.mark.parametrize(("type_name", "state"), TABLE)
def test_what_is_sent_all_the_same_is_refused_and_leads_there_too(
    type_name: str, state: str, cast: factories.Cast, visit: Visit
) -> None:
    """The license changed after the form was shown, or somebody made the request up."""
    about = factories.licensee(state, of=cast.agency)
    if state in FITS[type_name]:
        return
    dana = visit(cast.admin)
    page = dana.get("/requests/new")
    token = page.form_with("csrf_token").fields["csrf_token"].value
    path = f"/requests/new/{type_name}?person={about.id}"
    sent = {"csrf_token": token, "key": "made-up-by-somebody", "happened": "locked",
            "vouched": "y", "reason": "no_log_in", "employment": "employee",
            "supervisor": "Robin Ames", "access_level": "agency_staff",
            "provider": "Shelter", "note": "Please be quick."}  # fmt: skip
    refused = dana.post(path, sent)
    assert refused.status in {409, 422}, refused.words
    assert leads_to(refused) == WAY_BACK[state][1]


def test_a_licensee_is_told_what_is_not_for_now(app: Flask, cast: factories.Cast) -> None:
    about = factories.licensee(life.EXPIRED, of=cast.agency)
    page = Visitor(app).sign_in(about.id, Proof.LINK).get("/requests/new")
    assert "You have a license that has expired." in page.words
    assert "When your license has expired, or soon will." in page.words
    assert f"/requests/new/{RECERTIFY}?person={about.id}" in page.text
    assert f"/requests/new/{NEW_PASSWORD}" not in page.text


@pytest.mark.parametrize(
    ("type_name", "state"), [(NEW_USER, life.DELETED), (REACTIVATE, life.INACTIVE)]
)
def test_an_agency_admin_does_not_file_it_for_themselves(
    type_name: str, state: str, cast: factories.Cast, visit: Visit
) -> None:
    admin = factories.admin(cast.agency)
    factories.give_license(db.session.get_one(Person, admin.person_id), state, cast.agency)
    page = visit(admin).get(f"/requests/new/{type_name}?person={admin.person_id}")
    others = f"Ask {cast.admin.name} or HAND to file it for you."
    assert f"Nobody files this for themselves. {others}" in page.words
    assert "Send request to HAND" not in page.words


@pytest.mark.parametrize(
    ("state", "asked", "right"),
    [(life.ACTIVE, REACTIVATE, NEW_PASSWORD), (life.EXPIRED, REACTIVATE, RECERTIFY),
     (life.ACTIVE, NEW_USER, NEW_PASSWORD)],
)  # fmt: skip
def test_who_asks_for_themselves_reads_one_thing_to_do(
    state: str, asked: str, right: str, cast: factories.Cast, visit: Visit
) -> None:
    admin = factories.admin(cast.agency)
    factories.give_license(db.session.get_one(Person, admin.person_id), state, cast.agency)
    page = visit(admin).get(f"/requests/new/{asked}?person={admin.person_id}")
    assert leads_to(page) == right
    assert "You have a" in page.words
    assert "Nobody files this for themselves" not in page.words


def test_and_is_not_led_to_a_request_that_others_have_to_file(
    cast: factories.Cast, visit: Visit
) -> None:
    admin = factories.admin(cast.agency)
    about = db.session.get_one(Person, admin.person_id)
    factories.give_license(about, life.INACTIVE, cast.agency)
    page = visit(admin).get(f"/requests/new/{NEW_PASSWORD}?person={about.id}")
    words = (
        "You have an inactive license. The right request is Reactivate License. "
        f"Nobody files this for themselves. Ask {cast.admin.name} or HAND to file it for you."
    )
    assert words in page.words
    assert f"/requests/new/{REACTIVATE}" not in page.text


def test_a_licensee_whose_request_the_admin_files_is_told_so(
    app: Flask, cast: factories.Cast
) -> None:
    about = factories.licensee(life.INACTIVE, of=cast.agency)
    page = Visitor(app).sign_in(about.id, Proof.LINK).get("/requests/new")
    words = "You have an inactive license. Ask your agency’s admin to file Reactivate License"
    assert words in page.words


def test_an_error_far_from_its_field_names_the_field(cast: factories.Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.fill(f"/requests/new/{NEW_USER}", "email", email="x", phone="1" * 41)
    for words in ("Work email: That is not an email address", "Work phone: This is too long",
                  "Say whether the person is an employee, intern or volunteer."):  # fmt: skip
        assert words in page.words


def test_a_course_tells_whom_it_is_for_only_while_that_is_open(
    cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(life.EXPIRED, of=cast.agency)
    with transaction():
        row = license_of(db.session(), about.id)
        assert row is not None
        row.access_level = "case_manager_1"
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{RECERTIFY}?person={about.id}")
    assert "Advanced Privacy & Data Sharing" in page.words
    assert "Only for" not in page.words
    assert "Only for Case Manager" in dana.get(f"/requests/new/{NEW_USER}").words
