"""Imports on the manager's pages: a dry run that tells all, apply, undo."""

import io

import pytest

from helpdesk.extensions import db
from helpdesk.models.import_run import ImportRun
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from tests import factories
from tests.helpdesk import roster_csv
from tests.helpdesk.user_csv import GONE_SINCE, text_of, user
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import OURS, Visitor
from workflows import license as life

NEW = "/manage/imports/new"
ENDS = (100, 200, 300)


@pytest.fixture
def morgan(cast: factories.Cast, visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def send_in(visitor: Visitor, content: bytes | str, **typed: str) -> Answer:
    page = visitor.get(NEW)
    form = page.form_with("as_of")
    given = content.encode() if isinstance(content, str) else content
    data = {**form.values(), **typed, "file": (io.BytesIO(given), "User.csv")}
    return visitor.ask("POST", NEW, data=data, origin=OURS, follow_redirects=True)


def press(visitor: Visitor, page: Answer, end: str) -> Answer:
    """Presses the button of the form that leads there."""
    return visitor.send(page, next(form for form in page.forms if form.action.endswith(end)))


def people() -> set[str]:
    return {person.name for person in db.session.query(Person)}


def test_a_dry_run_tells_each_row_and_writes_nothing(morgan: Visitor) -> None:
    before = people()
    deleted = user(28, FirstName="Bo", DateDeleted=GONE_SINCE)
    content = text_of(user(27), deleted, user(29, Email="x")) + '"30,broken\r\n'
    page = send_in(morgan, content)
    assert page.path.startswith("/manage/imports/")
    for words in (
        "2 faulty", "2 new", "Nothing is written yet. Applying it changes 2 people",
        "4 UserEmail “x” is not an email address.", "5 Its quotation marks do not pair up.",
        "2 Ann Lee UserID 27 email user.27@agency.example", "deleted on 2026-03-16",
    ):  # fmt: skip
        assert words in page.words
    assert people() == before


def test_apply_then_undo(morgan: Visitor) -> None:
    before = people()
    page = press(morgan, send_in(morgan, text_of(user(27))), "/apply")
    assert "The import is applied." in page.words
    assert "Added email" not in page.words
    assert people() == before | {"Ann Lee"}
    undone = morgan.confirm(morgan.get(f"{page.path}/undo"))
    assert "Undone: 1 as before." in undone.words
    assert "Ann Lee" not in morgan.get("/manage/people").words
    assert "Undone" in morgan.get("/manage/imports").words


def test_the_undo_of_a_move_names_whose_roles_stay_ended(
    cast: factories.Cast, morgan: Visitor
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency, username="ann.lee",
                             email="ann.lee@agency.example")  # fmt: skip
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    row = roster_csv.member(Provider=factories.agency("Haven").name, User_Name=ann.name)
    run = roster_csv.applied(cast.joan, row)
    page = morgan.confirm(morgan.get(f"/manage/imports/{run.id}/undo"))
    assert "Undone: 1 as before. Not brought back: 1, see below." in page.words
    assert f"{ann.name} Their roles at {cast.agency.name} stay ended." in page.words


def test_a_change_is_shown_field_by_field(morgan: Visitor) -> None:
    press(morgan, send_in(morgan, text_of(user(27))), "/apply")
    page = send_in(morgan, text_of(user(27, Email="new@agency.example")))
    assert "email user.27@agency.example becomes new@agency.example" in page.words
    assert "Applying it changes 1 person" in page.words


def test_when_the_register_has_changed_the_new_dry_run_is_shown(morgan: Visitor) -> None:
    first, second = send_in(morgan, text_of(user(27))), send_in(morgan, text_of(user(27), user(28)))
    press(morgan, first, "/apply")
    refused = press(morgan, second, "/apply")
    assert refused.status == 409
    assert "The register has changed since this page was shown" in refused.words
    assert "1 new" in refused.words
    assert "The import is applied." in press(morgan, refused, "/apply").words


def test_what_is_applied_is_not_applied_twice(morgan: Visitor) -> None:
    page = send_in(morgan, text_of(user(27)))
    press(morgan, page, "/apply")
    assert "Nothing was done twice." in press(morgan, page, "/apply").words
    assert db.session.query(Person).filter_by(hmis_id="27").count() == 1
    assert "Nothing was done twice." in press(morgan, page, "/drop").words


def test_a_dry_run_can_be_discarded(morgan: Visitor) -> None:
    page = press(morgan, send_in(morgan, text_of(user(27))), "/drop")
    assert "The dry run is gone. Nothing was written." in page.words
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty."),
        ("Name,Email\n", "This is not HUD’s User.csv"),
        (b"\xff\xfeU\0s\0", "is in UTF-16. Save it as CSV UTF-8."),
        (b"PK\x03\x04" + bytes(range(256)), "Line 1 should be the header."),
        ("x," * 4_000, "This is not HUD’s User.csv"),
        ("x" * 20_000, "It is longer than 10000 characters."),
        ('"' + "x\n" * 50, "Its quotation marks do not pair up."),
    ],
    ids=range(7),
)
def test_a_file_of_no_use_is_told_at_the_field(
    morgan: Visitor, content: bytes | str, words: str
) -> None:
    page = send_in(morgan, content, as_of="2026-01-02")
    assert page.status == 200
    assert words in page.words
    assert page.form_with("as_of").values()["as_of"] == "2026-01-02"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"as_of": "2999-01-01"}, "This day lies in the future."),
        ({"as_of": ""}, "Say what day the file is from."),
        ({"as_of": "soon"}, "This is no date."),
        ({"kind": "novel"}, "Choose one of those that are offered."),
    ],
)
def test_what_else_is_wrong_is_told_and_the_file_asked_for_again(
    morgan: Visitor, typed: dict[str, str], words: str
) -> None:
    page = send_in(morgan, text_of(user(27)), **typed)
    assert words in page.words
    assert "Choose the file again: browsers don’t keep it." in page.words


