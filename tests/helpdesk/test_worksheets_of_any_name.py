"""Worksheets for people and courses whatever they are called."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.document import Document
from helpdesk.models.reading import How, Value
from helpdesk.models.reading import Reading as Kept
from helpdesk.services import grids, worksheets
from helpdesk.services.facts import today
from helpdesk.worksheets.letters import LARGEST
from helpdesk.worksheets.make import BY_HAND, Filled, make
from helpdesk.worksheets.read import Reading, read
from tests import factories
from tests.support.worksheets import LACKING, Way, flattened, shrunk
from workflows.checking import Verdict
from workflows.grid_rules import LONGEST_LABEL
from workflows.papers import RECERTIFICATION_WORKSHEET
from workflows.training import STANDARD, Course
from workflows.worksheets import NEW_USER, RECERTIFICATION


def read_back(known: dict[str, str], *courses: str) -> Reading:
    return read(make(RECERTIFICATION, Filled(known, courses, "ABCD-EFGH")))


def text(reading: Reading, blank: str) -> str:
    return reading.values[blank].text


NAMES = {
    "Polish": "Łukasz Żak", "Vietnamese": "Nguyễn Thị Ngọc Ánh", "Turkish": "İpek Çağlayan Şığ",
    "Yoruba": "Ọlúwaṣeun Adébáyo", "Romanian": "Țuțea Ștefan", "Greek": "Ελένη Παπαδοπούλου",
    "Russian": "Иван Петров", "Ukrainian": "Ґалаґан Їжакевич", "Serbian": "Ђорђе Љубичић",
    "Armenian": "Արամ Խաչատրյան",
}  # fmt: skip


@pytest.mark.parametrize("way", [bytes, flattened, shrunk], ids=lambda way: str(way.__name__))
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_printed_and_read_back(name: str, way: Way) -> None:
    found = read(way(make(RECERTIFICATION, Filled({"name": name}, ["Privacy"], "ABCD-EFGH"))))
    assert text(found, "name") == name


def test_a_letter_with_its_accent_apart_is_printed_as_one() -> None:
    assert text(read_back({"name": "Nguye\u0302\u0303n Jose\u0301"}), "name") == "Nguyễn José"


@pytest.mark.parametrize("name", LACKING)
def test_a_name_that_cannot_be_printed_is_left_to_a_hand_and_the_paper_says_so(name: str) -> None:
    data = make(RECERTIFICATION, Filled({"name": name, "username": "lzak"}))
    found = read(data)
    assert found.fault is None
    assert (text(found, "name"), text(found, "username")) == ("", "lzak")
    words = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert f"Legal first and last name – {BY_HAND}" in words
    assert words.count(BY_HAND) == 1


def test_what_is_too_long_to_be_printed_is_typed_in_already_if_it_can_be() -> None:
    known = {"agency": "São José House of the East Side " * 3, "email": "o’brien@" + "x" * 90}
    found = read(make(NEW_USER, Filled(known)))
    assert text(found, "agency") == known["agency"].strip()
    assert text(found, "email") == ""


@pytest.mark.parametrize("label", ["W" * LONGEST_LABEL, "Ünïcode – “quoted” café’s €", "Short"])
def test_a_course_is_read_back_as_it_was_printed(label: str) -> None:
    found = read_back({}, label, "The next one")
    assert (text(found, "course1.name"), text(found, "course2.name")) == (label, "The next one")
    assert text(found, "course1.day") == ""
    assert found.values["course1.name"].box.height > LARGEST


PRIVACY, POLICY, *_rest = STANDARD.courses


def listing(*labels: str) -> Document:
    """A worksheet with these courses, each completed a week ago."""
    told = {"name": "Ann Lee"}
    for line, label in enumerate(labels, 1):
        told |= {f"course{line}.name": label,
                 f"course{line}.day": f"{today() - timedelta(days=7):%m/%d/%Y}",
                 f"course{line}.score": "92"}  # fmt: skip
    reading = Kept(How.FIELDS, "HAND-RC", 1, values={name: Value(it) for name, it in told.items()})
    return Document(id=1, kind=RECERTIFICATION_WORKSHEET, reading=reading)


def counting(document: Document, *courses: Course) -> set[str]:
    """The courses that pass on it, by their names."""
    asked = worksheets.Asked("Ann Lee", today(), courses=courses)
    found = worksheets.judged(document, asked)
    assert found is not None
    right = {check.name.removeprefix("course_") for check in found.having(Verdict.PASS)
             if check.name.startswith("course_")}  # fmt: skip
    assert right == set(found.learned)
    return right


@pytest.fixture
def manager(cast: factories.Cast) -> Actor:
    return factories.staff(manager=True)


def renamed(course: Course, label: str, by: Actor) -> Course:
    after, seen = replace(course, label=label), grids.editions(db.session()).newest
    grids.save(grids.Plan(today(), (after, POLICY), "It has a new name.", seen), by)
    return after


def test_what_was_printed_before_a_course_got_its_name_still_counts(manager: Actor) -> None:
    before = listing(PRIVACY.label, POLICY.label)
    after = renamed(PRIVACY, "Privacy for All", manager)
    assert counting(before, after, POLICY) == {PRIVACY.name, POLICY.name}
    assert counting(listing("Privacy for all"), after, POLICY) == {PRIVACY.name}
    assert counting(listing("Another"), after, POLICY) == set()


def test_todays_name_of_a_course_counts_before_an_earlier_one_of_another(manager: Actor) -> None:
    renamed(PRIVACY, "Privacy for All", manager)
    taken = Course("new_one", PRIVACY.label)
    assert counting(listing(PRIVACY.label), taken) == {"new_one"}
