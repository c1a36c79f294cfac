"""What an answer tells the browser about itself: pages, errors, files, and in production."""

import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from helpdesk.views import home
from tests.contract.answers import faults
from tests.contract.house import House, csrf_token
from tests.support.apps import MakeApp

HTTPS = "https://desk.example"


def blow_up() -> None:
    raise ZeroDivisionError("the secret recipe")


def no_database() -> None:
    raise OperationalError("SELECT", {}, Exception("the database is gone"))


def test_an_address_that_does_not_exist_is_a_sound_page(house: House) -> None:
    for role in ("stranger", "staff"):
        answer = house.client(role).get("/no/such/page")
        assert answer.status_code == 404
        assert faults(answer) == []


def test_a_fault_of_ours_is_a_sound_page_that_tells_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_part_of_day", blow_up)
    answer = house.client("staff").get("/")
    assert answer.status_code == 500
    assert faults(answer) == []
    assert "recipe" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_away_is_a_sound_page_that_says_when_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_part_of_day", no_database)
    answer = house.client("staff").get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert faults(answer) == []
    assert "SELECT" not in answer.text


def test_a_form_that_is_far_too_large_is_a_sound_refusal(house: House) -> None:
    client = house.client("stranger")
    data = {"csrf_token": csrf_token(client), "username": "x" * 2_000_000}
    answer = client.post("/cant-log-in", data=data)
    assert answer.status_code == 413
    assert faults(answer) == []


def test_pages_whose_address_is_a_key_send_it_nowhere(house: House) -> None:
    keyed = [rule for rule in house.app.url_map.iter_rules()
             if "<token>" in rule.rule and "GET" in (rule.methods or ())]  # fmt: skip
    assert {"/sign/<token>", "/link/<token>"} <= {rule.rule for rule in keyed}
    paths = [rule.rule.replace("<token>", "a-token") for rule in keyed]
    for path in (*paths, "/cant-log-in"):
        answer = house.client("stranger").get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer", path


def test_files_of_the_house_may_be_kept_and_no_page_may(house: House) -> None:
    client = house.client("stranger")
    with client.get("/static/desk.css") as file:
        assert "max-age" in file.headers["Cache-Control"]
        assert "no-store" not in file.headers["Cache-Control"]
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


@pytest.fixture
def production(make_app: MakeApp) -> Flask:
    return make_app(ENV="production", TESTING=False, BASE_URL=HTTPS)


def test_in_production_browsers_are_told_to_come_by_https_only(production: Flask) -> None:
    client = production.test_client()
    for path in ("/sign-in", "/no/such/page", "/static/desk.css"):
        answer = client.get(path, base_url=HTTPS)
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        assert faults(answer) == []
        answer.close()


def test_in_production_the_cookie_is_bound_to_this_host_and_to_https(production: Flask) -> None:
    cookie = production.test_client().get("/sign-in", base_url=HTTPS).headers["Set-Cookie"]
    name, *flags = (part.strip() for part in cookie.split(";"))
    assert name.startswith("__Host-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
    assert not [flag for flag in flags if flag.startswith(("Domain", "Expires", "Max-Age"))]


def test_in_development_the_cookie_has_a_plain_name_and_is_still_out_of_reach(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("helpdesk=")
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie


def test_in_production_there_is_no_page_of_mails(production: Flask) -> None:
    client = production.test_client()
    for path in ("/dev/mail", "/dev/mail/x.eml"):
        assert client.get(path, base_url=HTTPS).status_code == 404


def test_in_production_a_form_whose_page_keeps_its_address_secret_can_be_sent(
    production: Flask,
) -> None:
    """Such a page sends no Referer, so none may be asked for."""
    client = production.test_client()
    page = client.get("/cant-log-in", base_url=HTTPS)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    data = {"csrf_token": token[1], "username": "ann.lee"}
    assert client.post("/cant-log-in", data=data, base_url=HTTPS).status_code == 200
    assert client.post("/cant-log-in", data=data).status_code == 400  # the cookie stays at home
