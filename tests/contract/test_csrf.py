"""No act without the token of our own form, whoever sends it."""

import pytest
from flask import Flask

from tests.contract.answers import faults
from tests.contract.house import House, csrf_token
from tests.contract.test_routes import UNSAFE, address
from tests.contract.visits import VISITS
from tests.factories import PASSWORD

ACTS = [visit for visit in VISITS if visit.method in UNSAFE]
FORGED = "IjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbb"


def test_every_act_without_the_token_is_refused_and_changes_nothing(house: House) -> None:
    tries = []
    for visit in ACTS:
        where = visit.where(house)
        tries.append((visit.name, address(house, visit, where), visit.data(house, where)))
    of_another = csrf_token(house.client("other admin"))
    clients = {role: house.client(role) for role in ("stranger", "by link", "admin", "manager")}
    before = house.rows()
    wrong = []
    for role, client in clients.items():
        for name, url, data in tries:
            for token in (None, "", FORGED, of_another):
                given = {} if token is None else {"csrf_token": token}
                response = client.post(url, data=data | given)
                if response.status_code != 400:
                    wrong.append(f"{role}: {name} with {given}: {response.status}")
                wrong += faults(response)
    assert wrong == []
    assert house.rows() == before


def test_signing_in_and_out_are_among_them() -> None:
    assert {"sign_in.sign_in", "sign_in.sign_out"} <= {visit.endpoint for visit in ACTS}


def refused_message(house: House, origin: str | None) -> str:
    ticket = house.ticket()
    answer = house.client("staff").post(
        f"/tickets/{ticket.id}/ask_for_more",
        data={"version": "1", "message": "Which site does she work at?"},
        headers={"Origin": origin} if origin else {},
    )
    assert answer.status_code == 400
    assert faults(answer) == []
    return answer.text


def test_a_form_of_ours_that_was_open_too_long_gives_the_typed_text_back(house: House) -> None:
    assert "Which site does she work at?" in refused_message(house, "http://localhost")


@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example", "https://localhost"])
def test_text_that_another_site_sent_is_not_given_back(house: House, origin: str | None) -> None:
    assert "Which site does she work at?" not in refused_message(house, origin)


@pytest.mark.parametrize("role", ["stranger", "staff"])
def test_no_secret_is_ever_given_back(house: House, role: str) -> None:
    data = {"password": PASSWORD, "password_again": PASSWORD}
    ours = {"Origin": "http://localhost"}
    page = house.client(role).post("/set-password/some-token", data=data, headers=ours)
    assert page.status_code == 400
    assert PASSWORD not in page.text


def test_the_protection_is_on_unless_somebody_turns_it_off(app: Flask) -> None:
    assert app.config["WTF_CSRF_ENABLED"] is True
    assert app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    assert set(app.config["WTF_CSRF_METHODS"]) == UNSAFE
