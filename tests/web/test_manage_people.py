"""Finding people, adding them, and their page, as managers use them."""

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.services import people
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.web.conftest import Visit
from tests.web.counted import queries
from tests.web.visitor import Visitor
from workflows import license as life

NEW = {"first_name": "Nia", "last_name": "Brandt", "username": "Nia.Brandt",
       "email": "nia@hand.example", "role": "staff", "agency": "0"}  # fmt: skip


def morgan(visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def test_what_is_searched_for_never_stands_in_an_address(
    cast: factories.Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    for number in range(3):
        factories.licensee(username=f"ann.lee{number}", of=cast.agency)
    manager = morgan(visit)
    found = manager.fill("/manage/people", q="ann.lee")
    assert (found.path, found.words.count("ann.lee")) == ("/manage/people", 2)
    rest = manager.send(found, found.form_with("q", "after"))
    assert rest.path == "/manage/people"
    assert rest.words.count("ann.lee") == 1
    assert found.text.count("ann.lee") == rest.text.count("ann.lee") + 2
    assert "?q=" not in found.text + rest.text


@pytest.mark.parametrize("words", ["\0", "%", "a" * 121, "<script>", "\u202e", "' OR 1=1"])
def test_odd_words_find_nobody_and_break_nothing(
    cast: factories.Cast, visit: Visit, words: str
) -> None:
    page = morgan(visit).fill("/manage/people", q=words)
    assert page.status == 200
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", f"after={2**31}", "show=x", "after=999999"]
)
def test_odd_addresses_show_the_first_page(
    cast: factories.Cast, visit: Visit, query: str
) -> None:
    page = morgan(visit).get(f"/manage/people?{query}")
    assert page.status == 200
    assert "morgan.hale" in page.words


def test_hand_reads_who_moved_a_license_and_its_agencies_do_not(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket, new = factories.ticket(by=cast), factories.agency("Wayfinders")
    who = factories.staff(manager=True)
    path = f"/people/{ticket.person_id}/transfer"
    visit(who).fill(path, agency=str(new.id), reason="A new job.")
    words = f"{who.name} moved it from {cast.agency.name} to Wayfinders Today"
    assert words in visit(who).get(f"/manage/people/{ticket.person_id}").words
    page = visit(cast.sam).get(f"/tickets/{ticket.id}").words
    assert words in page
    assert "The help desk locked the license Today" in page
    assert "moved it" not in visit(cast.admin).get(f"/tickets/{ticket.id}").words


def test_those_without_an_agency_are_found_and_given_one(
    cast: factories.Cast, visit: Visit
) -> None:
    adrift = factories.licensee(life.ACTIVE)
    manager = morgan(visit)
    listed = manager.get("/manage/people?show=unassigned")
    assert adrift.username is not None
    assert adrift.username in listed.words
    path = f"/people/{adrift.id}/transfer"
    assert "Choose an agency." in manager.fill(path, agency="0").words
    given = manager.fill(path, agency=str(cast.agency.id))
    assert f"belongs to {cast.agency.name} now" in given.words
    assert adrift.username not in manager.get("/manage/people?show=unassigned").words
    row = license_of(db.session(), adrift.id)
    assert row is not None
    assert row.agency_id == cast.agency.id


def test_an_inactive_agency_is_not_offered(cast: factories.Cast, visit: Visit) -> None:
    adrift, gone = factories.licensee(), factories.agency()
    with transaction() as session:
        session.merge(gone).active = False
    page = morgan(visit).fill(f"/people/{adrift.id}/transfer", agency=str(gone.id))
    assert page.title.startswith("Error")


def test_somebody_new_is_added_and_shown(cast: factories.Cast, visit: Visit) -> None:
    page = morgan(visit).fill("/manage/people/new", **NEW)
    assert "Nia Brandt is added and gets a link" in page.words
    assert "HAND staff" in page.words
    assert "no password is chosen yet" in page.words
    assert db.session.query(Person).filter_by(username="nia.brandt").count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first_name", " ", "Type the first name."),
        ("last_name", "x" * 121, "at most 120 characters fit"),
        ("username", "n b", "Use 3 to 60 letters"),
        ("username", "ab", "Use 3 to 60 letters"),
        ("username", "nia\u202ebrandt", "Use 3 to 60 letters"),
        ("email", "nia", "This is no email address"),
        ("email", "nia@hand.example\nBcc: x@y.example", "This is no email address"),
        ("email", "", "Type the work email."),
        ("role", "", "Choose a role."),
        ("role", "agency_admin", "Choose the agency."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    cast: factories.Cast, visit: Visit, field: str, typed: str, said: str
) -> None:
    page = morgan(visit).fill("/manage/people/new", **(NEW | {field: typed}))
    assert said in page.words
    kept = page.form_with("username").values()
    other = "email" if field != "email" else "first_name"
    assert kept[other] == NEW[other]
    assert db.session.query(Person).filter_by(last_name="Brandt").count() == 0


def test_somebody_on_file_is_pointed_out_instead_of_added_twice(
    cast: factories.Cast, visit: Visit
) -> None:
    ann = factories.person("ann.lee", email="ann@harbor.example")
    manager = morgan(visit)
    for field, typed in (("username", "ANN.LEE"), ("email", "Ann@Harbor.example")):
        page = manager.fill("/manage/people/new", **(NEW | {field: typed}))
        assert f"Somebody on file has this {field} already." in page.words
        assert f'href="/manage/people/{ann.id}"' in page.text


def test_a_disabled_account_is_out_at_the_next_click_and_can_come_back(
    cast: factories.Cast, visit: Visit
) -> None:
    sam, manager = visit(cast.sam), morgan(visit)
    path = f"/manage/people/{cast.sam.person_id}"
    asked = manager.get(f"{path}/disable")
    done = manager.confirm(asked)
    assert "cannot sign in any more" in done.words
    assert sam.get("/queue").path.startswith("/sign-in")
    asked = manager.get(f"{path}/enable")
    assert "can sign in again" in manager.confirm(asked).words


def test_a_link_is_offered_only_to_those_who_wait_for_one(
    cast: factories.Cast, visit: Visit
) -> None:
    manager = morgan(visit)
    page = manager.get(f"/manage/people/{cast.sam.person_id}")
    invite = next(form for form in page.forms if form.action.endswith("/invite"))
    assert "A new link is on its way" in manager.send(page, invite).words
    with transaction() as session:
        session.query(Account).filter_by(person_id=cast.sam.person_id).update(
            {"password_hash": factories.hashed(PASSWORD)}
        )
    assert "/invite" not in manager.get(page.path).text
    assert "needs no link" in manager.send(page, invite).words


def test_a_persons_page_tells_license_dates_roles_and_tickets(
    cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(life.LOCKED, of=cast.agency)
    ticket = factories.ticket(by=cast, about=about)
    page = morgan(visit).get(f"/manage/people/{about.id}")
    for words in ("Locked since", "Issued", cast.agency.name, ticket.number, "Roles at the desk"):
        assert words in page.words


def test_a_person_of_an_import_with_hardly_a_fact_is_shown(
    cast: factories.Cast, visit: Visit
) -> None:
    with transaction() as session:
        bare = Person(first_name="", last_name="", hmis_id="U-1")
        session.add(bare)
    page = morgan(visit).get(f"/manage/people/{bare.id}")
    assert page.status == 200
    assert "No name" in page.words
    assert "U-1" in page.words


@pytest.mark.parametrize(
    ("path", "most"),
    [("/manage/people", 6), ("/manage/agencies", 4), ("/manage/agencies/1", 8)],
)
def test_the_lists_take_no_query_per_row(
    path: str, most: int, app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    manager = morgan(visit)
    path = path.replace("/1", f"/{cast.agency.id}")
    counts = []
    for _ in range(2):
        for _ in range(4):
            factories.licensee(of=cast.agency)
        factories.admin(cast.agency)
        with queries(app) as seen:
            assert manager.get(path).status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most, counts
