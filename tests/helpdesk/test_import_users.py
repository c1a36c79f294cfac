"""`import-users`: people of the HMIS come into the register, unassigned and without a way in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from helpdesk import access, links
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.event import license_history
from helpdesk.models.import_run import ImportKind
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services import gateway, licenses
from helpdesk.services.imports.from_disk import Asked, from_disk
from helpdesk.services.imports.plan import Plan
from helpdesk.services.imports.report import report
from helpdesk.services.imports.runs import Overtaken
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import Dump
from tests.helpdesk.owed import effects
from tests.helpdesk.user_csv import GONE_SINCE, HEADER, text_of, user, write, written
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]


@pytest.fixture
def register(dump: DumpNow) -> DumpNow:
    """Every row but those that tell of the import itself."""

    def without_runs() -> Dump:
        rows = {table: each for table, each in dump().items() if table != "import_run"}
        return {table: [row for row in each if row[0] != "import_run"] for table, each in
                rows.items()}  # fmt: skip

    return without_runs


def import_users(path: Path, *, apply: bool = False) -> Plan:
    plan = from_disk(Asked(ImportKind.USERS, path), apply=apply).proposal
    assert isinstance(plan, Plan)
    return plan


def imported(folder: Path, *rows: dict[str, str]) -> Plan:
    return import_users(written(folder, *rows), apply=True)


def found(hmis_id: str) -> Person:
    return db.session.scalars(select(Person).where(Person.hmis_id == hmis_id)).one()


def license_row(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    return row


def counts(plan: Plan) -> tuple[int, ...]:
    return (len(plan.new), len(plan.changed), plan.same, len(plan.gone), len(plan.look),
            len(plan.faulty))  # fmt: skip


def told(plan: Plan) -> list[str]:
    return list(report(plan, applied=False))[2:]


def with_hmis_id(hmis_id: str, state: str = life.ACTIVE, **about: Any) -> Person:
    person = factories.licensee(state, **about)
    with transaction():
        person.hmis_id = hmis_id
    return person


def named(first: str, last: str, email: str) -> Person:
    person = factories.licensee(life.ACTIVE, email=email)
    with transaction():
        person.first_name, person.last_name = first, last
    return person


def test_a_dry_run_tells_and_writes_nothing(dump: DumpNow, tmp_path: Path) -> None:
    before = dump()
    plan = import_users(written(tmp_path, user(27), user(28, DateDeleted=GONE_SINCE)))
    assert counts(plan) == (2, 0, 0, 0, 0, 0)
    assert told(plan) == [
        "new: line 2, UserID “27”: “Ann Lee”.",
        "new: line 3, UserID “28”: “Ann Lee”, deleted on 2026-03-16.",
    ]
    assert dump() == before


def test_a_new_row_becomes_a_person_with_an_unassigned_license(tmp_path: Path) -> None:
    imported(tmp_path, user(27, Extension="201"))
    ann = found("27")
    assert (ann.name, ann.email, ann.email_key) == (
        "Ann Lee", "user.27@agency.example", "user.27@agency.example",
    )  # fmt: skip
    assert (ann.phone, ann.username) == ("3135550101 ext. 201", None)
    row = license_row(ann)
    assert (row.state, row.agency_id, row.access_level) == (life.ACTIVE, None, None)
    assert [event.trigger for event in license_history(db.session(), row.id)] == ["adopt"]
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0
    assert effects() == []


def test_a_deleted_row_becomes_a_deleted_license(tmp_path: Path) -> None:
    imported(tmp_path, user(27, DateDeleted=GONE_SINCE))
    row = license_row(found("27"))
    assert (row.state, row.deleted_at is not None) == (life.DELETED, True)
    adopted, deleted = license_history(db.session(), row.id)
    assert (adopted.trigger, deleted.trigger) == ("adopt", "note_deletion")
    assert deleted.data["deleted_on"] == "2026-03-16"
    assert (deleted.actor_id, deleted.channel) == (None, "command")


def test_hand_alone_sees_somebody_unassigned(tmp_path: Path) -> None:
    cast = factories.cast()
    imported(tmp_path, user(27))
    ann = found("27")
    assert access.get_person_for(cast.sam, ann.id) is ann
    with pytest.raises(access.NotForYou):
        access.get_person_for(cast.admin, ann.id)


def test_somebody_without_a_name_is_called_by_the_id_until_a_name_is_known(tmp_path: Path) -> None:
    nameless = user(27, FirstName="", LastName="", Email="")
    imported(tmp_path, nameless)
    assert (found("27").name, found("27").email) == ("HMIS user 27", None)
    assert counts(imported(tmp_path, nameless)) == (0, 0, 1, 0, 0, 0)
    imported(tmp_path, user(27, Email=""))
    assert found("27").name == "Ann Lee"


def test_the_same_file_again_changes_nothing(register: DumpNow, tmp_path: Path) -> None:
    rows = user(27), user(28, DateDeleted=GONE_SINCE), user(29, Email="", Phone="")
    imported(tmp_path, *rows)
    before = register()
    assert counts(imported(tmp_path, *rows)) == (0, 0, 3, 0, 0, 0)
    assert register() == before


def test_somebody_known_by_the_id_is_compared_and_brought_up_to_date(tmp_path: Path) -> None:
    agency = factories.agency()
    ann = with_hmis_id("27", life.LOCKED, username="ann.lee", email="old@agency.example")
    with transaction():
        license_row(ann).agency_id = agency.id
    before = license_row(ann).version
    plan = imported(tmp_path, user(27, FirstName="Anna", Email="new@agency.example"))
    assert (ann.name, ann.email, ann.email_key) == (
        "Anna Lee", "new@agency.example", "new@agency.example",
    )  # fmt: skip
    row = license_row(ann)
    assert (ann.username, row.agency_id) == ("ann.lee", agency.id)
    assert (row.state, row.version) == (life.LOCKED, before)
    (line,) = told(plan)
    assert "first name “Anna”, it was “Ann”" in line
    assert "email “new@agency.example”, it was “old@agency.example”" in line


def test_blank_fields_take_nothing_away(register: DumpNow, tmp_path: Path) -> None:
    with_hmis_id("27", email="ann@agency.example")
    before = register()
    blank = user(27, FirstName="", LastName="", Phone="", Email="")
    assert counts(imported(tmp_path, blank)) == (0, 0, 1, 0, 0, 0)
    assert register() == before


def test_another_way_of_writing_is_no_change(tmp_path: Path) -> None:
    imported(tmp_path, user(27))
    with transaction():
        found("27").phone, found("27").email = "(313) 555-0101", "USER.27@Agency.example"
    assert counts(imported(tmp_path, user(27))) == (0, 0, 1, 0, 0, 0)


def test_open_links_end_when_the_address_changes(tmp_path: Path) -> None:
    ann = with_hmis_id("27", email="old@agency.example")
    with transaction() as session:
        address = links.mint(session, links.Purpose.ACCESS, ann.id, "key")
    imported(tmp_path, user(27, Email="new@agency.example"))
    seen = links.find(db.session(), {links.Purpose.ACCESS}, address.rpartition("/")[2])
    assert seen is not None
    assert not seen.alive


@pytest.mark.parametrize("state", life.HELD)
def test_a_deletion_ends_the_license_of_somebody_known(tmp_path: Path, state: str) -> None:
    ann = with_hmis_id("27", state)
    plan = imported(tmp_path, user(27, DateDeleted=GONE_SINCE))
    assert license_row(ann).state == life.DELETED
    assert counts(plan) == (0, 1, 0, 0, 0, 0)
    assert counts(imported(tmp_path, user(27, DateDeleted=GONE_SINCE))) == (0, 0, 1, 0, 0, 0)


@pytest.mark.parametrize("state", [life.DELETED, life.NOT_ISSUED, life.ABSENT])
def test_an_account_of_somebody_who_has_no_license_here_is_looked_at(
    tmp_path: Path, state: str
) -> None:
    ann = with_hmis_id("27", state)
    plan = imported(tmp_path, user(27))
    assert license_row(ann).state == state
    label = life.WORKFLOW.states[state].label.lower()
    assert told(plan)[-1].endswith(f"has an account in the HMIS, and here: {label}.")


def test_somebody_with_the_address_and_the_name_gets_the_id(tmp_path: Path) -> None:
    maria = named("María", "Lopez-Ruiz", "Maria@Agency.example")
    row = user(27, FirstName="MARIA", LastName="Lopez Ruiz", Email="maria@agency.example")
    plan = imported(tmp_path, row)
    assert counts(plan) == (0, 1, 0, 0, 0, 0)
    assert (maria.hmis_id, maria.email) == ("27", "Maria@Agency.example")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_address_alone_is_left_for_a_person_to_decide(
    register: DumpNow, tmp_path: Path
) -> None:
    other = named("Bob", "Ray", "shared@agency.example")
    before = register()
    plan = imported(tmp_path, user(27, Email="shared@agency.example"))
    (line,) = told(plan)
    assert line.startswith("look: line 2: Ann Lee (UserID 27) has the email address of ")
    assert line.endswith(f"Bob Ray ({other.id}). Are they the same?")
    assert register() == before


def test_two_who_have_the_address_are_left_for_a_person_to_decide(
    register: DumpNow, tmp_path: Path
) -> None:
    for _ in range(2):
        named("Ann", "Lee", "ann@agency.example")
    before = register()
    assert counts(imported(tmp_path, user(27, Email="ann@agency.example"))) == (0, 0, 0, 0, 1, 0)
    assert register() == before


def test_two_rows_that_could_be_one_person_are_left_for_a_person_to_decide(
    register: DumpNow, tmp_path: Path
) -> None:
    ann = named("Ann", "Lee", "ann@agency.example")
    before = register()
    plan = imported(tmp_path, *(user(n, Email="ann@agency.example") for n in (27, 28)))
    (line,) = told(plan)
    assert line.startswith("look: lines 2 and 3: Each of these rows could be ")
    assert line.endswith(f"Ann Lee ({ann.id}). Which of them is it?")
    assert register() == before


def test_whoever_is_missing_from_the_file_is_reported_and_nothing_more(
    register: DumpNow, tmp_path: Path
) -> None:
    ann = with_hmis_id("26")
    factories.licensee()
    before = register()
    plan = imported(tmp_path)
    assert told(plan) == [f"gone: UserID “26”, “{ann.name}” is not in the file."]
    assert register() == before


def test_a_faulty_row_does_not_make_anybody_gone(tmp_path: Path) -> None:
    with_hmis_id("27")
    plan = imported(tmp_path, user(27, DateDeleted="soon"))
    assert counts(plan) == (0, 0, 0, 0, 0, 1)


def test_what_is_faulty_is_left_out_and_the_rest_applied(tmp_path: Path) -> None:
    plan = imported(tmp_path, user(27), user(28, Email="x"), user(29))
    assert counts(plan) == (2, 0, 0, 0, 0, 1)
    assert [p.hmis_id for p in db.session.scalars(select(Person).order_by(Person.id))] == [
        "27", "29",
    ]  # fmt: skip


def test_more_rows_than_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("plan", "users"):
        monkeypatch.setattr(f"helpdesk.services.imports.{room}.BATCH", 3)
    rows = [user(number) for number in range(10)]
    assert counts(imported(tmp_path, *rows)) == (10, 0, 0, 0, 0, 0)
    assert counts(imported(tmp_path, *rows)) == (0, 0, 10, 0, 0, 0)


@pytest.mark.parametrize("trouble", [gateway.Stale(1, 1), KeyboardInterrupt()])
def test_when_one_row_fails_nothing_is_applied(
    dump: DumpNow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    before, act = dump(), licenses.act

    def torn(*given: object) -> License:
        if db.session.scalar(select(func.count()).where(License.state == life.ACTIVE)) == 2:
            raise trouble
        return act(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(licenses, "act", torn)
    with pytest.raises((Overtaken, KeyboardInterrupt)):
        imported(tmp_path, *(user(number) for number in range(4)))
    assert dump() == before


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["import-users", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_command_dry_and_applied(app: Flask, tmp_path: Path) -> None:
    path = str(written(tmp_path, user(27)))
    dry = (
        "1 new, 0 changed, 0 the same, 0 gone, 0 to look at, 0 faulty, 0 repeated.\n"
        "Nothing is written yet: --apply does it.\nnew: line 2, UserID “27”: “Ann Lee”.\n"
    )
    assert run(app, path) == (0, dry)
    assert run(app, path, "--apply") == (0, dry.replace(
        "Nothing is written yet: --apply does it.", "It is applied."))  # fmt: skip
    assert found("27").name == "Ann Lee"


@pytest.mark.parametrize("how", [(), ("--apply",)])
def test_the_command_fails_when_a_row_is_faulty(
    app: Flask, tmp_path: Path, how: tuple[str, ...]
) -> None:
    content = text_of(user(27), user(28, Email="x")) + '"29,broken\r\n'
    code, output = run(app, str(write(tmp_path, content)), *how)
    assert code == 1
    assert output.endswith(
        "faulty: line 3: UserEmail “x” is not an email address.\n"
        "faulty: line 4: Its quotation marks do not pair up.\n"
    )


def test_the_command_says_when_those_who_are_gone_may_not_be(app: Flask, tmp_path: Path) -> None:
    with_hmis_id("29")
    _code, output = run(app, str(write(tmp_path, text_of() + '"29,broken\r\n')))
    assert "1 line names no UserID, so some of those who are gone may not be." in output


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_the_command_needs_a_file(app: Flask, tmp_path: Path, name: str) -> None:
    code, output = run(app, str(tmp_path / name))
    assert code == 1
    assert output.startswith("Error: ")


CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "27", "28", "Ann", "Lee", "a@b.example", "3135550101", GONE_SINCE]),
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER, CELLS)), max_size=6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_whatever_the_rows_hold_they_are_taken_once(
    tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    """One register takes all these files, one after the other."""
    path = write(tmp_path, text_of(*rows).encode("utf-8", "surrogatepass"))
    assert list(report(import_users(path, apply=True), applied=True))
    again = import_users(path)
    assert (again.new, again.changed) == ([], [])
