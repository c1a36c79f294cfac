"""The SCIM directory against a server over HTTP: adopting, racing others, and what each answer of
the server's comes to."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from helpdesk.directory.base import (
    Directory,
    DirectoryBusy,
    DirectoryRefused,
    HandedOver,
    NewAccount,
    Owner,
)
from helpdesk.directory.scim import user
from helpdesk.directory.scim.directory import TRIES, ScimDirectory
from tests.support.fakes import FakeDirectory
from tests.support.scim import HMIS, LEVEL, LOCKED, TOKEN, UNTIL, Mishap, ScimServer
from tests.support.smtp import free_port

UNTIL_DAY = date(2027, 11, 23)
ANN = NewAccount(
    "ann.lee", "Ann", "Lee", "ann@agency.example", UNTIL_DAY, access_level="Case Manager I"
)


def make(server: ScimServer, by_hand: Directory | None = None, **changes: Any) -> ScimDirectory:
    return ScimDirectory(server.settings(**changes), by_hand or FakeDirectory())


@pytest.fixture
def directory(scim_server: ScimServer) -> ScimDirectory:
    return make(scim_server)


@pytest.fixture
def ann(directory: ScimDirectory, scim_server: ScimServer) -> str:
    directory.create("key-1", ANN)
    scim_server.asked.clear()
    return ANN.username


def scim_error(status: str, detail: str, **more: Any) -> Mishap:
    body = json.dumps({"status": status[:3], "detail": detail, "scimType": "invalidValue"})
    return Mishap(status, body=body.encode(), **more)


class TestCreating:
    def test_a_new_user_has_all_that_is_known(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        directory.create("ticket:7:4:2", ANN)
        user = scim_server.users["ann.lee"]
        assert user["externalId"] == "ticket:7:4:2"
        assert user["name"] == {"givenName": "Ann", "familyName": "Lee"}
        assert user["emails"] == [{"value": ANN.email, "type": "work", "primary": True}]
        assert user["active"] is True
        assert user[HMIS]["accessLevel"] == "Case Manager I"
        assert "password" not in scim_server.asked[-1].body
        known = directory.look_up("ann.lee")
        assert known is not None
        assert (known.until, known.name, known.email) == (UNTIL_DAY, "Ann Lee", ANN.email)

    def test_it_is_looked_for_before_it_is_made(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        directory.create("key-1", ANN)
        assert scim_server.methods() == ["GET", "GET", "POST"]
        assert "externalId" in scim_server.asked[0].query
        assert "userName" in scim_server.asked[1].query

    def test_an_answer_that_was_lost_makes_no_second_user(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        scim_server.plan = [Mishap("503 Service Unavailable", after=True, method="POST")]
        with pytest.raises(DirectoryBusy):
            directory.create("key-1", ANN)
        assert list(scim_server.users) == ["ann.lee"]
        directory.create("key-1", ANN)
        assert scim_server.methods().count("POST") == 1

    def test_its_own_user_is_found_under_another_name(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        scim_server.change(ann, {"userName": "ann.brown"})
        directory.create("key-1", ANN)
        assert list(scim_server.users) == ["ann.brown"]

    def test_one_who_came_in_between_is_adopted(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        email = [{"value": ANN.email}]
        late = lambda: scim_server.add("ann.lee", active=False, emails=email)  # noqa: E731
        scim_server.plan = [Mishap("", method="POST", before=late)]
        directory.create("key-1", ANN)
        assert scim_server.users["ann.lee"]["active"] is True
        assert len(scim_server.users) == 1

    def test_somebody_elses_user_is_left_alone(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        scim_server.add("ann.lee", active=False, emails=[{"value": "ann.leeson@other.example"}])
        with pytest.raises(DirectoryRefused, match="another email address"):
            directory.create("key-1", ANN)
        assert scim_server.users["ann.lee"]["active"] is False

    def test_something_else_that_is_taken_is_said(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        scim_server.plan = [Mishap("409 Conflict", method="POST")]
        with pytest.raises(DirectoryRefused, match="such as the email"):
            directory.create("key-1", ANN)

    def test_a_password_is_set_only_where_the_site_says_so_and_never_the_same(
        self, scim_server: ScimServer
    ) -> None:
        directory = make(scim_server, sets_passwords=True)
        directory.create("key-1", ANN)
        first = scim_server.asked[-1].body["password"]
        directory.unlock("key-2", "ann.lee")
        second = {op["path"]: op["value"] for op in scim_server.asked[-1].body["Operations"]}
        assert len({first, second["password"]}) == 2
        assert min(len(first), len(second["password"])) >= 40

    def test_where_nothing_carries_end_or_level_they_are_not_sent(
        self, scim_server: ScimServer
    ) -> None:
        directory = make(scim_server, until="", access_level="", locked="")
        directory.create("key-1", ANN)
        assert scim_server.asked[-1].body["schemas"] == [
            "urn:ietf:params:scim:schemas:core:2.0:User"
        ]
        known = directory.look_up("ann.lee")
        assert known is not None
        assert not known.tells_end

    @pytest.mark.parametrize("name", ['o"brien', "back\\slash", "ann lee", "zoë", "a+b%20c&d"])
    def test_no_name_gets_out_of_its_filter(
        self, directory: ScimDirectory, scim_server: ScimServer, name: str
    ) -> None:
        directory.create("key-1", NewAccount(name, "Ann", "Lee", None))
        known = directory.look_up(name)
        assert known is not None
        assert known.username == name


class TestChanging:
    def test_what_is_so_already_is_not_sent(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        directory.reactivate("key-2", ann)
        directory.unlock("key-3", ann)
        assert scim_server.methods() == ["GET", "GET", "PATCH"]  # nobody had said it is not locked

    def test_a_change_names_the_version_it_was_made_on(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        version = scim_server.users[ann]["meta"]["version"]
        directory.deactivate("key-2", ann)
        assert scim_server.asked[-1].headers["If-Match"] == version

    def test_a_user_whom_somebody_changed_meanwhile_is_read_again(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        meanwhile = lambda: scim_server.change(ann, {"title": "Director"})  # noqa: E731
        scim_server.plan = [Mishap("", method="PATCH", before=meanwhile)]
        directory.deactivate("key-2", ann)
        assert scim_server.methods() == ["GET", "PATCH", "GET", "PATCH"]
        user = scim_server.users[ann]
        assert (user["active"], user["title"]) == (False, "Director")

    def test_one_who_is_changed_all_the_time_has_to_wait(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        scim_server.plan = [Mishap("412 Precondition Failed", method="PATCH")] * TRIES
        with pytest.raises(DirectoryBusy, match="by somebody else"):
            directory.deactivate("key-2", ann)

    def test_one_who_is_removed_meanwhile_is_looked_for_again(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        scim_server.plan = [Mishap("404 Not Found", method="PATCH")]
        with pytest.raises(DirectoryBusy, match="removed"):
            directory.deactivate("key-2", ann)

    def test_deleting_whom_somebody_has_just_deleted_is_no_error(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        scim_server.plan = [Mishap("404 Not Found", method="DELETE")]
        directory.delete("key-2", ann)
        assert scim_server.plan == []

    @pytest.mark.parametrize("answer", ["503 Service Unavailable", "502 Bad Gateway"])
    def test_a_deletion_whose_answer_was_lost_is_done(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str, answer: str
    ) -> None:
        scim_server.plan = [Mishap(answer, after=True, method="DELETE")]
        with pytest.raises(DirectoryBusy):
            directory.delete("key-2", ann)
        directory.delete("key-2", ann)
        assert ann not in scim_server.users

    def test_an_end_is_the_last_second_of_the_desks_day(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        directory.extend("key-2", ann, date(2028, 7, 4))
        (operation,) = scim_server.asked[-1].body["Operations"]
        assert operation == {"op": "replace", "path": UNTIL, "value": "2028-07-04T23:59:59-04:00"}
        known = directory.look_up(ann)
        assert known is not None
        assert known.until == date(2028, 7, 4)

    def test_what_is_not_offered_is_done_by_hand(self, scim_server: ScimServer, ann: str) -> None:
        class Hands(FakeDirectory):
            def unlock(self, key: str, username: str) -> None:
                raise HandedOver(f"{key} {username}")

        with pytest.raises(HandedOver, match=f"key-2 {ann}"):
            make(scim_server, Hands(), locked="").unlock("key-2", ann)


class TestAnswers:
    @pytest.mark.parametrize(
        "status",
        ["408 Request Timeout", "429 Too Many Requests", "500 Internal Server Error",
         "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"],
    )  # fmt: skip
    def test_what_passes_is_tried_again(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str, status: str
    ) -> None:
        scim_server.plan = [Mishap(status, method="PATCH")]
        with pytest.raises(DirectoryBusy, match=status[:3]):
            directory.deactivate("key-2", ann)

    @pytest.mark.parametrize(
        "status",
        ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "409 Conflict",
         "413 Content Too Large", "422 Unprocessable", "501 Not Implemented"],
    )  # fmt: skip
    def test_what_never_will_is_refused_in_the_servers_words(
        self, directory: ScimDirectory, scim_server: ScimServer, status: str
    ) -> None:
        scim_server.plan = [scim_error(status, "No such\n\x00attribute.")]
        with pytest.raises(DirectoryRefused) as refused:
            directory.look_up("ann.lee")
        words = f"The directory answered {status[:3]}: invalidValue No such attribute."
        assert str(refused.value) == words

    @pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary"])
    def test_a_redirect_is_not_followed(
        self, directory: ScimDirectory, scim_server: ScimServer, status: str
    ) -> None:
        scim_server.plan = [Mishap(status, headers={"Location": scim_server.url + "/Elsewhere"})]
        with pytest.raises(DirectoryRefused, match="where we don’t go"):
            directory.look_up("ann.lee")
        assert len(scim_server.asked) == 1

    @pytest.mark.parametrize(
        ("told", "wait"),
        [("7", timedelta(seconds=7)), ("0", timedelta()), ("soon", None), ("-5", None),
         ("999999999999", timedelta(days=1)), ("", None)],
    )  # fmt: skip
    def test_how_long_to_wait_is_the_servers_word(
        self, directory: ScimDirectory, scim_server: ScimServer, told: str, wait: timedelta | None
    ) -> None:
        scim_server.plan = [Mishap("429 Too Many Requests", headers={"Retry-After": told})]
        with pytest.raises(DirectoryBusy) as busy:
            directory.look_up("ann.lee")
        assert busy.value.wait == wait

    def test_it_may_be_a_moment(self, directory: ScimDirectory, scim_server: ScimServer) -> None:
        moment = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
        scim_server.plan = [Mishap("503 Busy", headers={"Retry-After": moment})]
        with pytest.raises(DirectoryBusy) as busy:
            directory.look_up("ann.lee")
        assert busy.value.wait is not None
        assert timedelta(minutes=4) < busy.value.wait <= timedelta(minutes=5)

    @pytest.mark.parametrize(
        "body",
        [b"<html>", b"[1]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"x" * (3 * 1024 * 1024)],
        ids=["html", "list", "text", "bytes", "deep", "long"],
    )
    def test_an_answer_that_makes_no_sense_is_no_answer(
        self, directory: ScimDirectory, scim_server: ScimServer, body: bytes
    ) -> None:
        scim_server.plan = [Mishap("200 OK", body=body)]
        with pytest.raises(DirectoryBusy):
            directory.look_up("ann.lee")

    @pytest.mark.parametrize("found", [None, 7, "ann.lee", [7, None, {}], [{"userName": 7}]])
    def test_odd_results_find_nobody(
        self, directory: ScimDirectory, scim_server: ScimServer, found: object
    ) -> None:
        body = json.dumps({"totalResults": "many", "Resources": found}).encode()
        scim_server.plan = [Mishap("200 OK", body=body)]
        assert directory.look_up("ann.lee") is None

    def test_a_server_that_ignores_the_filter_changes_nobody_else(
        self, directory: ScimDirectory, scim_server: ScimServer, ann: str
    ) -> None:
        everybody = {"Resources": [{"id": "1", "userName": "bea.ray"}, scim_server.users[ann]]}
        scim_server.plan = [Mishap("200 OK", body=json.dumps(everybody, default=str).encode())]
        directory.deactivate("key-2", ann)
        assert scim_server.users[ann]["active"] is False

    def test_two_of_one_name_are_for_a_person_to_sort_out(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        twins = {"Resources": [{"id": n, "userName": "Ann.Lee"} for n in ("1", "2")]}
        scim_server.plan = [Mishap("200 OK", body=json.dumps(twins).encode())]
        with pytest.raises(DirectoryRefused, match="several users"):
            directory.deactivate("key-2", "ann.lee")

    def test_nobody_at_home_is_tried_again(self, scim_server: ScimServer) -> None:
        away = make(scim_server, url=f"http://127.0.0.1:{free_port()}/v2")
        with pytest.raises(DirectoryBusy, match="did not answer"):
            away.look_up("ann.lee")

    def test_the_token_goes_with_each_call_and_into_no_words(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        make(scim_server).look_up("ann.lee")
        assert scim_server.asked[-1].headers["Authorization"] == f"Bearer {TOKEN}"
        wrong = make(scim_server, token="a wrong one")
        with pytest.raises(DirectoryRefused, match="401") as refused:
            wrong.look_up("ann.lee")
        for words in (str(refused.value), repr(wrong.settings), repr(directory.wire._caller())):
            assert TOKEN not in words
            assert "a wrong one" not in words


class TestListing:
    def test_every_user_is_listed_once_over_all_pages(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        for number in range(230):
            scim_server.add(f"person.{number}", active=number % 2 == 0)
        found = list(directory.listing())
        assert len(found) == len({account.username for account in found}) == 230
        assert sum(account.active for account in found) == 115
        assert scim_server.methods() == ["GET"] * 3

    def test_a_server_that_does_not_say_how_many_there_are_is_asked_until_a_page_is_empty(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        pages = [[{"id": "1", "userName": "ann"}], [{"id": "2", "userName": "bea"}], []]
        scim_server.plan = [Mishap("200 OK", body=json.dumps({"Resources": found}).encode())
                            for found in pages]  # fmt: skip
        assert [account.username for account in directory.listing()] == ["ann", "bea"]

    def test_a_server_that_gives_one_page_again_and_again_is_left(
        self, directory: ScimDirectory, scim_server: ScimServer
    ) -> None:
        page = json.dumps({"totalResults": 500, "Resources": [{"id": "1", "userName": "ann"}]})
        scim_server.plan = [Mishap("200 OK", body=page.encode())] * 5
        assert [account.username for account in directory.listing()] == ["ann"]
        assert len(scim_server.asked) == 2


CHANGES: dict[str, Callable[[ScimDirectory], None]] = {
    "unlock": lambda directory: directory.unlock("key-2", "ann.lee"),
    "extend": lambda directory: directory.extend("key-2", "ann.lee", UNTIL_DAY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_attributes_of_extensions_are_written_where_they_are_read(
    scim_server: ScimServer, change: str
) -> None:
    directory = make(scim_server)
    scim_server.add("ann.lee", **{HMIS: {"locked": True}})
    CHANGES[change](directory)
    paths = [op["path"] for op in scim_server.asked[-1].body["Operations"]]
    assert paths == ([LOCKED] if change == "unlock" else ["active", UNTIL])
    assert LEVEL not in paths


def test_a_correction_replaces_the_primary_address_and_leaves_further_ones() -> None:
    home, work = {"value": "ann@home.example", "type": "home"}, {"value": "a@b.c", "primary": True}
    changes = user.owned_by({"emails": [home, work]}, Owner("Ann", "Lee", "ann.lee@agency.example"))
    right = {"value": "ann.lee@agency.example", "type": "work", "primary": True}
    assert changes["emails"] == [right, home]
    assert "emails" not in user.owned_by({"emails": [work]}, Owner("Ann", "Lee", "A@b.c"))
