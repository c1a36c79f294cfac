"""Rows of a file that are about one person, though they name them differently."""

from datetime import date

import pytest

from helpdesk.extensions import db
from helpdesk.models.completion import Completion
from helpdesk.models.import_run import ImportKind
from helpdesk.models.person import Person
from helpdesk.services.imports import mapping, runs
from helpdesk.services.imports.columns import beginning
from tests import factories
from tests.factories import Cast
from tests.helpdesk import imports, roster_csv
from tests.helpdesk.roster_csv import member
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

BOTH = "Username,Email,Course,Date,Score\n"
BY_NAME = "ann.lee,,Basic Privacy & Security,11/2/2026,{}\n"
BY_EMAIL = ",ann.lee@agency.example,Basic Privacy & Security,11/2/2026,{}\n"
OTHER = "ann.lee,,Policy & Procedure,11/3/2026,\n"


@pytest.fixture
def ann(app_context: object) -> Person:
    return factories.licensee(life.ACTIVE, username="ann.lee", email="ann.lee@agency.example")


def completions(cast: Cast, rows: str) -> dict[str, int]:
    run = imports.begun(BOTH + rows, cast.joan, ImportKind.COMPLETIONS)
    found = beginning(runs.source_of(run))
    runs.lay_out(run, found, mapping.suggest(db.session(), run.kind, found).layout)
    runs.apply(run, runs.propose(run).digest(), cast.joan)
    return run.counts


def test_a_course_told_by_username_and_by_email_is_one(cast: Cast, ann: Person) -> None:
    counts = completions(cast, BY_NAME.format(90) + BY_EMAIL.format(90) + OTHER)
    assert (counts["new"], counts["repeated"], counts["faulty"]) == (2, 1, 0)
    told = {(each.person_id, each.score) for each in db.session.query(Completion)}
    assert told == {(ann.id, 90), (ann.id, None)}


def test_different_scores_by_username_and_by_email_are_left_out_and_the_rest_taken(
    cast: Cast, ann: Person
) -> None:
    counts = completions(cast, BY_NAME.format(90) + BY_EMAIL.format(70) + OTHER)
    assert (counts["new"], counts["faulty"]) == (1, 1)
    (row,) = db.session.query(Completion)
    assert (row.course, row.completed_on) == ("policy_procedure", date(2026, 11, 3))


def test_two_new_rows_of_a_roster_with_one_email_are_faulty_and_the_rest_is_taken(
    cast: Cast
) -> None:
    rows = (
        member(),
        member(Login="", User_Name="Lee, Ann M"),
        member(Login="bo.ray", User_Name="Ray, Bo", Email="bo.ray@agency.example"),
    )
    plan = roster_csv.proposed(cast.joan, *rows)
    (fault,) = plan.faulty
    assert fault.lines == (2, 3)
    assert fault.sentence.startswith("“ann.lee@agency.example” is the email of lines 2 and 3.")
    roster_csv.applied(cast.joan, *rows)
    brought = db.session.query(Person).filter(Person.last_name.in_(["Lee", "Ray"]))
    assert [person.username for person in brought] == ["bo.ray"]


def test_a_new_row_with_the_email_of_somebody_else_in_the_file_is_faulty(
    cast: Cast, ann: Person
) -> None:
    """Ann gets a new email by her username; who else has it may be her once more."""
    renewed = member(Email="ann@agency.example")
    plan = roster_csv.proposed(cast.joan, renewed, member(Login="", Email="ann@agency.example"))
    (fault,) = plan.faulty
    assert (fault.lines, len(plan.changed), plan.new) == ((3,), 1, [])
    assert "is the email of lines 2 and 3." in fault.sentence
