"""A form that is refused comes back with every other answer in it, and says what to mend."""

from collections.abc import Callable

import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer, Form
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, WAITING

SECRET = {"password", "password_again"}
TEXT = "First line – “quoted” <b>bold</b> & more\r\nsecond line, Zoë 🙂"


def filing(of: factories.Cast) -> str:
    about = factories.licensee(of=of.agency)
    return f"/requests/new/request_new_password?person={about.id}"


def step(trigger: str, state: str, of: factories.Cast) -> str:
    return f"/tickets/{factories.ticket(state, by=of).id}/{trigger}"


PAGES: dict[str, Callable[[factories.Cast], tuple[Actor, str]]] = {
    "file": lambda cast: (cast.admin, filing(cast)),
    "file on behalf": lambda cast: (cast.sam, filing(cast)),
    "ask for more": lambda cast: (cast.sam, step("ask_for_more", IN_REVIEW, cast)),
    "reject": lambda cast: (cast.sam, step("reject", IN_REVIEW, cast)),
    "approve": lambda cast: (cast.sam, step("approve", IN_REVIEW, cast)),
    "hand over": lambda cast: (cast.sam, step("hand_over", IN_REVIEW, cast)),
    "answer": lambda cast: (cast.admin, step("answer", WAITING, cast)),
}


@pytest.mark.parametrize("name", PAGES)
def test_one_missing_answer_costs_none_of_the_others(
    name: str, cast: factories.Cast, visit: Visit
) -> None:
    actor, path = PAGES[name](cast)
    visitor = visit(actor)
    page = visitor.get(path)
    form = next(each for each in page.forms if each.visible and each.method == "post")
    typed = {name: an_answer(form, name) for name in asked(form)}
    needed = [field for field in typed if field != "note"]
    for missing in needed:
        again = visitor.send(page, form, **{**typed, missing: ""})
        assert again.status == 200, again.words
        assert_says_what_to_mend(again, missing)
        kept = again.form_with(*typed)
        for each in typed.keys() - {missing}:
            assert kept.fields[each].value == typed[each].replace("\r\n", "\n")
        assert kept.values().get("key") == form.values().get("key")


def an_answer(form: Form, name: str) -> str:
    field = form.fields[name]
    return TEXT if field.kind in ("textarea", "text") else field.options[-1]


def asked(form: Form) -> list[str]:
    """The names of what is to be filled in; files are told of in tests of their own."""
    return [field.name for field in form.visible if field.kind != "file"]


def assert_says_what_to_mend(page: Answer, name: str) -> None:
    assert page.title.startswith("Error: ")
    assert 'role="alert" tabindex="-1" autofocus' in page.text
    ids = page.read().ids
    target = next(each for each in (name, f"{name}-0") if f'href="#{each}"' in page.text)
    assert target in ids
    assert f"{name}-error" in ids


def test_a_text_that_is_too_long_is_kept_whole(cast: factories.Cast, visit: Visit) -> None:
    page = visit(cast.admin).fill(filing(cast), "note", note="x" * 4001, happened="other")
    assert page.status == 200
    assert page.form_with("note").fields["note"].value == "x" * 4001
    assert "note-error" in page.read().ids


@pytest.mark.parametrize("name", ["ask for more", "reject", "answer"])
def test_blanks_are_no_answer(name: str, cast: factories.Cast, visit: Visit) -> None:
    actor, path = PAGES[name](cast)
    visitor = visit(actor)
    before = [ticket.version for ticket in db.session.query(Ticket)]
    form = visitor.get(path).form_with("message")
    typed = {each: an_answer(form, each) for each in asked(form)}
    page = visitor.post(path, {**form.values(), **typed, "message": "  \n\u00a0\t "})
    assert page.status == 200
    assert_says_what_to_mend(page, "message")
    db.session.expire_all()
    assert [ticket.version for ticket in db.session.query(Ticket)] == before


def test_signing_in_keeps_the_name_and_never_the_password(stranger: Visitor) -> None:
    page = stranger.fill("/sign-in", username="kim.bauer", password="open sesame, please")
    assert page.status == 403
    form = page.form_with("username", "password")
    assert form.fields["username"].value == "kim.bauer"
    assert form.fields["password"].value == ""
    assert "open sesame" not in page.text
    page = stranger.fill("/sign-in", username="kim.bauer", password="")
    assert page.form_with("username").fields["username"].value == "kim.bauer"


def test_a_user_name_that_is_too_long_is_kept(stranger: Visitor) -> None:
    page = stranger.fill("/cant-log-in", username="k" * 121)
    assert page.form_with("username").fields["username"].value == "k" * 121


def test_who_and_what_are_kept_while_filing_begins(cast: factories.Cast, visit: Visit) -> None:
    about = factories.licensee(of=cast.agency)
    visitor = visit(cast.admin)
    page = visitor.fill("/requests/new", "q", person=str(about.id), go="1")
    assert page.form_with("person").fields["person"].value == str(about.id)
    assert "Choose what happened." in page.words
    page = visitor.fill("/requests/new", "q", what="request_new_password", go="1")
    assert page.form_with("what").fields["what"].value == "request_new_password"
    assert "Choose who it is about." in page.words
    page = visitor.get(f"/requests/new?person={about.id}&what=request_new_password")
    assert page.form_with("person").fields["person"].value == str(about.id)
    assert page.form_with("what").fields["what"].value == "request_new_password"


def test_a_name_that_is_searched_for_stays_out_of_the_address(
    cast: factories.Cast, visit: Visit
) -> None:
    ann, bea = (factories.licensee(of=cast.agency) for _ in range(2))
    visitor = visit(cast.admin)
    page = visitor.get("/requests/new")
    form = page.form_with("q")
    assert form.method == "post"
    found = visitor.send(page, form, q=f" {ann.last_name}", what="request_new_password")
    assert found.path == "/requests/new"
    assert ann.name in found.words
    assert bea.name not in found.words
    kept = found.form_with("q")
    assert kept.fields["q"].value == ann.last_name
    assert kept.fields["what"].value == "request_new_password"
    on = visitor.send(found, kept, person=str(ann.id), go="1")
    assert on.path == f"/requests/new/request_new_password?person={ann.id}"
    assert bea.name in visitor.get(f"/requests/new?q={ann.last_name}").words
