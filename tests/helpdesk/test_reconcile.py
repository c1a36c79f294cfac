"""The register against the directory: each kind of difference is told, and nothing is changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from helpdesk.directory.base import KnownAccount
from helpdesk.extensions import db
from helpdesk.jobs import reconcile
from helpdesk.jobs.reconcile import Difference, Kind, Registered, differences
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Dump
from tests.support.scim import HMIS, Mishap, ScimServer
from workflows import license as life

END = date(2027, 11, 23)
ANN = Registered("ann.lee", "Ann Lee", "ann@agency.example", life.ACTIVE, END)
HERS = KnownAccount("ann.lee", True, False, END, "Ann Lee", "ann@agency.example")


def told(here: Registered | None, there: KnownAccount | None) -> list[tuple[Kind, str]]:
    found = differences([here] if here else [], [there] if there else [])
    return [(each.kind, each.words) for each in found]


def test_what_agrees_is_no_difference() -> None:
    assert told(ANN, HERS) == []
    assert told(replace(ANN, state=life.LOCKED), HERS) == []
    shouted = replace(HERS, name="ANN  LEE", email="Ann@Agency.Example")
    assert told(ANN, shouted) == []


@pytest.mark.parametrize(
    ("here", "there", "difference"),
    [
        (ANN, None, (Kind.ONLY_HERE, "Ann Lee, Active")),
        (None, HERS, (Kind.ONLY_THERE, "Ann Lee")),
        (ANN, replace(HERS, active=False), (Kind.ACTIVE, "Active here, closed there")),
        (replace(ANN, state=life.EXPIRED), HERS, (Kind.ACTIVE, "Expired here, open there")),
        (replace(ANN, state=life.SUSPENDED), HERS, (Kind.ACTIVE, "Suspended here, open there")),
        (ANN, replace(HERS, name="Ann Ray"), (Kind.NAME, "“Ann Lee” here, “Ann Ray” there")),
        (ANN, replace(HERS, email="a@b.example"),
         (Kind.EMAIL, "ann@agency.example here, a@b.example there")),
        (replace(ANN, email=None), HERS, (Kind.EMAIL, "none here, ann@agency.example there")),
        (ANN, replace(HERS, until=None), (Kind.EXPIRY, "Nov 23, 2027 here, none there")),
        (replace(ANN, until=None), HERS, (Kind.EXPIRY, "none here, Nov 23, 2027 there")),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_told(
    here: Registered | None, there: KnownAccount | None, difference: tuple[Kind, str]
) -> None:
    assert told(here, there) == [difference]


def test_what_a_directory_does_not_tell_differs_from_nothing() -> None:
    silent = replace(HERS, name=None, email=None, until=None, tells_end=False)
    assert told(ANN, silent) == []


def test_a_closed_account_of_nobody_here_is_no_difference() -> None:
    assert told(None, replace(HERS, active=False)) == []


def test_a_license_without_a_user_name_is_only_here() -> None:
    (found,) = differences([replace(ANN, username=None)], [HERS])[:1]
    assert found == Difference(Kind.ONLY_HERE, "(no username)", "Ann Lee, Active")


def run(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["reconcile"])
    return result.exit_code, result.output


@pytest.fixture
def people(cast: Cast) -> dict[str, Person]:
    """Licensed, with accounts that agree; and staff, who have an account and no license."""
    states = (life.ACTIVE, life.LOCKED, life.INACTIVE, life.EXPIRED, life.DELETED)
    return {state: factories.licensee(state, of=cast.agency) for state in states}


def test_the_local_directory_agrees_and_looking_changes_nothing(
    app: Flask, people: dict[str, Person], dump: Callable[[], Dump]
) -> None:
    before = dump()
    assert run(app) == (0, "No differences: 4 licenses, and the directory agrees.\n")
    assert dump() == before


def test_a_lost_account_is_found(app: Flask, people: dict[str, Person]) -> None:
    lost = people[life.ACTIVE]
    with transaction() as session:
        session.delete(factories.account_of(lost))
    code, words = run(app)
    assert code == 1
    assert words == f"Only in the register: 1\n  {lost.username}: {lost.name}, Active\n"


def test_the_manual_directory_says_that_nobody_can_compare(
    app: Flask, people: dict[str, Person]
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], DIRECTORY="manual")
    code, words = run(app)
    assert code == 1
    assert "nothing to compare with. Only a person can look into Community Services." in words


@pytest.fixture
def scim(app: Flask, scim_server: ScimServer) -> ScimServer:
    taken = scim_server.of_the_desk()
    app.extensions["settings"] = replace(app.extensions["settings"], **taken)
    return scim_server


def add(server: ScimServer, person: Person, until: date | None, **more: object) -> None:
    end = {HMIS: {"licenseUntil": f"{until}T23:59:59-05:00"}} if until else {}
    server.add(person.username or "", emails=[{"value": person.email}],
               name={"givenName": person.first_name, "familyName": person.last_name},
               **end, **more)  # fmt: skip


def test_a_scim_directory_is_compared_account_by_account(
    app: Flask, people: dict[str, Person], scim: ScimServer
) -> None:
    with transaction():
        for row in db.session.query(License):
            row.expires_on = END
    add(scim, people[life.ACTIVE], END, active=True)
    add(scim, people[life.LOCKED], END, active=False)
    add(scim, people[life.INACTIVE], END - timedelta(days=1), active=False)
    scim.add("olga.old")
    code, words = run(app)
    assert code == 1
    kinds = [line for line in words.splitlines() if not line.startswith(" ")]
    assert kinds == [
        "Only in the register: 1",
        "Open in the directory, and in nobody’s name here: 1",
        "Open on one side only: 1",
        "Another end: 1",
    ]
    assert "  olga.old: no name" in words.splitlines()


def test_a_directory_that_does_not_answer_is_no_agreement(
    app: Flask, people: dict[str, Person], scim: ScimServer
) -> None:
    scim.plan = [Mishap("503 Service Unavailable")]
    code, words = run(app)
    assert code == 1
    assert "The directory answered 503." in words


def test_what_is_read_of_the_register_is_what_is_held(people: dict[str, Person]) -> None:
    rows = {row.username: row.state for row in reconcile.register(db.session())}
    assert rows == {p.username: state for state, p in people.items() if state != life.DELETED}
