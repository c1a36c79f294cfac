"""Completions that staff enter and take back: each with its source, nothing gone in silence."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from helpdesk.extensions import db
from helpdesk.models.completion import Completion, Source, completions_of
from helpdesk.models.completion_change import completion_changes_of
from helpdesk.models.import_run import ImportKind
from helpdesk.models.person import Person
from helpdesk.services import completions, courses
from helpdesk.services.completions import Done
from helpdesk.services.facts import today
from helpdesk.services.imports import mapping, runs
from helpdesk.services.imports.columns import beginning
from helpdesk.services.imports.undo import undo
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk import imports
from tests.helpdesk.conftest import Race
from tests.support.fakes import FakeClock
from workflows.engine import Refused

PRIVACY, POLICY = "Basic Privacy & Security", "Policy & Procedure"
MISTYPED = "It was another Ann Lee."


@pytest.fixture
def ann(cast: Cast, clock: FakeClock) -> Person:
    return factories.licensee(of=cast.agency, username="ann.lee")


def done(score: int | None = 90, ago: int = 3) -> Done:
    return Done("basic_privacy", today() - timedelta(days=ago), score)


def missing(about: Person) -> list[str]:
    return courses.missing(db.session(), [about.id], today())[about.id]


def on_file(about: Person) -> list[tuple[str, Source, int | None]]:
    found = completions_of(db.session(), [about.id])
    return [(each.course, each.source, each.score) for each in found]


def the_one(about: Person) -> int:
    return db.session.scalars(select(Completion.id).filter_by(person_id=about.id)).one()


def history(about: Person) -> list[tuple[bool, str | None, str]]:
    found = completion_changes_of(db.session(), about.id)
    return [(each.entered, each.reason, each.actor_name) for each in found]


def import_one(by: Cast) -> int:
    """A list of the Learning Center that tells of Ann."""
    day = f"{today() - timedelta(days=3):%m/%d/%Y}"
    rows = f"Username,Course,Date,Score\nann.lee,{PRIVACY},{day},95\n"
    run = imports.begun(rows, by.sam, ImportKind.COMPLETIONS)
    found = beginning(runs.source_of(run))
    runs.lay_out(run, found, mapping.suggest(db.session(), run.kind, found).layout)
    runs.apply(run, runs.propose(run).digest(), by.sam)
    return run.id


def test_what_is_entered_counts_and_tells_who_entered_it(ann: Person, cast: Cast) -> None:
    assert missing(ann) == [PRIVACY, POLICY]
    completions.enter(ann.id, done(), cast.sam)
    assert missing(ann) == [POLICY]
    assert on_file(ann) == [("basic_privacy", Source.HAND, 90)]
    assert history(ann) == [(True, None, cast.sam.name)]


def test_a_score_below_the_mark_is_on_file_and_does_not_count(ann: Person, cast: Cast) -> None:
    completions.enter(ann.id, done(79), cast.sam)
    assert missing(ann) == [PRIVACY, POLICY]


def test_a_course_of_one_day_is_on_file_once(ann: Person, cast: Cast) -> None:
    completions.enter(ann.id, done(), cast.sam)
    with pytest.raises(completions.OnFile) as known:
        completions.enter(ann.id, done(100), cast.sam)
    assert known.value.score == 90
    assert len(history(ann)) == 1


def test_of_two_who_enter_it_at_once_one_does(ann: Person, cast: Cast, race: Race) -> None:
    person_id, what = ann.id, done()
    results = race(*[lambda: completions.enter(person_id, what, cast.sam)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "OnFile"]
    db.session.rollback()
    assert len(on_file(ann)) == len(history(ann)) == 1


def test_what_is_taken_back_counts_no_more_and_stays_in_the_history(
    ann: Person, cast: Cast
) -> None:
    completions.enter(ann.id, done(), cast.sam)
    assert completions.take_back(ann.id, the_one(ann), MISTYPED, cast.sam)
    assert on_file(ann) == []
    assert missing(ann) == [PRIVACY, POLICY]
    assert history(ann)[1:] == [(False, MISTYPED, cast.sam.name)]
    completions.enter(ann.id, done(85), cast.sam)
    assert on_file(ann) == [("basic_privacy", Source.HAND, 85)]


def test_it_is_taken_back_once_and_only_of_the_person_it_is_about(
    ann: Person, cast: Cast
) -> None:
    other = factories.licensee(of=cast.agency)
    completions.enter(ann.id, done(), cast.sam)
    which = the_one(ann)
    assert not completions.take_back(other.id, which, MISTYPED, cast.sam)
    assert completions.take_back(ann.id, which, MISTYPED, cast.sam)
    assert not completions.take_back(ann.id, which, MISTYPED, cast.sam)
    assert len(history(ann)) == 2


def test_nobody_vouches_for_themselves(cast: Cast, clock: FakeClock) -> None:
    sam = cast.sam
    assert sam.person_id is not None
    with pytest.raises(Refused, match="your own courses"):
        completions.enter(sam.person_id, done(), sam)
    with pytest.raises(Refused, match="your own courses"):
        completions.take_back(sam.person_id, 1, MISTYPED, sam)


def test_what_an_import_brought_can_be_taken_back_and_the_import_undone(
    ann: Person, cast: Cast
) -> None:
    run_id = import_one(cast)
    assert on_file(ann) == [("basic_privacy", Source.IMPORT, 95)]
    completions.take_back(ann.id, the_one(ann), MISTYPED, cast.sam)
    completions.enter(ann.id, done(70, ago=2), cast.sam)
    undo(run_id, cast.sam)
    assert on_file(ann) == [("basic_privacy", Source.HAND, 70)]


def test_a_list_that_tells_of_it_again_brings_it_back(ann: Person, cast: Cast) -> None:
    import_one(cast)
    completions.take_back(ann.id, the_one(ann), MISTYPED, cast.sam)
    import_one(cast)
    assert on_file(ann) == [("basic_privacy", Source.IMPORT, 95)]


@pytest.mark.parametrize("change", ["UPDATE completion_change SET reason = ''",
                                    "DELETE FROM completion_change"])  # fmt: skip
def test_the_database_refuses_to_change_the_history(
    ann: Person, cast: Cast, change: str
) -> None:
    completions.enter(ann.id, done(), cast.sam)
    with pytest.raises(DatabaseError, match="history is never changed"), transaction() as session:
        session.connection().execute(text(change))
