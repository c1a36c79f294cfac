"""A roster completes people, moves licenses along, and takes nothing back in time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk import links
from helpdesk.extensions import db, now
from helpdesk.models.account import Account
from helpdesk.models.event import license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person, with_username
from helpdesk.services.imports.proposal import Part
from helpdesk.services.imports.report import report
from helpdesk.services.imports.undo import undo
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk import imports, user_csv
from tests.helpdesk.conftest import Dump
from tests.helpdesk.owed import effects
from tests.helpdesk.roster_csv import applied, begun, member, proposed, taken_over, text_of
from workflows import license as life

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]
NINE_FIFTEEN = datetime(2026, 11, 19, 14, 15, tzinfo=UTC)


@pytest.fixture
def harbor(cast: factories.Cast) -> str:
    return cast.agency.name


def row_of(username: str) -> License:
    person = with_username(db.session(), username)
    assert person is not None
    row = license_of(db.session(), person.id)
    assert row is not None
    return row


def ann(state: str = life.ACTIVE, **facts: Any) -> License:
    """Somebody of that username, as the roster names her."""
    person = factories.licensee(state, username="ann.lee", email="ann.lee@agency.example")
    with transaction():
        person.first_name, person.last_name = "Ann", "Lee"
        row = row_of("ann.lee")
        for name, value in facts.items():
            setattr(row, name, value)
    return row


def told(*rows: dict[str, str], by: factories.Cast) -> list[str]:
    return [line for line in list(report(proposed(by.joan, *rows), applied=False))[2:]
            if not line.startswith("gone")]  # fmt: skip


def test_somebody_new_comes_with_a_license_at_the_agency(
    cast: factories.Cast, harbor: str
) -> None:
    run = applied(cast.joan, member(Provider=harbor))
    row = row_of("ann.lee")
    person = db.session.get_one(Person, row.person_id)
    assert (person.name, person.email) == ("Ann Lee", "ann.lee@agency.example")
    assert (row.state, row.agency_id, row.access_level) == (
        life.ACTIVE, cast.agency.id, "case_manager_1",
    )  # fmt: skip
    assert (row.last_login_at, row.expires_on) == (NINE_FIFTEEN, date(2027, 3, 31))
    (event,) = license_history(db.session(), row.id)
    assert (event.trigger, event.data["import"], event.data["expires_on"]) == (
        "adopt", run.id, "2027-03-31",
    )  # fmt: skip
    assert effects() == []


def test_whom_user_csv_brought_is_completed_by_the_address(
    cast: factories.Cast, harbor: str
) -> None:
    brought = user_csv.user(27, Email="Ann.Lee@agency.example")
    imports.applied(user_csv.text_of(brought), cast.joan)
    applied(cast.joan, member(Provider=harbor))
    (person,) = db.session.scalars(select(Person).where(Person.hmis_id == "27"))
    assert person.username == "ann.lee"
    assert (row_of("ann.lee").agency_id, row_of("ann.lee").access_level) == (
        cast.agency.id, "case_manager_1",
    )  # fmt: skip


def test_who_has_username_and_agency_has_an_account_without_a_password(
    cast: factories.Cast, harbor: str
) -> None:
    applied(cast.joan, member(Provider=harbor), member(Login="bo", Email="bo@agency.example"))
    (account,) = db.session.scalars(
        select(Account).where(Account.person_id == row_of("ann.lee").person_id)
    )
    assert (account.password_hash, account.hmis_access) == (None, True)
    assert account.hmis_until == date(2027, 3, 31)
    unassigned = select(Account).where(Account.person_id == row_of("bo").person_id)
    assert db.session.scalar(unassigned) is None


def test_what_is_the_same_is_no_change(cast: factories.Cast, harbor: str) -> None:
    row = member(Provider=harbor)
    applied(cast.joan, row)
    plan = proposed(cast.joan, row | {"Email": "ANN.LEE@agency.example", "Login": "Ann.Lee"})
    assert (plan.same, plan.touches) == (1, 0)


def test_a_change_is_told_field_by_field(cast: factories.Cast, harbor: str) -> None:
    ann(last_login_at=NINE_FIFTEEN - timedelta(days=3), expires_on=date(2026, 12, 31))
    (line,) = told(member(Provider=harbor, Email="ann@new.example"), by=cast)
    assert line == (
        "changed: line 2, “Ann Lee”: email “ann@new.example”, it was “ann.lee@agency.example”; "
        f"agency “{harbor}”; access level “Case Manager I”; "
        "last log-in “Nov 19, 2026, 9:15 am”, it was “Nov 16, 2026, 9:15 am”; "
        "expires “Mar 31, 2027”, it was “Dec 31, 2026”."
    )


def test_a_last_log_in_never_goes_back_in_time(cast: factories.Cast) -> None:
    ann(last_login_at=NINE_FIFTEEN + timedelta(hours=1))
    applied(cast.joan, member())
    assert row_of("ann.lee").last_login_at == NINE_FIFTEEN + timedelta(hours=1)


def test_an_earlier_expiry_is_left_for_a_person_to_decide(cast: factories.Cast) -> None:
    ann(expires_on=date(2027, 6, 30))
    (_changed, look) = told(member(), by=cast)
    assert look == (
        "look: line 2: Ann Lee expires on Mar 31, 2027 as the file says, and here on Jun 30, 2027."
    )
    applied(cast.joan, member())
    assert row_of("ann.lee").expires_on == date(2027, 6, 30)


def test_blank_fields_and_missing_columns_take_nothing_away(
    cast: factories.Cast, harbor: str
) -> None:
    applied(cast.joan, member(Provider=harbor))
    row = row_of("ann.lee")
    before = {c.name: getattr(row, c.name) for c in License.__table__.columns}
    blank = dict.fromkeys(member(), "") | {"Login": "ann.lee", "Last Login": "Never"}
    assert proposed(cast.joan, blank).same == 1
    run = begun("Login,Email\nann.lee,\n", cast.joan)
    assert run.layout == {"columns": {"username": 0, "email": 1}, "order": "mdy"}
    assert before == {c.name: getattr(row_of("ann.lee"), c.name) for c in License.__table__.columns}


def test_a_later_expiry_ends_that_a_license_is_expired(cast: factories.Cast) -> None:
    ann(life.EXPIRED, expires_on=date(2026, 11, 1))
    before = len(effects())
    applied(cast.joan, member())
    row = row_of("ann.lee")
    assert (row.state, row.expired_at, row.expires_on) == (life.ACTIVE, None, date(2027, 3, 31))
    assert [e.trigger for e in license_history(db.session(), row.id)][-2:] == [
        "note_roster", "note_renewal",
    ]  # fmt: skip
    assert len(effects()) == before


@pytest.mark.parametrize(
    ("status", "state"),
    [("Inactive", life.INACTIVE), ("Locked", life.LOCKED), ("Deleted", life.DELETED),
     ("Active", life.ACTIVE), ("", life.ACTIVE)],
)  # fmt: skip
def test_a_status_is_noted_and_nobody_is_written_to(
    cast: factories.Cast, status: str, state: str
) -> None:
    ann()
    applied(cast.joan, member(Status=status))
    assert row_of("ann.lee").state == state
    assert effects() == []
    assert proposed(cast.joan, member(Status=status)).touches == 0


@pytest.mark.parametrize("state", [life.LOCKED, life.INACTIVE])
def test_that_the_hmis_says_active_unlocks_nobody(cast: factories.Cast, state: str) -> None:
    ann(state)
    assert told(member(), by=cast)[-1] == (
        f"look: line 2: Ann Lee is active as the file says, and here: {state}."
    )
    applied(cast.joan, member())
    assert row_of("ann.lee").state == state


def test_a_log_in_after_a_reactivation_ends_the_watch(cast: factories.Cast) -> None:
    ann(log_in_by=now() + timedelta(hours=2))
    applied(cast.joan, member(Last_Login="11/22/2026"))
    assert row_of("ann.lee").log_in_by is None


def test_a_log_in_before_the_reactivation_does_not(cast: factories.Cast) -> None:
    ann(log_in_by=now() + timedelta(hours=2))
    applied(cast.joan, member(Last_Login="11/21/2026"))
    assert row_of("ann.lee").log_in_by is not None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Provider": "Nowhere"}, "There is no agency “Nowhere” here."),
        ({"Login": "", "Email": ""}, "It names nobody: username and email are blank."),
        ({"Login": "ann lee"}, "“ann lee” is no username: it holds a space."),
        ({"Email": "ann"}, "“ann” is not an email address."),
        ({"Expires": "13/45/2027"}, "Expires “13/45/2027” is not a date as this file writes them."),
        ({"Last Login": "1/1/2030"}, "Last log-in “1/1/2030” lies in the future."),
        ({"User Name": ""}, "ann.lee is not known here, and has no name."),
        ({"Login": "a" * 61}, "Username is longer than 60 characters:"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(
    cast: factories.Cast, change: dict[str, str], sentence: str
) -> None:
    good = member(Login="bo", Email="bo@agency.example", User_Name="Bo Ray")
    plan = proposed(cast.joan, good, member() | change)
    (fault,) = plan.faulty
    assert fault.lines == (3,)
    assert fault.sentence.startswith(sentence)
    assert plan.size(Part.NEW) == 1


def test_an_inactive_agency_takes_nobody(cast: factories.Cast, harbor: str) -> None:
    with transaction():
        cast.agency.active = False
    (fault,) = proposed(cast.joan, member(Provider=harbor)).faulty
    assert fault.sentence == f"The agency “{harbor}” is inactive here."


@pytest.mark.parametrize("written", ["{} (27)", "  {}", "{}!"])
def test_an_agency_is_found_however_its_name_is_written(
    cast: factories.Cast, harbor: str, written: str
) -> None:
    applied(cast.joan, member(Provider=written.format(harbor.upper())))
    assert row_of("ann.lee").agency_id == cast.agency.id


@pytest.mark.parametrize(
    ("level", "name"),
    [("Case Manager II", "case_manager_2"), ("case manager 2", "case_manager_2"),
     ("READ-ONLY", "read_only"), ("Agency Admin", "agency_administrator")],
)  # fmt: skip
def test_an_access_level_is_found_however_it_is_written(
    cast: factories.Cast, level: str, name: str
) -> None:
    applied(cast.joan, member(Role=level))
    assert row_of("ann.lee").access_level == name


def test_an_unknown_access_level_is_told_and_the_rest_taken(cast: factories.Cast) -> None:
    assert told(member(Role="Wizard"), by=cast)[-1] == (
        "look: line 2: “Wizard” of Ann Lee is no access level here."
    )
    applied(cast.joan, member(Role="Wizard"))
    assert (row_of("ann.lee").access_level, row_of("ann.lee").expires_on) == (
        None, date(2027, 3, 31),
    )  # fmt: skip


def test_who_is_meant_is_not_guessed(cast: factories.Cast, dump: DumpNow) -> None:
    ann()
    other = member(Login="ann.lee2")
    (line,) = told(other, by=cast)
    assert line == (
        "look: line 2: Ann Lee has the address ann.lee@agency.example and the username ann.lee,"
        " and the file says ann.lee2. Are they the same?"
    )
    namesake = member(Login="", User_Name="Bo Ray")
    assert told(namesake, by=cast) == [
        "look: line 2: Bo Ray has the address of Ann Lee. Are they the same?"
    ]
    before = imports.without(dump, "import_run", "column_mapping")
    applied(cast.joan, other)
    assert imports.without(dump, "import_run", "column_mapping") == before


def test_two_who_share_the_address_are_left(cast: factories.Cast) -> None:
    for name in ("ann.lee", "bo.ray"):
        factories.licensee(life.ACTIVE, username=name, email="shared@agency.example")
    (look,) = told(member(Login="", Email="shared@agency.example"), by=cast)
    assert "Several people here have the address shared@agency.example" in look


@pytest.mark.parametrize("state", [life.DELETED, life.NOT_ISSUED, life.REQUESTED])
def test_a_license_that_has_ended_here_is_looked_at(cast: factories.Cast, state: str) -> None:
    ann(state)
    label = life.WORKFLOW.states[state].label.lower()
    assert told(member(), by=cast) == [
        f"look: line 2: Ann Lee has an account in the HMIS, and here: {label}."
    ]


def test_a_colleague_without_a_license_gets_one(cast: factories.Cast) -> None:
    person = factories.person("ann.lee", email="ann.lee@agency.example")
    applied(cast.joan, member())
    row = license_of(db.session(), person.id)
    assert row is not None
    assert row.state == life.ACTIVE


def test_rows_that_contradict_each_other_are_all_faulty(cast: factories.Cast) -> None:
    plan = proposed(cast.joan, member(), member(), member(Login="ANN.LEE", Role="Volunteer"))
    (fault,) = plan.faulty
    assert fault.lines == (2, 3, 4)
    assert "“ann.lee” is there more than once" in fault.sentence
    assert proposed(cast.joan, member(), member()).repeated == 1


def test_two_rows_that_could_be_one_person_are_left(cast: factories.Cast) -> None:
    ann()
    plan = proposed(cast.joan, member(), member(Login=""))
    assert plan.touches == 0
    assert plan.look[-1].lines == (2, 3)


def test_who_is_missing_is_told_and_stays(cast: factories.Cast) -> None:
    ann()
    plan = proposed(cast.joan, member(Login="bo.ray", Email="bo@agency.example"))
    assert "ann.lee" in {left.username for left in plan.gone}
    faulty = proposed(cast.joan, member(Expires="soon"))
    assert "ann.lee" not in {left.username for left in faulty.gone}


def test_open_links_end_when_the_address_changes(cast: factories.Cast) -> None:
    row = ann()
    with transaction() as session:
        address = links.mint(session, links.Purpose.ACCESS, row.person_id, "key")
    applied(cast.joan, member(Email="ann@new.example"))
    token = address.rpartition("/")[2]
    found = links.find(db.session(), (links.Purpose.ACCESS,), token)
    assert found is not None
    assert not found.alive


@pytest.mark.parametrize("state", [life.ACTIVE, life.EXPIRED, life.LOCKED])
def test_the_undo_gives_back_every_column(
    cast: factories.Cast, harbor: str, dump: DumpNow, state: str
) -> None:
    ann(state, expires_on=date(2026, 11, 1), log_in_by=now())
    new = member(Login="bo.ray", Email="bo@agency.example", User_Name="Bo Ray", Provider=harbor)
    aside = ("import_run", "import_change", "column_mapping", "event")
    before = imports.without(dump, *aside, "license", "person")
    facts = {c.name: getattr(row_of("ann.lee"), c.name) for c in License.__table__.columns}
    run = applied(cast.joan, member(Provider=harbor, Status="Inactive"), new)
    outcome = undo(run.id, cast.joan)
    assert (outcome.undone, outcome.left) == (2, [])
    after = {c.name: getattr(row_of("ann.lee"), c.name) for c in License.__table__.columns}
    assert after | {"version": 0} == facts | {"version": 0}
    assert imports.without(dump, *aside, "license", "person") == before
    assert with_username(db.session(), "bo.ray") is None


def test_a_log_in_since_keeps_the_undo_away(cast: factories.Cast) -> None:
    ann()
    run = applied(cast.joan, member())
    with transaction():
        row_of("ann.lee").last_login_at = now()
    assert undo(run.id, cast.joan).left == [{"name": "Ann Lee", "why": "Changed since: license."}]


def test_other_ways_of_writing_a_file_make_no_difference(
    cast: factories.Cast, harbor: str
) -> None:
    text = text_of(member(Provider=harbor, User_Name="Zoë Lee"), delimiter=";")
    for content in (text, "\ufeff" + text, text.encode("utf-16"), text.encode("cp1252"),
                    text.replace("\r\n", "\n")):  # fmt: skip
        run = taken_over(content, cast.joan)
        assert db.session.get_one(Person, row_of("ann.lee").person_id).name == "Zoë Lee"
        undo(run.id, cast.joan)
