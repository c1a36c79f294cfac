"""Lists of people to recertify, as CSV from wherever they were kept."""

from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.services.bulks.lists import MOST_NOTES, InHand, List, read_list
from helpdesk.services.bulks.people import members
from helpdesk.services.facts import today
from helpdesk.services.imports.sources import CannotRead
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.bulks import expired, lately
from workflows.training import STANDARD, Purpose


def told(by: factories.Cast, text: str, encoding: str = "utf-8") -> List:
    courses = STANDARD.asked(Purpose.YEARLY)
    held = members(db.session(), [by.agency.id])
    return read_list(InHand("people.csv", text.encode(encoding)), held, courses)


def test_headers_are_named_as_people_name_them(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    day, name = lately(), (ann.username or "").upper()
    found = told(cast, "Login;basic_privacy;POLICY & PROCEDURE - date completed\n"
                       f"{name};{day};{day}\n", "utf-16")  # fmt: skip
    iso = day.isoformat()
    assert found == List({ann.id: {"basic_privacy": iso, "policy_procedure": iso}})


def test_whoever_is_listed_without_days_is_taken_in_all_the_same(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    assert told(cast, f"name,email\nAnn,{ann.email}\n") == List({ann.id: {}})


@pytest.mark.parametrize(("cell", "score", "why"), [
    ("soon", "", "“soon” is no day"),
    ("02/30/2026", "", "“02/30/2026” is no day"),
    ("06/01/2026", "79.5", "79.5 % is less than the 80 % it takes"),
])  # fmt: skip
def test_a_day_that_cant_be_is_left_out_and_said(
    cast: factories.Cast, cell: str, score: str, why: str
) -> None:
    (ann,) = expired(cast.agency)
    found = told(cast, "email,basic_privacy,basic_privacy score\n"
                       f"{ann.email},{cell},{score}\n")  # fmt: skip
    (note,) = found.notes
    assert found.days == {ann.id: {}}
    assert note.startswith(f"Line 2: Basic Privacy & Security: {why}")


def test_a_day_to_come_is_left_out(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    tomorrow = today() + timedelta(days=1)
    found = told(cast, f"email,basic_privacy\n{ann.email},{tomorrow}\n")
    assert (found.days, len(found.notes)) == ({ann.id: {}}, 1)


def test_an_address_that_two_share_names_neither(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    with transaction() as session:
        session.merge(bea).email = ann.email
        session.flush()
    found = told(cast, f"email,basic_privacy\n{ann.email},\n")
    assert found.days == {}
    assert found.notes == [f"Line 2: “{ann.email}” is nobody among these people."]


def test_nobody_of_another_agency_is_taken_in(cast: factories.Cast) -> None:
    (stranger,) = expired(factories.agency())
    assert told(cast, f"username,x\n{stranger.username},\n").days == {}


def test_a_torn_line_spoils_nothing_else_and_a_long_tale_is_cut_short(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    strangers = "".join(f"stranger.{number},\n" for number in range(MOST_NOTES + 5))
    found = told(cast, f'username,x\n"torn,\n{ann.username},\n{strangers}')
    assert list(found.days) == [ann.id]
    assert found.notes[0] == "Line 2: Its quotation marks do not pair up."
    assert found.notes[MOST_NOTES:] == ["And 6 more lines."]


@pytest.mark.parametrize("text", ["", "only one column\nx\n", "a,b\n1,2\n"])
def test_what_is_no_list_of_people_is_refused(cast: factories.Cast, text: str) -> None:
    with pytest.raises(CannotRead):
        told(cast, text)


def test_somebody_who_is_listed_twice_is_said(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    day, later = lately(), lately() + timedelta(days=1)
    same = f"{ann.username},{day}\n"
    found = told(cast, f"username,basic_privacy\n{same}{same}{ann.username},{later}\n")
    assert found.days == {ann.id: {"basic_privacy": later.isoformat()}}
    assert found.notes == [
        "Line 4: This person is listed before with other dates. The later ones count."
    ]
