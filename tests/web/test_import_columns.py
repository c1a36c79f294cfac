"""Saying which column of a roster is which: guessed, mended at the field, remembered."""

import io

import pytest
from flask import Flask

from helpdesk.extensions import db
from helpdesk.models.import_run import ColumnMapping, ImportRun
from helpdesk.models.license import license_of
from helpdesk.models.person import with_username
from tests import factories
from tests.helpdesk.roster_csv import member, text_of
from tests.web.conftest import Visit
from tests.web.counted import queries
from tests.web.markup import Answer
from tests.web.test_imports import press
from tests.web.visitor import OURS, Visitor

NEW = "/manage/imports/new"


@pytest.fixture
def morgan(cast: factories.Cast, visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def send_in(visitor: Visitor, content: str) -> Answer:
    form = visitor.get(NEW).form_with("as_of")
    file = (io.BytesIO(content.encode()), "Roster.csv")
    data = {**form.values(), "kind": "roster", "file": file}
    return visitor.ask("POST", NEW, data=data, origin=OURS, follow_redirects=True)


def say(visitor: Visitor, page: Answer, **chosen: str) -> Answer:
    return visitor.send(page, page.form_with("order"), **chosen)


def test_the_columns_are_suggested_beside_the_first_rows(morgan: Visitor) -> None:
    page = send_in(morgan, text_of(member(), member(Login="bo.ray")))
    assert page.path.endswith("/columns")
    assert page.form_with("order").values() | {"csrf_token": ""} == {
        "csrf_token": "", "username": "1", "email": "2", "first_name": "", "last_name": "",
        "name": "0", "agency": "3", "level": "4", "last_login": "5", "expires": "6",
        "status": "7", "order": "mdy",
    }  # fmt: skip
    for words in ("Login ann.lee bo.ray", "Provider blank", "as the header suggests"):
        assert words in page.words


def test_what_was_said_is_remembered_for_the_next_file_like_it(morgan: Visitor) -> None:
    first = send_in(morgan, text_of(member()))
    say(morgan, first, status="", order="dmy")
    again = send_in(morgan, text_of(member(Login="bo.ray")))
    values = again.form_with("order").values()
    assert (values["status"], values["order"]) == ("", "dmy")
    assert "as it was said of the last file" in again.words
    other = send_in(morgan, text_of(member(), header=("Login", "Email")))
    assert "as the header suggests" in other.words
    assert db.session.query(ColumnMapping).count() == 1


def test_a_roster_is_applied_as_its_columns_say(morgan: Visitor, cast: factories.Cast) -> None:
    content = text_of(member(Provider=cast.agency.name, Last_Login="4/3/2026 8:00"))
    page = say(morgan, send_in(morgan, content), order="dmy", expires="")
    assert "last log-in Mar 4, 2026, 8 am" in page.words
    assert "The import is applied." in press(morgan, page, "/apply").words
    person = with_username(db.session(), "ann.lee")
    assert person is not None
    row = license_of(db.session(), person.id)
    assert row is not None
    assert (row.agency_id, row.expires_on) == (cast.agency.id, None)


def test_the_columns_can_be_changed_until_it_is_applied(morgan: Visitor) -> None:
    page = say(morgan, send_in(morgan, text_of(member())))
    columns = f"{page.path}/columns"
    assert "Change which column is which" in page.words
    assert "2 faulty" not in page.words
    changed = say(morgan, morgan.get(columns), order="ymd")
    assert "1 faulty" in changed.words
    press(morgan, changed, "/apply")
    assert morgan.get(columns).status == 404


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"username": "", "email": ""}, "Choose the column of: Username or Work email."),
        ({"name": "1"}, "This column is taken for Username already."),
        ({"agency": "99"}, "Choose one of those that are offered."),
        ({"agency": "x"}, "Choose one of those that are offered."),
        ({"order": "ydm"}, "Choose one of those that are offered."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_kept(
    morgan: Visitor, chosen: dict[str, str], words: str
) -> None:
    page = say(morgan, send_in(morgan, text_of(member())), **{"level": "", **chosen})
    assert words in page.words
    assert page.title.startswith("Error")
    assert page.form_with("order").values()["level"] == ""
    assert db.session.query(ImportRun).one().layout is None


def test_nothing_is_shown_or_applied_before_the_columns_are_said(morgan: Visitor) -> None:
    page = send_in(morgan, text_of(member()))
    run = page.path.removesuffix("/columns")
    assert morgan.get(run).path == page.path
    token = page.form_with("order").values()["csrf_token"]
    assert morgan.post(f"{run}/apply", {"csrf_token": token, "digest": ""}).path == page.path
    assert morgan.get(f"{run}/faulty.csv").status == 404


def test_headers_and_cells_of_any_kind_are_shown_as_they_are(morgan: Visitor) -> None:
    hostile = "<script>alert(1)</script>"
    page = send_in(morgan, f'Login,"{hostile}",,Email\nann,"{hostile}",x,y\n')
    assert hostile in page.words
    assert hostile not in page.text
    assert "Column 3" in page.words


def test_a_dry_run_takes_no_query_per_row(morgan: Visitor, app: Flask) -> None:
    counts = []
    for number in (5, 105):
        rows = (member(Login=f"member.{n}", Email=f"{n}@agency.example") for n in range(number))
        page = say(morgan, send_in(morgan, text_of(*rows)))
        with queries(app) as seen:
            assert morgan.get(page.path).status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
