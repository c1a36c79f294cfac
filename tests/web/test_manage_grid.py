"""The training grid on the manager's pages: read, changed in a table or by a file, never lost."""

import io
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.services import grids
from helpdesk.services.facts import today
from helpdesk.services.grid_csv import as_csv
from tests import factories
from tests.support.grid import table_of
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import OURS, Visitor
from workflows import license as life
from workflows.dates import in_words
from workflows.guards import NEW_USER, RECERTIFY
from workflows.training import STANDARD, Grid

EDIT, PRIVACY = "/manage/grid/edit", "Basic Privacy & Security"
ETHICS: dict[str, Any] = {"label_6": "Code of Ethics", "yearly_6": "everybody"}


@pytest.fixture
def morgan(cast: factories.Cast, visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def send(who: Visitor, **typed: Any) -> Answer:
    return post(who, table_of(**typed))


def post(who: Visitor, data: dict[str, Any], path: str = EDIT) -> Answer:
    """From the page, with the secret that it bears."""
    token = who.get(EDIT).form_with("label_0").values()["csrf_token"]
    sent = data | {"csrf_token": token}
    return who.ask("POST", path, data=sent, origin=OURS, follow_redirects=True)


def save(who: Visitor, **typed: Any) -> Answer:
    return send(who, go="save", **typed)


def in_force() -> Grid:
    return grids.in_force(db.session(), today())


def upload(who: Visitor, text: str) -> Answer:
    file = (io.BytesIO(text.encode()), "Grid.csv")
    return post(who, {"file": file}, "/manage/grid/import")


def test_the_grid_is_read_as_a_table_of_who_needs_what(morgan: Visitor) -> None:
    page = morgan.get("/manage/grid")
    for course in STANDARD.courses:
        assert course.label in page.words
    assert "Case Manager I, Case Manager II, Agency Administrator" in page.words
    assert "Nobody has changed it yet" in page.words


def test_a_change_is_shown_with_whom_it_reaches_before_it_is_saved(
    morgan: Visitor, cast: factories.Cast
) -> None:
    for _ in range(2):
        factories.licensee(life.ACTIVE, of=cast.agency)
    page = send(morgan, **ETHICS, pass_mark_0="90")
    assert f"{PRIVACY}, pass mark: 90 % (was: 80 %)." in page.words
    assert "Code of Ethics is new." in page.words
    assert "licenses need more courses" in page.words
    assert "No access level: " in page.words
    assert in_force() == STANDARD


def test_what_was_shown_can_be_gone_back_to_and_saved(morgan: Visitor) -> None:
    page = send(morgan, **ETHICS)
    back = send(morgan, **ETHICS, go="back")
    assert back.form_with("label_6").values()["label_6"] == "Code of Ethics"
    assert page.form_with("label_6").values()["yearly_6"] == "everybody"
    saved = save(morgan, **ETHICS)
    assert "The training grid is saved. It holds now." in saved.words
    assert "Morgan Number" in saved.words
    assert "The board decided so." in saved.words
    assert in_force().courses[-1].name == "code_of_ethics"


def test_a_saved_course_is_asked_for_on_the_next_form(
    morgan: Visitor, cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(life.EXPIRED, of=cast.agency)
    dana, path = visit(cast.admin), f"/requests/new/{RECERTIFY}?person={about.id}"
    assert "Code of Ethics" not in dana.get(path).words
    save(morgan, **ETHICS, ended_1="y")
    page = dana.get(path)
    assert "Code of Ethics" in page.words
    assert "Policy & Procedure" not in page.words
    assert "course_code_of_ethics" not in dana.get(f"/requests/new/{NEW_USER}").text
    refused = dana.send(page, page.form_with("course_code_of_ethics"))
    assert "Code of Ethics is required: say when it was completed." in refused.words


def labels(page: Answer) -> list[str]:
    values = page.form_with("label_0").values()
    return [text for name, text in values.items() if name.startswith("label_")]


def test_courses_are_moved_up_and_down_with_all_that_is_typed(morgan: Visitor) -> None:
    first, second, *_others = [course.label for course in STANDARD.courses]
    page = send(morgan, move="down-0", pass_mark_0="91", months_0="seven", **ETHICS)
    assert labels(page)[:2] == [second, first]
    values = page.form_with("label_0").values()
    assert (values["name_1"], values["pass_mark_1"]) == (STANDARD.courses[0].name, "91")
    assert values["months_1"] == "seven"
    assert 'value="down-1" autofocus' in page.text
    moved = send(morgan, move="up-1")
    assert labels(moved)[:2] == [second, first]
    assert 'value="up-0"' not in moved.text
    assert 'value="down-0" autofocus' in moved.text
    for nonsense in ("up-0", "down-5", "down-99999", "sideways-1", "up-x", "up"):
        assert labels(send(morgan, move=nonsense))[:2] == [first, second]


def test_another_order_is_a_change_that_is_saved(morgan: Visitor) -> None:
    courses = [STANDARD.courses[1], STANDARD.courses[0], *STANDARD.courses[2:]]
    assert "The courses stand in another order." in post(morgan, table_of(courses)).words
    post(morgan, table_of(courses, go="save"))
    assert list(in_force().courses) == courses


def test_it_holds_from_tomorrow_on_unless_somebody_says_today(morgan: Visitor) -> None:
    proposed = morgan.get(EDIT).form_with("label_0").values()["effective_on"]
    assert proposed == (today() + timedelta(days=1)).isoformat()
    sentence = "Requests that were sent earlier today are judged by it, too."
    assert sentence in send(morgan, **ETHICS).words
    assert sentence not in send(morgan, **ETHICS, effective_on=proposed).words


def test_a_plan_holds_from_its_day_and_can_be_changed_until_then(morgan: Visitor) -> None:
    day = today() + timedelta(days=30)
    page = save(morgan, **ETHICS, effective_on=day.isoformat())
    assert f"It holds from {in_words(day)} on." in page.words
    assert "Planned" in page.words
    assert in_force() == STANDARD
    (plan,) = grids.editions(db.session()).editions
    edit = morgan.get(f"{EDIT}?edition={plan.id}")
    typed = edit.form_with("label_6").values()
    assert (typed["label_6"], typed["effective_on"]) == ("Code of Ethics", day.isoformat())
    warned = send(morgan, pass_mark_0="70")
    assert f"From {in_words(day)} on the grid that is planned holds instead" in warned.words


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"label_0": ""}, "label_0", "Name the course."),
        ({"label_6": "X"}, "label_6", "Say who needs X, or end it."),
        ({"pass_mark_0": "eighty"}, "pass_mark_0", "Write a whole number"),
        ({"pass_mark_0": "0"}, "pass_mark_0", "A pass mark is between 1 and 100 %."),
        ({"months_0": "99"}, "months_0", "A course counts for 1 to 60 months."),
        ({"label_1": PRIVACY}, "label_1", "There is another course called"),
        ({"new_user_0": "wizard"}, "label_0", "Choose one of those that are offered."),
        ({"effective_on": ""}, "effective_on", "Say from which day on."),
        ({"effective_on": "2020-01-01"}, "effective_on", "Choose today or a day to come"),
        ({"reason": " "}, "reason", "Say why it is changed."),
        ({}, "reason", "Nothing would be different"),
        ({f"ended_{n}": "y" for n in range(6)}, "reason", "A grid has at least one course."),
    ],
)
def test_what_does_not_fit_is_said_at_its_input_and_kept(
    morgan: Visitor, typed: dict[str, str], name: str, said: str
) -> None:
    page = save(morgan, **typed)
    assert said in page.words
    kept = page.form_with(name).values()[name]
    assert kept == typed.get(name, kept)
    assert in_force() == STANDARD


