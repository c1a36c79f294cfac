"""My people: who needs their admin how soon, in every order, page by page."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import true

from helpdesk.extensions import db, now
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services import roster
from helpdesk.services.facts import today
from helpdesk.services.roster import Sort, Which, Whose
from helpdesk.services.urgency import Light, Urgency
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from workflows import license as life
from workflows.common import IN_REVIEW, WAITING
from workflows.guards import NEW_USER, RECERTIFY


def whose(cast: Cast) -> Whose:
    return Whose({cast.agency.id}, true())


def member(
    cast: Cast, state: str = life.ACTIVE, last_name: str | None = None, **columns: Any
) -> Person:
    person = factories.licensee(state, of=cast.agency)
    with transaction() as session:
        if last_name:
            session.get_one(Person, person.id).last_name = last_name
        row = license_of(session, person.id)
        assert row is not None
        for name, value in columns.items():
            setattr(row, name, value)
    return person


def urgencies(cast: Cast) -> dict[str, Urgency]:
    page = roster.read_page(db.session(), whose(cast))
    return {m.person.username or m.person.name: m.urgency for m in page.members}


def names(cast: Cast, which: Which | None = None) -> list[str]:
    page = roster.read_page(db.session(), whose(cast), which)
    return [m.person.username or "" for m in page.members]


@pytest.mark.parametrize(
    ("state", "urgency"),
    [
        (life.EXPIRED, Urgency.EXPIRED),
        (life.LOCKED, Urgency.LOCKED),
        (life.INACTIVE, Urgency.INACTIVE),
        (life.SUSPENDED, Urgency.SUSPENDED),
        (life.ACTIVE, Urgency.FINE),
    ],
)
def test_the_state_of_a_license_says_how_urgent_it_is(
    state: str, urgency: Urgency, cast: Cast
) -> None:
    person = member(cast, state)
    assert urgencies(cast) == {person.username: urgency}


def test_an_active_license_is_urgent_as_its_dates_come_near(cast: Cast) -> None:
    ends = member(cast, expires_on=today() + timedelta(days=60))
    later = member(cast, expires_on=today() + timedelta(days=61))
    quiet = member(cast, last_login_at=now() - timedelta(days=30, minutes=1))
    seen = member(cast, last_login_at=now() - timedelta(days=29))
    found = urgencies(cast)
    assert (found[ends.username or ""], found[later.username or ""]) == (
        Urgency.ENDS_SOON, Urgency.FINE)  # fmt: skip
    assert (found[quiet.username or ""], found[seen.username or ""]) == (
        Urgency.QUIET, Urgency.FINE)  # fmt: skip


def test_what_nobody_knows_is_not_overdue(cast: Cast) -> None:
    person = member(cast, expires_on=None, last_login_at=None)
    assert urgencies(cast) == {person.username: Urgency.FINE}


def test_a_request_at_hand_needs_nobody_and_one_that_waits_comes_first(cast: Cast) -> None:
    at_hand, asked = member(cast, life.LOCKED), member(cast, life.LOCKED)
    expired = member(cast, life.EXPIRED)
    factories.ticket(IN_REVIEW, by=cast, about=at_hand)
    factories.ticket(WAITING, by=cast, about=asked)
    assert names(cast) == [asked.username, expired.username, at_hand.username]
    assert urgencies(cast)[at_hand.username or ""] is Urgency.WITH_HAND


def test_of_two_requests_the_one_that_waits_is_shown(cast: Cast) -> None:
    person = member(cast, expires_on=today() + timedelta(days=20))
    waits = factories.ticket(WAITING, by=cast, about=person)
    factories.ticket(IN_REVIEW, by=cast, about=person, type=RECERTIFY)
    (found,) = roster.read_page(db.session(), whose(cast)).members
    assert (found.urgency, found.ticket) == (Urgency.ANSWER, waits)


def test_the_lights_count_everybody_once(cast: Cast) -> None:
    member(cast, life.EXPIRED)
    member(cast, life.SUSPENDED)
    member(cast, expires_on=today())
    member(cast)
    factories.ticket(by=cast)
    factories.ticket(by=cast, type=NEW_USER)
    assert roster.counts(db.session(), whose(cast)) == {
        Light.NOW: 2, Light.SOON: 1, Light.HAND: 2, Light.WELL: 1,
    }  # fmt: skip


def test_only_whom_the_filters_name_is_shown(cast: Cast) -> None:
    locked, ends = member(cast, life.LOCKED), member(cast, expires_on=today())
    fine = member(cast)
    assert names(cast, Which(light=Light.NOW)) == [locked.username]
    assert names(cast, Which(light=Light.SOON)) == [ends.username]
    assert names(cast, Which(state=life.LOCKED)) == [locked.username]
    assert names(cast, Which(light=Light.WELL, state=life.LOCKED)) == []
    assert names(cast, Which(words=f"{fine.last_name.upper()} PERSON")) == [fine.username]
    assert names(cast, Which(words="%")) == []


def test_those_of_other_agencies_are_not_there_whatever_is_asked(cast: Cast) -> None:
    stranger = member(factories.cast(), life.LOCKED)
    assert names(cast, Which(words=stranger.username or "")) == []
    assert names(cast, Which(state=life.LOCKED)) == []


def test_each_order_puts_what_nobody_knows_last(cast: Cast) -> None:
    late, soon, unknown = (member(cast, last_name=name) for name in "abc")
    for person, days in ((late, 300), (soon, 100), (unknown, None)):
        set_dates(person, days)
    assert names(cast, Which(sort=Sort.EXPIRES)) == [
        soon.username, late.username, unknown.username]  # fmt: skip
    assert names(cast, Which(sort=Sort.LOGIN)) == [
        late.username, soon.username, unknown.username]  # fmt: skip
    assert names(cast, Which(sort=Sort.NAME)) == [
        late.username, soon.username, unknown.username]  # fmt: skip


def set_dates(person: Person, days: int | None) -> None:
    """Good for so many days, and no log-in for a tenth of them."""
    with transaction() as session:
        row = license_of(session, person.id)
        assert row is not None
        row.expires_on = today() + timedelta(days=days) if days else None
        row.last_login_at = now() - timedelta(days=days // 10) if days else None


AWKWARD = ("Åsa", "éa", "Zed", "zed", "Éa", "a", "", "A")


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repetition(
    sort: Sort, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 3)
    people = [member(cast, life.LOCKED if number % 3 else life.ACTIVE) for number in range(8)]
    with transaction():
        for person, name in zip(people, AWKWARD, strict=True):
            db.session.get_one(Person, person.id).last_name = name
    for number, person in enumerate(people[:6]):
        set_dates(person, 100 + number // 2)
    seen, after = [], None
    for _ in range(3):
        page = roster.read_page(db.session(), whose(cast), Which(sort=sort), after)
        seen += [m.person.id for m in page.members]
        after = page.following
    assert after is None
    assert sorted(seen) == sorted(person.id for person in people)


def test_a_place_of_somebody_elsewhere_tells_nothing_and_leads_to_the_top(cast: Cast) -> None:
    person, stranger = member(cast), member(factories.cast())
    for place in (roster.Place(None, stranger.id), roster.Place(None, 999_999)):
        page = roster.read_page(db.session(), whose(cast), Which(sort=Sort.NAME), place)
        assert [m.person.id for m in page.members] == [person.id]


def test_no_name_stands_in_a_place(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "PAGE", 1)
    member(cast, life.LOCKED, expires_on=date(2030, 1, 2))
    member(cast, life.LOCKED, expires_on=date(2030, 1, 3))
    for sort in Sort:
        place = roster.read_page(db.session(), whose(cast), Which(sort=sort)).following
        assert place is not None
        assert not isinstance(place.key, str)


def test_log_ins_are_counted_in_days_of_the_desk() -> None:
    assert roster.idle_days(License(last_login_at=None), date(2026, 1, 1)) is None