def test_no_file_is_told(morgan: Visitor) -> None:
    assert "Choose the file." in morgan.fill(NEW, "as_of").words


def test_long_parts_are_shown_in_pages(morgan: Visitor) -> None:
    page = send_in(morgan, text_of(*(user(number) for number in range(230))))
    assert "Show all 230" in page.words
    parts = [morgan.get(f"{page.path}?part=new&from={start}") for start in (0, 100, 200)]
    seen = [n for part in parts for n in range(230) if f"UserID {n} " in part.words]
    assert seen == list(range(230))
    further = [f"from={start}" in part.text for part, start in zip(parts, ENDS, strict=True)]
    assert further == [True, True, False]


@pytest.mark.parametrize("query", ["part=x", "from=-1", "part=new&from=" + "9" * 20, "from=x"])
def test_odd_pages_are_pages(morgan: Visitor, query: str) -> None:
    page = send_in(morgan, text_of(user(27)))
    assert morgan.get(f"{page.path}?{query}").status == 200


def test_hostile_names_are_names(morgan: Visitor) -> None:
    name = "<script>alert(1)</script>"
    page = send_in(morgan, text_of(user(27, FirstName=name, LastName="=HYPERLINK(1)")))
    assert f"{name} =HYPERLINK(1)" in page.words
    assert name not in page.text


def test_the_faulty_rows_come_as_a_file(morgan: Visitor) -> None:
    page = send_in(morgan, text_of(user(27), user(28, Email="=x")))
    answer = morgan.get(f"{page.path}/faulty.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.text.startswith("\ufeffWhat is wrong,Line,UserID")
    assert ",'=x," in answer.text


def test_an_older_import_cannot_be_undone(morgan: Visitor) -> None:
    first = press(morgan, send_in(morgan, text_of(user(27))), "/apply")
    press(morgan, send_in(morgan, text_of(user(28))), "/apply")
    assert "Only the last import can be undone" in morgan.get(f"{first.path}/undo").words