def test_the_later_of_two_is_told_what_the_first_has_saved_and_keeps_what_was_typed(
    morgan: Visitor, visit: Visit
) -> None:
    riley = visit(factories.staff("riley.noor", manager=True))
    unseen = table_of(**ETHICS, go="save")
    save(morgan, pass_mark_0="90")
    page = post(riley, unseen)
    assert page.status == 409
    assert "has saved another grid meanwhile, so yours was not saved." in page.words
    assert f"{PRIVACY}, pass mark: 90 % (was: 80 %)." in page.words
    typed = page.form_with("label_6").values()
    assert typed["label_6"] == "Code of Ethics"
    saved = post(riley, unseen | {"seen": typed["seen"]})
    assert "The training grid is saved." in saved.words


def test_rows_can_be_added_as_long_as_they_fit(morgan: Visitor) -> None:
    page = send(morgan, **ETHICS, go="more")
    assert page.form_with("label_7").values()["label_6"] == "Code of Ethics"
    far = send(morgan, label_4711="Far", go="more")
    assert "label_59" in far.text
    assert "label_60" not in far.text


def test_an_earlier_grid_can_still_be_read_and_exported(morgan: Visitor) -> None:
    save(morgan, **ETHICS)
    save(morgan, courses=in_force().courses, pass_mark_0="90")
    first, second = grids.editions(db.session()).editions
    page = morgan.get(f"/manage/grid/{first.id}")
    assert "Code of Ethics" in page.words
    assert "Replaced" in page.words
    assert morgan.get("/manage/grid/4711").status == 404
    export = morgan.get(f"/manage/grid/training-grid.csv?edition={first.id}")
    assert export.text == "\ufeff" + as_csv(first.grid)
    assert morgan.get("/manage/grid/training-grid.csv").text == "\ufeff" + as_csv(second.grid)


def test_a_file_fills_in_the_table_and_saves_nothing(morgan: Visitor) -> None:
    text = as_csv(STANDARD).replace(f"{PRIVACY},80", f"{PRIVACY},95")
    page = upload(morgan, text + ",Code of Ethics,,,yearly,,,,,,,\r\n")
    assert "This is what stands in Grid.csv. Nothing is saved yet" in page.words
    typed = page.form_with("label_6").values()
    assert (typed["pass_mark_0"], typed["label_6"]) == ("95", "Code of Ethics")
    assert in_force() == STANDARD


def test_what_is_wrong_with_a_file_is_told_by_line(morgan: Visitor) -> None:
    page = upload(morgan, as_csv(STANDARD).replace(",80,", ",many,", 1))
    assert "Line 2: “many” is no pass mark." in page.words
    for nothing in ("", "\n"):
        assert "Grid.csv has no header." in upload(morgan, nothing).words


def test_managers_alone_come_here(cast: factories.Cast, visit: Visit) -> None:
    assert visit(cast.sam).get("/manage/grid").status == 403


def test_a_row_of_nonsense_is_no_row(morgan: Visitor) -> None:
    page = send(morgan, **{f"label_{'9' * 5000}": "x", "label_x": "x"})
    assert page.status == 200
