"""The training grid of a day: editions that stand from a day on and are never changed again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.completion import Completion, Source
from helpdesk.models.person import Person
from helpdesk.services import courses, grids, tickets
from helpdesk.services.facts import people_of, today
from helpdesk.services.filing_facts import filing_facts
from helpdesk.services.gateway import Stale
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from tests.web.counted import queries
from workflows import license as life
from workflows.guards import RECERTIFY
from workflows.registry import ticket_type
from workflows.training import STANDARD, Course, Grid

ETHICS = Course("ethics", "Code of Ethics")
PRIVACY, *REST = STANDARD.courses
WITH_ETHICS = Grid((*STANDARD.courses, ETHICS))
FEWER = Grid((PRIVACY,))


@pytest.fixture
def manager(app_context: AppContext, clock: FakeClock) -> Actor:
    return factories.staff(manager=True)


def newest() -> int | None:
    return grids.editions(db.session()).newest


def save(by: Actor, grid: Grid, day: date | None = None, seen: int | None = None) -> int:
    seen = newest() if seen is None else seen
    return grids.save(grids.Plan(day or today(), grid.courses, "As decided.", seen), by)


def on(day: date) -> Grid:
    return grids.in_force(db.session(), day)


def missing(about: Person) -> list[str]:
    return courses.missing(db.session(), [about.id], today())[about.id]


def learned(about: Person, course: str, day: date, score: int | None) -> None:
    with transaction() as session:
        session.add(Completion(person_id=about.id, course=course, completed_on=day, score=score,
                               source=Source.IMPORT))  # fmt: skip


def test_a_new_desk_has_the_standard_grid(app_context: AppContext) -> None:
    assert on(date(2020, 1, 1)) == on(today()) == STANDARD


def test_an_edition_counts_from_its_day_until_the_next_one_does(manager: Actor) -> None:
    soon, later = today() + timedelta(days=10), today() + timedelta(days=20)
    save(manager, FEWER, later)
    save(manager, WITH_ETHICS, soon)
    assert on(today()) == on(soon - timedelta(days=1)) == STANDARD
    assert on(soon) == on(later - timedelta(days=1)) == WITH_ETHICS
    assert on(later) == on(later + timedelta(days=999)) == FEWER


def test_of_two_from_the_same_day_the_later_one_counts(manager: Actor) -> None:
    save(manager, WITH_ETHICS)
    save(manager, FEWER)
    assert on(today()) == FEWER
    assert [each.grid for each in grids.editions(db.session()).editions] == [WITH_ETHICS, FEWER]


def test_the_later_of_two_managers_is_told_and_nothing_of_theirs_is_saved(manager: Actor) -> None:
    first = save(manager, WITH_ETHICS)
    save(manager, FEWER, seen=first)
    with pytest.raises(Stale):
        save(manager, STANDARD, seen=first)
    assert on(today()) == FEWER


def test_of_two_who_save_at_once_one_wins(manager: Actor, race: Race) -> None:
    plans = [grids.Plan(today(), grid.courses, "At once.", None) for grid in (FEWER, WITH_ETHICS)]
    results = race(*((lambda plan=plan: grids.save(plan, manager)) for plan in plans))
    assert sorted(type(each) is Stale for each in results) == [False, True]
    db.session.rollback()
    assert len(grids.editions(db.session()).editions) == 1


@pytest.mark.parametrize("change", ["UPDATE training_grid SET reason = ''",
                                    "DELETE FROM training_grid"])  # fmt: skip
def test_the_database_refuses_to_change_an_edition(manager: Actor, change: str) -> None:
    save(manager, FEWER)
    with pytest.raises(DatabaseError, match="history is never changed"), transaction() as session:
        session.connection().execute(text(change))


def test_another_process_sees_a_change_at_its_next_request(
    manager: Actor, make_app: MakeApp
) -> None:
    other = make_app()
    with other.app_context():
        assert on(today()) == STANDARD
    save(manager, FEWER)
    with other.app_context():
        assert on(today()) == FEWER


def test_what_is_known_is_not_read_again(manager: Actor, app: Flask) -> None:
    save(manager, FEWER)
    on(today())
    with queries(app) as seen:
        assert on(today()) == FEWER
    assert len(seen) == 1
    grids.note_newest(db.session(), newest())
    with queries(app) as seen:
        assert on(today()) == FEWER
    assert seen == []


def test_a_ticket_is_judged_by_the_grid_of_the_day_on_which_it_was_filed(
    cast: Cast, clock: FakeClock
) -> None:
    manager, about = factories.staff(manager=True), factories.licensee(life.EXPIRED, of=cast.agency)
    ticket = factories.ticket(by=cast, about=about, type=RECERTIFY)
    clock.pass_by(timedelta(days=1))
    save(manager, WITH_ETHICS)
    session = db.session()
    facts = tickets.attempt_at(session, ticket, people_of(session, ticket), cast.sam).facts
    assert facts.grid == STANDARD
    facts = filing_facts(session, ticket_type(RECERTIFY), about, cast.admin)
    assert facts.grid == WITH_ETHICS


def test_who_is_reminded_is_told_of_todays_courses(cast: Cast, clock: FakeClock) -> None:
    manager, about = factories.staff(manager=True), factories.licensee(of=cast.agency)
    assert missing(about) == [PRIVACY.label, "Policy & Procedure"]
    save(manager, FEWER)
    assert missing(about) == [PRIVACY.label]


def test_a_completion_is_judged_by_the_mark_of_its_own_day(cast: Cast, clock: FakeClock) -> None:
    manager, about = factories.staff(manager=True), factories.licensee(of=cast.agency)
    learned(about, PRIVACY.name, today(), 85)
    save(manager, Grid((replace(PRIVACY, pass_mark=90),)), today() + timedelta(days=1))
    clock.pass_by(timedelta(days=2))
    assert missing(about) == []
    learned(about, PRIVACY.name, today(), 85)
    done = courses.last_completed(db.session(), [about.id])[about.id]
    assert done == {PRIVACY.name: today() - timedelta(days=2)}


def test_a_course_that_counts_longer_is_missing_later(cast: Cast, clock: FakeClock) -> None:
    manager, about = factories.staff(manager=True), factories.licensee(of=cast.agency)
    save(manager, Grid((replace(PRIVACY, months=36),)), today())
    learned(about, PRIVACY.name, today() - timedelta(days=500), 90)
    assert missing(about) == []
    assert courses.still_counting(db.session(), about.id, today()).keys() == {PRIVACY.name}
    save(manager, FEWER)
    assert missing(about) == [PRIVACY.label]
    assert courses.still_counting(db.session(), about.id, today()) == {}


def test_every_course_there_ever_was_is_known_by_whatever_it_was_called(manager: Actor) -> None:
    save(manager, WITH_ETHICS)
    save(manager, Grid((replace(ETHICS, label="Ethics for All"),)))
    found = grids.editions(db.session())
    assert found.labels["ethics"] == "Ethics for All"
    assert {label for label, name in found.every_label if name == "ethics"} == {
        "Code of Ethics", "Ethics for All"}  # fmt: skip
    assert set(found.labels) == {course.name for course in WITH_ETHICS.courses}
