"""Completions of the Learning Center: each counts once, and tells what is still missing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.models.completion import Completion, Source
from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.services import courses
from helpdesk.services.imports import mapping, runs
from helpdesk.services.imports.columns import beginning
from helpdesk.services.imports.completion_rows import score_of
from helpdesk.services.imports.completions import CompletionPlan
from helpdesk.services.imports.undo import undo
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk import imports
from tests.helpdesk.conftest import Dump
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]
HEADER = "Username,Course Name,Completion Date,Score\n"
PRIVACY = "ann.lee,Basic Privacy & Security,11/2/2026,95%\n"


def begun(rows: str, by: Actor) -> ImportRun:
    run = imports.begun(HEADER + rows, by, ImportKind.COMPLETIONS)
    found = beginning(runs.source_of(run))
    runs.lay_out(run, found, mapping.suggest(db.session(), run.kind, found).layout)
    return run


def proposed(rows: str, by: Actor) -> CompletionPlan:
    plan = runs.propose(begun(rows, by))
    assert isinstance(plan, CompletionPlan)
    return plan


def applied(rows: str, by: Actor) -> ImportRun:
    run = begun(rows, by)
    runs.apply(run, runs.propose(run).digest(), by)
    return run


@pytest.fixture
def ann(app_context: object) -> int:
    return factories.licensee(
        life.ACTIVE, username="ann.lee", email="ann.lee@agency.example"
    ).id


def known() -> list[tuple[int, str, date, int | None]]:
    return [(each.person_id, each.course, each.completed_on, each.score)
            for each in db.session.query(Completion).order_by(Completion.id)]  # fmt: skip


def test_a_course_is_taken_over_once(cast: factories.Cast, ann: int) -> None:
    run = applied(PRIVACY + PRIVACY, cast.joan)
    assert known() == [(ann, "basic_privacy", date(2026, 11, 2), 95)]
    row = db.session.query(Completion).one()
    assert (row.source, row.run_id) == (Source.IMPORT, run.id)
    again = proposed(PRIVACY, cast.joan)
    assert (again.same, again.touches) == (1, 0)


def test_somebody_is_found_by_the_address_too(cast: factories.Cast, ann: int) -> None:
    run = imports.begun("Email,Course,Date\nANN.LEE@agency.example,policy_procedure,11/2/2026\n",
                        cast.joan, ImportKind.COMPLETIONS)  # fmt: skip
    found = beginning(runs.source_of(run))
    runs.lay_out(run, found, mapping.suggest(db.session(), run.kind, found).layout)
    runs.apply(run, runs.propose(run).digest(), cast.joan)
    assert known() == [(ann, "policy_procedure", date(2026, 11, 2), None)]


def test_a_score_that_came_later_is_a_change(cast: factories.Cast, ann: int) -> None:
    applied(PRIVACY, cast.joan)
    run = applied(PRIVACY.replace("95%", "97"), cast.joan)
    assert run.counts["changed"] == 1
    assert known()[0][3] == 97
    undo(run.id, cast.joan)
    assert known()[0][3] == 95


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("bo.ray,Intake Staff,11/2/2026,", "“bo.ray” is not known here."),
        (",Intake Staff,11/2/2026,", "It names nobody: username and email are blank."),
        ("ann.lee,Juggling,11/2/2026,", "There is no course “Juggling”. There are: Basic Privacy"),
        ("ann.lee,Intake Staff,,", "It has no date, so the course is not completed."),
        ("ann.lee,Intake Staff,13/45/2026,", "“13/45/2026” is not a date as this file"),
        ("ann.lee,Intake Staff,1/1/2030,", "“1/1/2030” lies in the future."),
        ("ann.lee,Intake Staff,11/2/2026,often", "Score “often” is no number of percent."),
        ("ann.lee,Intake Staff,11/2/2026,120", "Score “120” is no number of percent."),
        ("ann.lee,Intake Staff,11/2/2026", "It has 3 values, and the header has 4."),
    ],
)
def test_a_faulty_row_is_named_with_its_line(
    cast: factories.Cast, ann: int, row: str, sentence: str
) -> None:
    plan = proposed(f"{PRIVACY}{row}\n", cast.joan)
    (fault,) = plan.faulty
    assert fault.lines == (3,)
    assert fault.sentence.startswith(sentence)
    assert len(plan.new) == 1


def test_different_scores_of_one_day_are_all_left_out(cast: factories.Cast, ann: int) -> None:
    plan = proposed(PRIVACY + PRIVACY.replace("95", "70"), cast.joan)
    (fault,) = plan.faulty
    assert (fault.lines, plan.touches) == ((2, 3), 0)


@pytest.mark.parametrize(
    ("text", "percent"),
    [("85", 85), ("85 %", 85), ("85.4%", 85), ("85/100", 85), ("0.85", 85), ("1.0", 100),
     ("", None), ("passed", None)],
)  # fmt: skip
def test_a_score_is_read_however_it_is_written(text: str, percent: int | None) -> None:
    assert score_of(text) == percent


def test_the_undo_forgets_what_the_import_brought(
    cast: factories.Cast, ann: int, dump: DumpNow
) -> None:
    aside = ("import_run", "import_change", "column_mapping")
    before = imports.without(dump, *aside)
    run = applied(PRIVACY, cast.joan)
    assert undo(run.id, cast.joan).undone == 1
    assert imports.without(dump, *aside) == before


def test_a_course_that_was_mended_since_is_left(cast: factories.Cast, ann: int) -> None:
    run = applied(PRIVACY, cast.joan)
    with transaction():
        db.session.query(Completion).one().score = 50
    (left,) = undo(run.id, cast.joan).left
    assert left["why"] == "Changed since: course."


def missing(person_id: int) -> list[str]:
    return courses.missing(db.session(), [person_id], now().date())[person_id]


def test_a_completed_course_is_missing_no_more(cast: factories.Cast, ann: int) -> None:
    assert "Basic Privacy & Security" in missing(ann)
    applied(PRIVACY, cast.joan)
    assert "Basic Privacy & Security" not in missing(ann)


def test_a_course_that_was_failed_is_missing_still(cast: factories.Cast, ann: int) -> None:
    applied(PRIVACY.replace("95%", "79%"), cast.joan)
    assert "Basic Privacy & Security" in missing(ann)


def test_the_command_dry_and_applied(app: Flask, ann: int, tmp_path: Path) -> None:
    path = tmp_path / "Completions.csv"
    path.write_text(HEADER + PRIVACY + "bo.ray,Intake Staff,11/2/2026,\n")
    for how in ((), ("--apply",)):
        result = app.test_cli_runner().invoke(args=["import-completions", str(path), *how])
        assert result.exit_code == 1
        assert result.stdout.startswith("1 new, 0 changed, 0 the same, 0 gone, 0 to look at, 1 f")
        assert result.stdout.endswith("faulty: line 3: “bo.ray” is not known here.\n")
    assert len(known()) == 1
