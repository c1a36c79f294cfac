"""An import on its way: kept for a dry run, applied exactly as shown or not at all."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.documents.store import YOUNG
from helpdesk.extensions import db, now, settings
from helpdesk.models.event import license_history
from helpdesk.models.import_run import ImportChange, ImportRun, Phase, Subject
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.services import documents
from helpdesk.services.imports import faulty, history, runs
from helpdesk.services.imports.proposal import Part
from helpdesk.services.imports.sources import CannotRead
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.imports import AS_OF, applied, begun, without
from tests.helpdesk.user_csv import GONE_SINCE, text_of, user
from tests.support.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]


def test_a_dry_run_keeps_the_file_and_changes_nobody(cast: factories.Cast, dump: DumpNow) -> None:
    before = without(dump, "import_run")
    run = begun(text_of(user(27), user(28, Email="x")), cast.joan)
    proposal = runs.propose(run)
    assert (proposal.size(Part.NEW), proposal.size(Part.FAULTY)) == (1, 1)
    assert without(dump, "import_run") == before
    assert (run.phase, run.file_name, run.as_of, run.created_by_id) == (
        Phase.PLANNED, "User.csv", AS_OF, cast.joan.person_id,
    )  # fmt: skip


def test_apply_does_what_was_shown_in_the_name_of_the_import(cast: factories.Cast) -> None:
    run = applied(text_of(user(27), user(28, DateDeleted=GONE_SINCE)), cast.joan)
    assert (run.phase, run.applied_by_id, run.applied_at) == (
        Phase.APPLIED, cast.joan.person_id, now(),
    )  # fmt: skip
    assert (run.counts["new"], run.touched) == (2, 4)
    ann = db.session.scalars(select(Person).where(Person.hmis_id == "27")).one()
    row = license_of(db.session(), ann.id)
    assert row is not None
    (adopted,) = license_history(db.session(), row.id)
    assert (adopted.actor_id, adopted.channel, adopted.data) == (None, "web", {"import": run.id})


def test_every_row_that_is_touched_is_noted_before_and_after(cast: factories.Cast) -> None:
    applied(text_of(user(27)), cast.joan)
    run = applied(text_of(user(27, Phone="3135550199")), cast.joan)
    (change,) = db.session.scalars(select(ImportChange).where(ImportChange.run_id == run.id))
    assert change.subject is Subject.PERSON
    assert change.before is not None
    assert (change.before["phone"], change.after["phone"]) == ("3135550101", "3135550199")
    (told,) = history.changes(db.session(), run).touched
    assert not told.made
    assert [(d.label, d.before, d.value) for d in told.details] == [
        ("phone", "3135550101", "3135550199"),
    ]  # fmt: skip


def test_when_the_register_has_changed_meanwhile_nothing_is_written(
    cast: factories.Cast, dump: DumpNow
) -> None:
    first, second = begun(text_of(user(27)), cast.joan), begun(text_of(user(27)), cast.sam)
    seen = runs.propose(second).digest()
    runs.apply(first, runs.propose(first).digest(), cast.joan)
    before = dump()
    with pytest.raises(runs.Differs):
        runs.apply(second, seen, cast.sam)
    assert dump() == before


def test_what_the_browser_says_was_shown_is_not_believed(
    cast: factories.Cast, dump: DumpNow
) -> None:
    run, before = begun(text_of(user(27)), cast.joan), dump()
    for seen in ("", "x", runs.propose(begun(text_of(user(28)), cast.joan)).digest()):
        with pytest.raises(runs.Differs):
            runs.apply(run, seen, cast.joan)
    assert without(dump, "import_run") == {
        table: [row for row in rows if row[0] != "import_run"]
        for table, rows in before.items() if table != "import_run"
    }  # fmt: skip


def test_a_second_apply_does_nothing(cast: factories.Cast, dump: DumpNow) -> None:
    run = begun(text_of(user(27)), cast.joan)
    seen = runs.propose(run).digest()
    runs.apply(run, seen, cast.joan)
    before = dump()
    with pytest.raises(runs.Over):
        runs.apply(run, seen, cast.joan)
    with pytest.raises(runs.Over):
        runs.drop(run)
    assert dump() == before


def test_of_two_who_apply_at_once_one_does(cast: factories.Cast, race: Race) -> None:
    run = begun(text_of(user(27)), cast.joan)
    run_id, seen = run.id, runs.propose(run).digest()

    def apply() -> str:
        try:
            runs.apply(db.session.get_one(ImportRun, run_id), seen, cast.joan)
        except (runs.Over, runs.Overtaken):
            return "late"
        return "done"

    assert sorted(race(apply, apply)) == ["done", "late"]
    assert len(db.session.scalars(select(Person).where(Person.hmis_id == "27")).all()) == 1


def test_a_file_that_is_no_user_csv_is_not_kept(cast: factories.Cast) -> None:
    with pytest.raises(CannotRead):
        begun("Name,Email\n", cast.joan)
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.parametrize(
    ("name", "limit", "words"),
    [("IMPORT_MAX_LINES", 2, "more than 2 lines"), ("IMPORT_MAX_BYTES", 100, "larger than")],
)
def test_a_file_beyond_the_settings_is_refused(
    app: Flask, cast: factories.Cast, monkeypatch: pytest.MonkeyPatch,
    name: str, limit: int, words: str,
) -> None:  # fmt: skip
    changed: Any = {name: limit}
    monkeypatch.setitem(app.extensions, "settings", replace(settings(), **changed))
    with pytest.raises(CannotRead, match=words):
        begun(text_of(user(27), user(28)), cast.joan)


def test_a_dry_run_goes_after_a_day_and_its_file_with_it(
    cast: factories.Cast, clock: FakeClock
) -> None:
    planned = begun(text_of(user(27)), cast.joan).id
    done = applied(text_of(user(28)), cast.joan).id
    clock.pass_by(timedelta(hours=25))
    long_ago = time.time() - YOUNG - 60
    for path in documents.store().folder.rglob("*/*"):
        os.utime(path, (long_ago, long_ago))
    assert documents.tidy() == 2
    assert db.session.get(ImportRun, planned) is None
    assert not db.session.get_one(ImportRun, done).file_kept


def test_a_file_that_was_kept_this_morning_is_there_still(
    cast: factories.Cast, clock: FakeClock
) -> None:
    run = begun(text_of(user(27)), cast.joan)
    clock.pass_by(timedelta(hours=20))
    long_ago = time.time() - YOUNG - 60
    for path in documents.store().folder.rglob("*/*"):
        os.utime(path, (long_ago, long_ago))
    assert documents.tidy() == 0
    assert runs.propose(run).touches == 1


def test_a_lost_file_is_told_and_not_stumbled_over(cast: factories.Cast) -> None:
    run = begun(text_of(user(27)), cast.joan)
    for path in documents.store().folder.rglob("*/*"):
        path.unlink()
    with pytest.raises(CannotRead, match="not kept here any more"):
        runs.propose(run)


def test_faulty_rows_come_back_with_what_is_wrong_and_no_formula(cast: factories.Cast) -> None:
    content = text_of(user(27), user(28, Email="x", FirstName="=1+1")) + '"29,broken\r\n'
    run = begun(content, cast.joan)
    header, first, second = faulty.as_csv(
        runs.source_of(run), runs.propose(run).faulty
    ).splitlines()
    assert header.startswith("What is wrong,Line,UserID,UserFirstName,")
    assert first.startswith("UserEmail “x” is not an email address.,3,28,'=1+1,Lee,")
    assert second == 'Its quotation marks do not pair up.,4,"29,broken"'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert faulty.harmless(cell) == f"'{cell}"
    assert faulty.harmless(f"x{cell}") == f"x{cell}"


def test_nobody_is_told_of_twice_in_the_pages_of_an_import(
    cast: factories.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    run = applied(text_of(*(user(number) for number in range(5))), cast.joan)
    found, after = [], 0
    while True:
        page = history.changes(db.session(), run, after)
        found += [each.person.hmis_id for each in page.touched]
        if page.following is None:
            break
        after = page.following
    assert found == ["0", "1", "2", "3", "4"]


def test_the_list_names_who_had_a_hand_in_it(cast: factories.Cast) -> None:
    run = applied(text_of(user(27)), cast.joan)
    with transaction() as session:
        session.get_one(ImportRun, run.id).created_by_id = None
    (line,) = history.runs(db.session())
    assert (line.created_by, line.applied_by, line.can_undo) == (None, cast.joan.name, True)
