"""Every door of the house, tried by everybody: who gets in, and what looking leaves untouched."""

from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk.routes import FRESH, FRESH_STEPS, RULES
from tests.contract.answers import faults
from tests.contract.house import ROLES, House, csrf_token
from tests.contract.visit import Values, Visit
from tests.contract.visits import VISITS
from workflows.registry import all_workflows

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def declared(app: Flask) -> set[tuple[str, str]]:
    """(endpoint, method) of every route; HEAD comes with GET, and Flask answers OPTIONS itself."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_rule_and_every_rule_a_route(app: Flask) -> None:
    assert {endpoint for endpoint, _method in declared(app)} == set(RULES)


def test_every_route_has_an_expected_answer(app: Flask) -> None:
    assert {(visit.endpoint, visit.method) for visit in VISITS} == declared(app)


def test_every_row_of_the_table_is_complete() -> None:
    assert [v.name for v in VISITS if len(v.answers.split()) not in {1, len(ROLES)}] == []
    assert len({visit.name for visit in VISITS}) == len(VISITS)


def address(house: House, visit: Visit, where: Values) -> str:
    with house.app.test_request_context():
        return str(house.app.url_for(visit.endpoint, **where))


def answered(response: TestResponse) -> str:
    leads = urlsplit(response.headers.get("Location", "")).path
    return "in" if response.status_code == 302 and leads == "/sign-in" else response.status


def mistakes(visit: Visit, role: str, response: TestResponse) -> list[str]:
    found = faults(response)
    answer = answered(response)
    if not answer.startswith(visit.expected(role)):
        found.append(f"{answer}, not {visit.expected(role)}")
    response.close()
    return [f"{role}: {response.request.method} {visit.name}: {fault}" for fault in found]


def test_every_page_answers_as_the_table_says_and_looking_changes_nothing(house: House) -> None:
    pages = [visit for visit in VISITS if visit.method not in UNSAFE]
    addresses = [address(house, visit, visit.where(house)) for visit in pages]
    clients = {role: house.client(role) for role in ROLES}
    before = house.rows()
    wrong = []
    for role, client in clients.items():
        for visit, url in zip(pages, addresses, strict=True):
            wrong += mistakes(visit, role, client.get(url))
            wrong += mistakes(visit, role, client.head(url))
    assert wrong == []
    assert house.rows() == before


@pytest.mark.parametrize("role", ROLES)
def test_every_act_answers_as_the_table_says(house: House, role: str) -> None:
    wrong = []
    for visit in VISITS:
        if visit.method in UNSAFE:
            where = visit.where(house)
            client = house.client(role)
            data = {**visit.data(house, where), "csrf_token": csrf_token(client)}
            url = address(house, visit, where)
            wrong += mistakes(visit, role, client.open(url, method=visit.method, data=data))
    assert wrong == []


def test_every_sensitive_act_asks_again_who_it_is_and_does_nothing_before(house: House) -> None:
    """An hour after signing in; whoever may not act at all is answered as ever."""
    wrong = []
    for visit in VISITS:
        if visit.method in UNSAFE and visit.endpoint in FRESH:
            where = visit.where(house)
            data, url = visit.data(house, where), address(house, visit, where)
            client = house.client("manager")
            house.clock.pass_by(timedelta(hours=1))
            data["csrf_token"] = csrf_token(client)
            before = house.rows()
            answer = client.open(url, method=visit.method, data=data)
            if answer.status_code != 403 or "Is it still you?" not in answer.text:
                wrong.append(f"{visit.name}: {answer.status}")
            assert house.rows() == before
            assert faults(answer) == []
    assert wrong == []


def test_sensitive_acts_are_acts_of_the_house(app: Flask) -> None:
    posts = {endpoint for endpoint, method in declared(app) if method in UNSAFE}
    assert posts >= FRESH
    assert {step.trigger for flow in all_workflows().values() for step in flow.steps} >= FRESH_STEPS


def test_a_route_that_no_rule_names_is_denied_even_to_a_manager(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(RULES, "home.home")
    for role in ROLES:
        assert house.client(role).get("/").status_code == 403


def test_no_route_takes_another_method(house: House) -> None:
    client = house.client("manager")
    addresses = {address(house, visit, visit.where(house)) for visit in VISITS}
    before = house.rows()
    for url, method in product(addresses, ("PUT", "PATCH", "DELETE", "TRACE")):
        response = client.open(url, method=method)
        assert response.status_code in {400, 404, 405}, url
        assert faults(response) == []
    assert house.rows() == before
