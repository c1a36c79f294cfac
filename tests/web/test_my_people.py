"""My people: the light in words, filters and orders in the address, names never there."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.extensions import now
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.counted import queries
from tests.web.markup import Answer
from workflows import license as life
from workflows.common import IN_REVIEW, WAITING

ROW = re.compile(r'<th scope="row"><a[^>]*>([^<]+)')
LIGHT = re.compile(r'<td><span class="light light-(\w+)">([^<]+)<')


def rows(page: Answer) -> list[str]:
    return ROW.findall(page.text)


def member(cast: Cast, state: str = life.ACTIVE, days: int = 200, idle: int = 2) -> Person:
    person = factories.licensee(state, of=cast.agency)
    with transaction() as session:
        row = license_of(session, person.id)
        assert row is not None
        row.expires_on = today() + timedelta(days=days)
        row.last_login_at = now() - timedelta(days=idle)
    return person


def test_every_light_is_told_in_words_and_offers_what_helps(cast: Cast, visit: Visit) -> None:
    member(cast, life.EXPIRED, -3)
    member(cast, life.SUSPENDED)
    member(cast, days=12)
    member(cast, idle=31)
    member(cast)
    factories.ticket(WAITING, by=cast)
    factories.ticket(IN_REVIEW, by=cast)
    page = visit(cast.admin).get("/people")
    assert LIGHT.findall(page.text) == [
        ("now", "HAND asks you"), ("now", "Can’t log in"), ("now", "Can’t log in: call HAND"),
        ("soon", "Renew soon"), ("soon", "Log in soon"), ("hand", "HAND is on it"),
        ("well", "All well"),
    ]  # fmt: skip
    assert page.text.count("Recertification</a>") == 2
    assert "Answer HD-" in page.words
    assert "Everybody 7 Needs me now 3 Soon 2 With HAND 1 All well 1" in page.words


def test_what_nobody_knows_is_called_unknown(cast: Cast, visit: Visit) -> None:
    factories.licensee(life.ACTIVE, of=cast.agency)
    page = visit(cast.admin).get("/people")
    assert page.text.count(">unknown</td>") == 2
    assert "All well" in page.words


def test_the_address_says_what_is_shown(cast: Cast, visit: Visit) -> None:
    locked, ends = member(cast, life.LOCKED), member(cast, days=5)
    dana = visit(cast.admin)
    assert rows(dana.get("/people?show=now")) == [locked.name]
    assert rows(dana.get("/people?show=soon&state=active")) == [ends.name]
    page = dana.get("/people?show=now&state=active")
    assert "Nobody at the moment." in page.words
    assert "License: Active" in page.words
    assert rows(dana.get("/people?sort=expires")) == [ends.name, locked.name]


@pytest.mark.parametrize("junk", [
    "show=x&state=y&sort=z&after=1", "after=_", "after=x_9", "sort=expires&after=9_9",
    "sort=login&after=1e99_1", "sort=login&after=nan_1", "sort=name&after=5_99999999999",
    "state=deleted", "show=%00&after=%00_1",
])  # fmt: skip
def test_an_address_that_makes_no_sense_shows_the_first_page(
    junk: str, cast: Cast, visit: Visit
) -> None:
    person = member(cast)
    page = visit(cast.admin).get(f"/people?{junk}")
    assert (page.status, rows(page)) == (200, [person.name])


def test_a_name_is_searched_for_and_stays_out_of_every_address(cast: Cast, visit: Visit) -> None:
    people = [member(cast, life.LOCKED) for _ in range(52)]
    with transaction() as session:
        for person in people:
            session.get_one(Person, person.id).first_name = "Zuleika"
    other = member(cast)
    dana = visit(cast.admin)
    page = dana.fill("/people?show=now&sort=name", "q", q="zuleika")
    assert page.path == "/people"
    assert len(rows(page)) == 50
    assert other.name not in page.words
    more = dana.send(page, page.form_with("q", "after"))
    last = sorted(person.last_name for person in people)[50:]
    assert rows(more) == [f"Zuleika {name}" for name in last]
    for each in (page, more):
        assert "uleika" not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', each.text))
    assert "Nobody here fits “nobody”." in dana.fill("/people", "q", q="nobody").words


def test_pages_go_on_by_the_address_and_back_to_the_start(cast: Cast, visit: Visit) -> None:
    for number in range(51):
        member(cast, idle=number % 7)
    dana = visit(cast.admin)
    for sort in ("urgency", "name", "expires", "login"):
        page = dana.get(f"/people?sort={sort}")
        (following,) = re.findall(r'href="([^"]+)">More', page.text)
        rest = dana.get(following.replace("&amp;", "&"))
        assert len({*rows(page), *rows(rest)}) == 51, sort
        assert len(rows(rest)) == 1
        assert "From the start" in rest.words


def test_two_thousand_people_take_as_many_queries_as_three(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    counts = []
    for more in (3, 60):
        for _ in range(more):
            factories.ticket(IN_REVIEW, by=cast, about=member(cast, life.LOCKED))
        for path in ("/people", "/people?show=hand&sort=login"):
            with queries(app) as seen:
                assert dana.get(path).status == 200
            counts.append(len(seen))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 6


def test_the_order_is_told_to_those_who_hear_the_page(cast: Cast, visit: Visit) -> None:
    member(cast)
    page = visit(cast.admin).get("/people?sort=expires")
    assert page.text.count("aria-sort") == 1
    assert re.search(r'aria-sort="ascending"><a href="[^"]+">Expires', page.text)
